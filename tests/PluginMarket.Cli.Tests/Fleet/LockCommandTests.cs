using System.Diagnostics;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary><c>lock</c>, <c>restore</c> and <c>verify</c>, as a script uses them.</summary>
[Trait("Category", "Slow")]
public sealed class LockCommandTests
{
    [Fact]
    public void Lock_restore_verify()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha", "beta"));
        cli.Run("add", "alpha@tools", "--cache-version", "manifest");
        cli.Run("add", "beta@tools", "--cache-version", "manifest");

        var locked = cli.Run("lock", "--lock-file", "my.lock.json");
        Assert.Equal((0, $"Locked 2 plugins in {Path.Join(cli.Folder, "my.lock.json")}.\n"), (locked.ExitCode, locked.Output));
        Assert.False(cli.Json("lock", "--lock-file", "my.lock.json").GetProperty("changed").GetBoolean());
        Assert.Equal(0, cli.Run("verify").ExitCode);
        Assert.Equal(0, cli.Run("verify", "--lock-file", "my.lock.json").ExitCode);

        cli.Run("remove", "beta@tools");
        Assert.Equal(3, cli.Run("verify", "--lock-file", "my.lock.json").ExitCode);
        File.WriteAllText(Path.Join(cli.CodexHome, "plugins/cache/tools/alpha/1.0.0/more.txt"), "x");
        var verified = cli.Run("verify", "alpha");
        Assert.Equal((3, "alpha@tools: Changed\n  unexpected more.txt\n"), (verified.ExitCode, verified.Output));

        var restored = cli.Json("restore", "--lock-file", "my.lock.json", "--frozen").GetProperty("plugins");
        Assert.Equal(["alpha@tools Updated", "beta@tools Installed"],
            restored.EnumerateArray().Select(item => $"{item.GetProperty("id").GetString()} {item.GetProperty("status").GetString()}"));
        Assert.Equal(0, cli.Run("verify", "--lock-file", "my.lock.json").ExitCode);
    }

    [Fact]
    public void Verify_exact_compares_in_both_directions_and_restore_enables_only_where_asked()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha", "extra"));
        cli.Run("add", "alpha@tools", "--cache-version", "manifest");
        cli.Run("lock", "--lock-file", "my.lock.json");
        Assert.Equal((0, "alpha@tools: Intact\n"), Exact());

        cli.Run("add", "extra@tools");
        Assert.Equal(0, cli.Run("verify", "--lock-file", "my.lock.json").ExitCode);
        Assert.Equal(3, Exact().ExitCode);
        Assert.Contains("extra@tools: NotLocked", Exact().Output, StringComparison.Ordinal);
        Assert.Equal(["Intact", "NotLocked"], cli.Json("verify", "--lock-file", "my.lock.json", "--exact").GetProperty("plugins")
            .EnumerateArray().Select(item => item.GetProperty("state").GetString()!));
        cli.Run("remove", "extra@tools");
        Assert.Equal(2, cli.Run("verify", "--exact").ExitCode);

        cli.Run("disable", "alpha@tools");
        Assert.Contains("alpha@tools: Disabled", Exact().Output, StringComparison.Ordinal);
        Assert.False(Restored().GetProperty("enabled").GetBoolean());
        Assert.Equal(3, Exact().ExitCode);
        Assert.True(Restored("--enable").GetProperty("enabled").GetBoolean());
        Assert.Equal(0, Exact().ExitCode);

        cli.Run("marketplace", "remove", "tools");
        Assert.Equal(3, Exact().ExitCode);
        Assert.Contains("alpha@tools: MarketplaceRemoved", Exact().Output, StringComparison.Ordinal);

        (int ExitCode, string Output) Exact()
        {
            var (code, output, _) = cli.Run("verify", "--lock-file", "my.lock.json", "--exact");
            return (code, output);
        }

        JsonElement Restored(params string[] options) =>
            cli.Json(["restore", "--lock-file", "my.lock.json", "--frozen", .. options]).GetProperty("plugins")[0];
    }

    [Fact]
    public void What_cannot_be_restored_or_locked_has_its_exit_code()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha", "beta"));
        cli.Run("add", "alpha@tools");
        cli.Run("add", "beta@tools");
        cli.Run("lock");
        cli.Write("tools/alpha/more.txt", "x");
        cli.Run("remove", "alpha@tools");

        var restored = cli.Run("restore", "--lock-file", "plugins.lock.json");
        Assert.Equal(4, restored.ExitCode);
        Assert.Contains("differs from the lock file", restored.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Run("restore", "--lock-file", "none.json").ExitCode);
        Assert.Equal(2, cli.Run("restore").ExitCode);

        File.WriteAllText(Path.Join(cli.CodexHome, "plugins/cache/tools/beta/1.0.0/more.txt"), "x");
        var refused = cli.Run("lock", "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("\"IntegrityMismatch\"", refused.Output, StringComparison.Ordinal);
        Assert.Equal(1, cli.Run("verify", "none*", "nothing").ExitCode);
        Assert.Equal("PluginNotInstalled", cli.Json("verify", "nothing").GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(3, cli.Run("verify", "beta", "nothing").ExitCode);
    }

    [Fact]
    public async Task Another_mask_and_another_line_end_setting_change_no_byte()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no mask.");
        using var cli = new CliRun();
        var repository = GitRepository.Create(Path.Join(cli.Folder, "served", "tool"));
        repository.Write(".codex-plugin/plugin.json", "{\n\"name\": \"tool\", \"version\": \"1.0.0\"\n}\n")
            .Write("run.sh", "#!/bin/sh\necho hi\n", executable: true).Write(".gitattributes", "* text=auto\n").Commit();
        await using var server = new GitHttpServer(Path.Join(cli.Folder, "served"));
        cli.Write("tools/.agents/plugins/marketplace.json",
            $$$"""{"name":"tools","plugins":[{"name":"tool","source":{"source":"url","url":"{{{server.Url}}}/tool"}}]}""");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        var installed = cli.Run("add", "tool@tools");
        Assert.True(installed.ExitCode == 0, installed.Error);
        cli.Run("lock");

        var home = Path.Join(cli.Folder, "other");
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Join(home, ".gitconfig"), "[core]\n\tautocrlf = true\n\teol = crlf\n");
        var (exitCode, output) = RunProcess(home, "restore", "--lock-file", Path.Join(cli.Folder, "plugins.lock.json"), "--frozen");

        Assert.True(exitCode == 0, output);
        var first = Path.Join(cli.CodexHome, "plugins/cache/tools/tool/1.0.0");
        var second = Path.Join(home, ".codex/plugins/cache/tools/tool/1.0.0");
        Assert.Equal(Digest(first), Digest(second));
        Assert.Equal((UnixFileMode)0b111_000_000, FileOps.Default.Examine(Path.Join(second, "run.sh")).Mode);
        (exitCode, output) = RunProcess(home, "verify", "--lock-file", Path.Join(cli.Folder, "plugins.lock.json"));
        Assert.True(exitCode == 0, output);
    }

    private static (int ExitCode, string Output) RunProcess(string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 077; exec dotnet \"$@\"", "sh",
            typeof(Hosting.CommandTree).Assembly.Location, .. arguments, "--codex-home", Path.Join(home, ".codex"), "--home", home])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private static string Digest(string folder) => TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default));
}
