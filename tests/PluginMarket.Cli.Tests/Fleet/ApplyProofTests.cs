using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What applying a state again, and checking it, does to the disk: the kernel says it, not the program.</summary>
[Trait("Category", "Slow")]
public sealed partial class ApplyProofTests
{
    private const int Plugins = 20;
    private const string Strace = "/usr/bin/strace";
    private const string Unshare = "/usr/bin/unshare";

    // Calls that change a folder or a file whatever their arguments are.
    private static readonly HashSet<string> Changing = new(StringComparer.Ordinal)
    {
        "creat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat", "link", "linkat",
        "symlink", "symlinkat", "truncate", "ftruncate", "fallocate", "chmod", "fchmod", "fchmodat", "chown", "lchown", "fchown",
        "fchownat", "utimensat", "setxattr", "fsetxattr", "removexattr", "write", "pwrite64", "writev", "pwritev", "pwritev2",
        "copy_file_range", "sendfile", "fsync", "fdatasync", "syncfs",
    };

    [Fact]
    public void A_second_run_and_a_check_change_nothing_below_the_home()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed.");
        using var cli = Machine();
        var first = Trace(cli, 0, "apply", "--file", "state.json");
        var second = Trace(cli, 0, "apply", "--file", "state.json");
        var check = Trace(cli, 0, "apply", "--file", "state.json", "--check");
        cli.Run("disable", "p1@tools");
        File.AppendAllText(Assert.Single(Directory.GetFiles(Path.Join(cli.CodexHome, "plugins", "cache", "tools", "p2"), "plugin.json",
            SearchOption.AllDirectories)), "\n");
        var drifted = Trace(cli, 3, "apply", "--file", "state.json", "--check");

        Assert.NotEmpty(first.Changes);
        Assert.Empty(second.Changes);
        Assert.Empty(check.Changes);
        Assert.Empty(drifted.Changes);
    }

    [Fact]
    public void A_second_run_makes_few_of_the_first_one_s_calls()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed.");
        using var cli = Machine();
        var first = Trace(cli, 0, "apply", "--file", "state.json");
        var second = Trace(cli, 0, "apply", "--file", "state.json");

        // Changing the disk and waiting for it is what takes the time of the first run.
        Assert.True(second.Changes.Count * 10 <= first.Changes.Count, $"{second.Changes.Count} of {first.Changes.Count}");
        Assert.True(second.Calls * 2 <= first.Calls, $"{second.Calls} of {first.Calls}");
    }

    [Fact]
    public void A_check_answers_the_same_where_the_home_cannot_be_written()
    {
        Assert.SkipUnless(File.Exists(Unshare), "unshare, which makes a mount of its own, is not installed.");
        Assert.SkipUnless(FileOps.Default.IsRoot, "Only root can mount a folder read-only.");
        using var cli = Machine();
        string[] check = ["apply", "--file", "state.json", "--check", "--format", "json"];
        foreach (var prepare in new[]
        {
            (Action)(() => { }),
            () => cli.Run("apply", "--file", "state.json"),
            () => cli.Run("disable", "p1@tools"),
            () => Directory.Delete(Path.Join(cli.CodexHome, "plugins", "cache", "tools", "p2"), recursive: true),
            () => cli.Write("state.json", State().Replace("\"revision\":\"1\"", "\"revision\":\"2\"", StringComparison.Ordinal)
                .Replace("""{"id":"p3@tools","version":"1.0.0"}""", """{"id":"p3@tools","version":"2.0.0"}""", StringComparison.Ordinal)),
            () => cli.Run("marketplace", "remove", "tools"),
        })
        {
            prepare();
            var writable = cli.Run(check);
            var (code, output) = Start(cli, Unshare, ["-m", "--propagation", "private", "sh", "-c",
                "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && ! touch \"$0/probe\" 2>/dev/null && exec \"$@\"",
                cli.CodexHome, .. Program(cli, check)]);

            Assert.Equal(writable.ExitCode, code);
            Assert.Equal(Items(writable.Output), Items(output));
        }
    }

    private static CliRun Machine()
    {
        var cli = new CliRun();
        cli.Marketplace("tools", [.. Enumerable.Range(0, Plugins).Select(number => $"p{number}")]);
        cli.Write("state.json", State());
        return cli;
    }

    private static string State() => $$"""
        {"format":1,"id":"dev","revision":"1","marketplaces":{"tools":{"source":"./tools"} },
         "plugins":[{{string.Join(',', Enumerable.Range(0, Plugins).Select(number => $$"""{"id":"p{{number}}@tools","version":"1.0.0"}"""))}}]}
        """;

    private static string[] Items(string output)
    {
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("planned")} {item.GetProperty("id")} {item.GetProperty("status")} {item.GetProperty("error")}")];
    }

    private static string[] Program(CliRun cli, string[] arguments) =>
        ["dotnet", Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"), .. arguments, "--codex-home", cli.CodexHome, "--home", cli.Home];

    // The calls that name something in the home, and those of them that change it.
    private static (int Calls, List<string> Changes) Trace(CliRun cli, int code, params string[] arguments)
    {
        var log = Path.Join(cli.Folder, "trace");
        var (ended, _) = Start(cli, Strace, ["-f", "-y", "-s", "256", "-e", "signal=none", "-o", log, .. Program(cli, arguments)]);
        Assert.Equal(code, ended);
        var calls = File.ReadLines(log).Select(line => Call().Match(line)).Where(match => match.Success
            && match.Groups[2].Value.Contains(cli.CodexHome, StringComparison.Ordinal)).ToList();
        return (calls.Count, [.. calls.Where(Changes).Select(match => match.Value)]);
    }

    private static bool Changes(Match call) => Changing.Contains(call.Groups[1].Value)
        || (call.Groups[1].Value is "open" or "openat" or "openat2" && OpenToWrite().IsMatch(call.Groups[2].Value));

    private static (int Code, string Output) Start(CliRun cli, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = cli.Folder,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        error.GetAwaiter().GetResult();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^\d+ +([a-z_0-9]+)\((.*)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")]
    private static partial Regex OpenToWrite();
}
