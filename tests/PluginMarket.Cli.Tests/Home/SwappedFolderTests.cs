using System.Diagnostics;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>The owner of a home exchanges a folder of it for a link to a folder of root's, again and again, while root works
/// there.</summary>
[Trait("Category", "Slow")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SwappedFolderTests : IDisposable
{
    private const string Perl = "/usr/bin/perl";
    private const string Unshare = "/usr/bin/unshare";

    // The time of the whole test is bounded by what it does, not by a clock: 14 places, 4 rounds and 6 commands.
    private const int Rounds = 4;

    private static readonly string[] Places =
    [
        "plugins", "plugins/cache", "plugins/cache/shop", "plugins/cache/shop/tool", "plugins/cache/shop/tool/local",
        "plugins/.pluginmarket", "plugins/.pluginmarket/staging", "plugins/.pluginmarket/trash", "plugins/.pluginmarket/receipts",
        "plugins/.pluginmarket/receipts/shop", "plugins/.pluginmarket/kept", "plugins/data", ".tmp", ".tmp/marketplaces",
    ];

    private static readonly string[][] Commands =
    [
        ["add", "tool@shop", "--reinstall"], ["disable", "tool@shop"], ["update"], ["apply", "--file", "STATE"], ["repair", "tool@shop"],
        ["remove", "tool@shop"],
    ];

    private readonly CliRun _run = new();

    public SwappedFolderTests() => Assert.SkipWhen(OtherUser.Missing is not null, OtherUser.Missing ?? "");

    public void Dispose() => _run.Dispose();

    public static TheoryData<string> Folders() => [.. Places];

    public static TheoryData<string> Mounts() => [.. Places.Where((_, index) => index % 2 == 1)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_that_becomes_a_link_while_root_works_leads_nothing_out(string place)
    {
        Assert.SkipUnless(File.Exists(Perl) && (File.Exists("/lib64/ld-linux-x86-64.so.2")
            || File.Exists("/lib/ld-linux-aarch64.so.1")), "perl, which makes the system call that exchanges two names, is not installed.");
        var victim = Prepare();
        var path = Path.Join(_run.CodexHome, place);
        var link = Path.Join(_run.Home, "swapped");
        Directory.CreateDirectory(path);
        File.CreateSymbolicLink(link, Path.Join(victim, place));
        OtherUser.Own(_run.Home);
        var before = OtherUser.Snapshot(victim);

        var done = 0;
        using var swapper = Swap(path, link);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var command in Commands)
                {
                    var (exitCode, output, error) = _run.Run(
                        [.. command.Select(word => word.Replace("STATE", Path.Join(_run.Folder, "state.json"), StringComparison.Ordinal))]);
                    Assert.DoesNotContain("fault of PluginMarket", error, StringComparison.Ordinal);
                    done += exitCode == 0 ? 1 : 0;
                    using (new Pause(swapper, path, link))
                    {
                        Assert.Equal(before, OtherUser.Snapshot(victim));
                        if (exitCode == 0)
                        {
                            AssertDone(command, output);
                        }
                    }
                }
            }
        }
        finally
        {
            swapper.Kill();
            swapper.WaitForExit();
        }

        Assert.Equal(before, OtherUser.Snapshot(victim));
        Assert.Empty(OtherUser.NotOwned(_run.Home));
        TestContext.Current.TestOutputHelper?.WriteLine($"{place}: {done} of {Rounds * Commands.Length} commands succeeded.");
    }

    [Theory]
    [MemberData(nameof(Mounts))]
    public void A_folder_of_roots_that_is_mounted_in_the_home_is_not_changed(string place)
    {
        Assert.SkipUnless(File.Exists(Unshare), "unshare, which makes a mount of its own, is not installed.");
        var victim = Prepare();
        Directory.CreateDirectory(Path.Join(_run.CodexHome, place));
        OtherUser.Own(_run.Home);
        var before = OtherUser.Snapshot(victim);

        var commands = string.Join("; ", Commands.Where(command => command[0] is "add" or "apply" or "remove").Select(command =>
            $"dotnet \"$1\" {string.Join(' ', command)} --codex-home \"$2\" --home \"$3\" >>errors 2>&1; echo $?")
            .Select(command => command.Replace("STATE", "\"$6\"", StringComparison.Ordinal)));
        var start = new ProcessStartInfo(Unshare, ["-m", "--propagation", "private", "sh", "-c",
            $"mount --bind \"$4\" \"$5\" || exit 9; {commands}", "sh", Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"),
            _run.CodexHome, _run.Home, Path.Join(victim, place), Path.Join(_run.CodexHome, place), Path.Join(_run.Folder, "state.json")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _run.Folder,
        };
        using var process = Process.Start(start)!;
        var codes = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == 9, "Folders cannot be mounted here.");

        Assert.DoesNotContain("fault of PluginMarket", File.ReadAllText(Path.Join(_run.Folder, "errors")), StringComparison.Ordinal);
        Assert.Equal(before, OtherUser.Snapshot(victim));
        Assert.Empty(OtherUser.NotOwned(_run.Home));
        if (place.StartsWith("plugins/cache", StringComparison.Ordinal) || place == "plugins")
        {
            Assert.Equal("1\n1\n", codes.Replace("4\n", "1\n", StringComparison.Ordinal)[..4]);
        }
    }

    // A home in which every command has something to do, and a victim with the same folders, which root could write to.
    private string Prepare()
    {
        var shop = _run.Marketplace("shop", "tool");
        _run.Write("state.json", """
            {"format":1,"id":"dev","revision":"7","marketplaces":{"shop":{"source":"./shop"}},"plugins":[{"id":"tool@shop"}]}
            """);
        OtherUser.Own(_run.Home);
        foreach (var command in new string[][] { ["marketplace", "add", shop], ["add", "tool@shop"] })
        {
            Assert.Equal(0, _run.Run(command).ExitCode);
        }

        foreach (var place in Places)
        {
            _run.Write($"victim/{place}/thesis.txt", "x");
        }

        return Path.Join(_run.Folder, "victim");
    }

    private static Process Swap(string path, string link)
    {
        const string Loop = "my $call = `uname -m` =~ /x86_64/ ? 316 : 276; while (1) { syscall($call, -100, $ARGV[0], -100, $ARGV[1], 2) }";
        return Process.Start("/usr/bin/setpriv", ["--reuid", $"{OtherUser.Id}", "--regid", $"{OtherUser.Id}", "--clear-groups", Perl,
            "-e", Loop, path, link]);
    }

    // Success is a claim about the home, which is judged when the folder has its own name again.
    private void AssertDone(string[] command, string output)
    {
        var plugin = Path.Join(_run.CodexHome, "plugins/cache/shop/tool/local/.codex-plugin/plugin.json");
        var config = File.ReadAllText(Path.Join(_run.CodexHome, "config.toml"));
        switch (command[0])
        {
            case "add" or "apply":
                Assert.True(File.Exists(plugin), output);
                Assert.Contains("tool@shop", config, StringComparison.Ordinal);
                Assert.DoesNotContain("enabled = false", config, StringComparison.Ordinal);
                break;
            case "disable":
                Assert.Contains("enabled = false", config, StringComparison.Ordinal);
                break;
            case "repair":
                Assert.True(File.Exists(plugin), output);
                break;
            case "remove":
                Assert.DoesNotContain("tool@shop", config, StringComparison.Ordinal);
                Assert.False(Directory.Exists(Path.Join(_run.CodexHome, "plugins/cache/shop/tool")), output);
                break;
        }
    }

    /// <summary>The owner's program stands still, and the folder has its name.</summary>
    private readonly ref struct Pause
    {
        private readonly Process _swapper;

        internal Pause(Process swapper, string path, string link)
        {
            _swapper = swapper;
            Signal("-STOP");
            while (!File.ReadAllText($"/proc/{swapper.Id}/stat").Contains(") T ", StringComparison.Ordinal))
            {
                Thread.Yield();
            }

            if (FileOps.Default.Kind(path) == FileKind.SymbolicLink && FileOps.Default.Kind(link) == FileKind.Directory)
            {
                FileOps.Default.Exchange(path, link);
            }
        }

        public void Dispose() => Signal("-CONT");

        private void Signal(string signal)
        {
            using var kill = Process.Start("/usr/bin/kill", [signal, $"{_swapper.Id}"]);
            kill.WaitForExit();
        }
    }
}
