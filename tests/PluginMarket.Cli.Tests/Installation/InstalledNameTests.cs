using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>Names and places in the trees of plugins: what is installed is verified, locked and restored, and a plugin and the
/// home never contain each other.</summary>
[Trait("Category", "Slow")]
public sealed class InstalledNameTests : IDisposable
{
    private const string Skill = "---\nname: zz\ndescription: planted\n---\nx";

    private readonly CliRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("skills/git~1/SKILL.md")]
    [InlineData("skills/GIT~1/SKILL.md")]
    [InlineData("git~1/skills/a/SKILL.md")]
    [InlineData("skills/.GIT/SKILL.md")]
    [InlineData("skills/.git./SKILL.md")]
    [InlineData("skills/.git /SKILL.md")]
    public void A_name_that_only_looks_like_git_counts_in_what_is_installed(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There such names are others.");
        Install("tool");
        var lockFile = Path.Join(_run.Folder, "l.json");
        Assert.Equal(0, _run.Run("lock", "--lock-file", lockFile).ExitCode);
        Assert.Equal(0, _run.Run("verify").ExitCode);
        _run.Write($"home/.codex/plugins/cache/shop/tool/local/{name}", Skill);

        Assert.NotEqual(0, _run.Run("verify").ExitCode);
        Assert.NotEqual(0, _run.Run("verify", "--lock-file", lockFile).ExitCode);
    }

    [Fact]
    public void The_folder_of_git_itself_is_not_part_of_what_is_installed()
    {
        Install("tool");
        _run.Write("home/.codex/plugins/cache/shop/tool/local/.git/config", "[core]");

        Assert.Equal(0, _run.Run("verify").ExitCode);
    }

    [Theory]
    [InlineData("~/x.txt")]
    [InlineData("~")]
    [InlineData("a/~/x.txt")]
    [InlineData("~x/y")]
    [InlineData("-/x")]
    [InlineData("...x/y")]
    [InlineData("%2e%2e/x")]
    [InlineData("Ünïcode/x y.txt")]
    public void What_installs_verifies_locks_and_restores(string name)
    {
        _run.Write($"shop/tool/{name}", "x");
        Install("tool");
        var lockFile = Path.Join(_run.Folder, "shop", "l.json");

        Assert.Equal(0, _run.Run("verify").ExitCode);
        var (locked, _, problem) = _run.Run("lock", "--lock-file", lockFile);
        Assert.True(locked == 0, problem);
        Assert.Equal(0, _run.Run("verify", "--lock-file", lockFile).ExitCode);
        Assert.Equal(0, _run.Run("remove", "tool@shop").ExitCode);
        var (restored, _, error) = _run.Run("restore", "--lock-file", lockFile);
        Assert.True(restored == 0, error);
        Assert.Equal(0, _run.Run("verify", "--lock-file", lockFile).ExitCode);
    }

    [Theory]
    [InlineData("r", "r/.codex")]
    [InlineData("r", "r/deep/down/.codex")]
    [InlineData("r/.codex", "r/.codex")]
    [InlineData("r/.codex/plugins", "r/.codex")]
    [InlineData("r/.codex/market/tool", "r/.codex")]
    [InlineData("r", "link/.codex")]
    public void A_plugin_and_the_home_that_contain_each_other_are_refused(string plugin, string home)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && home.StartsWith("link", StringComparison.Ordinal),
            "Links need rights on Windows that tests do not have.");
        _run.Write($"{plugin}/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""");
        _run.Write($"{plugin}/.agents/plugins/marketplace.json", """{"name":"repo","plugins":[{"name":"tool","source":"./"}]}""");
        if (home.StartsWith("link", StringComparison.Ordinal))
        {
            Directory.CreateSymbolicLink(Path.Join(_run.Folder, "link"), Path.Join(_run.Folder, "r"));
        }

        _run.Write($"{home}/auth.json", "CANARY");
        var codexHome = Path.Join(_run.Folder, home);
        Assert.Equal(0, _run.RunOn(codexHome, _run.Folder, "marketplace", "add", Path.Join(_run.Folder, plugin)).ExitCode);
        var (exitCode, _, error) = _run.RunOn(codexHome, _run.Folder, "add", "tool@repo");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("contain each other", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(codexHome, "plugins", "cache", "repo")));
    }

    private void Install(string name)
    {
        Assert.Equal(0, _run.Run("marketplace", "add", _run.Marketplace("shop", name)).ExitCode);
        var (exitCode, _, error) = _run.Run("add", $"{name}@shop");
        Assert.True(exitCode == 0, error);
    }
}
