using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>Root works in the home of another user: all that is made belongs to that user, and nothing
/// that is root's gets in or out.</summary>
[Trait("Category", "Slow")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AnothersHomeTests : IDisposable
{
    private readonly CliRun _run = new();

    public AnothersHomeTests() => Assert.SkipWhen(OtherUser.Missing is not null, OtherUser.Missing ?? "");

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("plugins")]
    [InlineData("plugins/cache/shop/tool")]
    [InlineData("plugins/.pluginmarket/receipts/shop")]
    [InlineData(".tmp/marketplaces")]
    [InlineData("config.toml")]
    [InlineData("home")]
    public void All_that_root_makes_or_once_made_is_the_owners_who_then_runs_every_command(string once)
    {
        var path = Path.Join(_run.CodexHome, once);
        switch (once)
        {
            case "home":
                Directory.Delete(_run.CodexHome);
                OtherUser.Own(_run.Home);
                break;
            case "config.toml":
                OtherUser.Own(_run.Home);
                File.WriteAllText(path, "# of root\n");
                break;
            default:
                OtherUser.Own(_run.Home);
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
        }

        var shop = _run.Marketplace("shop", "tool", "second", "third");
        foreach (var command in new string[][] { ["marketplace", "add", shop], ["add", "tool@shop"], ["add", "second@shop"],
            ["disable", "second@shop"], ["enable", "second@shop"], ["update"], ["remove", "second@shop"] })
        {
            var (exitCode, _, error) = _run.Run(command);
            Assert.True(exitCode == 0, $"{string.Join(' ', command)}: {error}");
        }

        Assert.Empty(OtherUser.NotOwned(_run.Home));
        foreach (var command in new string[][] { ["verify"], ["add", "third@shop"], ["update"], ["disable", "tool@shop"],
            ["enable", "tool@shop"], ["list"], ["remove", "third@shop"], ["marketplace", "remove", "shop"] })
        {
            var (exitCode, text) = OtherUser.Run(_run.CodexHome, command);
            Assert.True(exitCode == 0, $"{string.Join(' ', command)}: {text}");
        }
    }

    [Theory]
    [InlineData("config.toml", "own/config.toml")]
    [InlineData("plugins", "own")]
    [InlineData("plugins/cache", "own")]
    [InlineData(".tmp", "own")]
    public void A_link_of_the_owner_is_not_followed_to_what_is_roots(string place, string target)
    {
        _run.Write("own/config.toml", "# of root\n");
        var shop = _run.Marketplace("shop", "tool");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(_run.CodexHome, place))!);
        File.CreateSymbolicLink(Path.Join(_run.CodexHome, place), Path.Join(_run.Folder, target));
        OtherUser.Own(_run.Home);
        var own = Path.Join(_run.Folder, "own");
        var before = OtherUser.Snapshot(own);

        _run.Run("marketplace", "add", shop);
        Assert.NotEqual(0, _run.Run("add", "tool@shop").ExitCode);
        Assert.Equal(before, OtherUser.Snapshot(own));
    }

    [Fact]
    public void A_link_of_the_owner_to_a_file_of_the_owner_is_followed_and_stays()
    {
        _run.Write("home/dots/config.toml", "# of the owner\n");
        File.CreateSymbolicLink(Path.Join(_run.CodexHome, "config.toml"), Path.Join(_run.Home, "dots", "config.toml"));
        OtherUser.Own(_run.Home);

        Assert.Equal(0, _run.Run("marketplace", "add", _run.Marketplace("shop", "tool")).ExitCode);
        Assert.Equal(0, _run.Run("add", "tool@shop").ExitCode);
        Assert.Equal(FileKind.SymbolicLink, FileOps.Default.Kind(Path.Join(_run.CodexHome, "config.toml")));
        Assert.Contains("tool@shop", File.ReadAllText(Path.Join(_run.Home, "dots", "config.toml")), StringComparison.Ordinal);
        Assert.Empty(OtherUser.NotOwned(_run.Home));
    }

    [Fact]
    public void The_way_to_the_home_itself_may_not_be_a_link_of_another_to_roots_home()
    {
        var own = Directory.CreateDirectory(Path.Join(_run.Folder, "own")).FullName;
        Directory.Delete(_run.CodexHome);
        File.CreateSymbolicLink(_run.CodexHome, own);
        OtherUser.Own(_run.Home);

        Assert.NotEqual(0, _run.Run("marketplace", "add", _run.Marketplace("shop", "tool")).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(own));
    }

    [Theory]
    [InlineData("repo")]
    [InlineData("repo/.git")]
    [InlineData("repo/.git/objects")]
    public void A_repository_that_the_owner_could_not_read_is_not_fetched_into_the_home(string closed)
    {
        _run.Marketplace("repo", "tool");
        var folder = Path.Join(_run.Folder, "repo");
        foreach (var arguments in new[] { "init -q", "add -A", "-c user.name=t -c user.email=t@example.com commit -q -m one" })
        {
            using var git = System.Diagnostics.Process.Start("git", $"-C {folder} {arguments}");
            git.WaitForExit();
            Assert.Equal(0, git.ExitCode);
        }

        OtherUser.Own(_run.Home);
        File.SetUnixFileMode(Path.Join(_run.Folder, closed), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (exitCode, _, error) = _run.Run("marketplace", "add", "file://" + folder);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("owner of the home", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(_run.CodexHome, ".tmp/marketplaces/repo")));

        // Git runs as the owner of the home, and reads no repository that belongs to somebody else.
        OtherUser.Own(folder);
        Assert.Equal(0, _run.Run("marketplace", "add", "file://" + folder).ExitCode);
    }

    [Theory]
    [InlineData("shop/tool/secret.txt", UnixFileMode.UserRead)]
    [InlineData("shop/tool", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    [InlineData("shop", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    public void What_the_owner_could_not_read_is_not_copied_into_the_home(string path, UnixFileMode mode)
    {
        var shop = _run.Marketplace("shop", "tool");
        _run.Write("shop/tool/secret.txt", "CANARY");
        OtherUser.Own(_run.Home);
        _run.Run("marketplace", "add", shop);
        File.SetUnixFileMode(Path.Join(_run.Folder, path), mode);

        Assert.NotEqual(0, _run.Run("add", "tool@shop").ExitCode);
        Assert.DoesNotContain(Directory.GetFiles(_run.CodexHome, "*", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("CANARY", StringComparison.Ordinal));
        Assert.Empty(OtherUser.NotOwned(_run.Home));
    }

    [Theory]
    [InlineData("plugins/cache/shop/tool/local/backup.txt", true, "a file that only root can read")]
    [InlineData("plugins/.pluginmarket/receipts/shop/other.json", true, "a file that only root can read")]
    [InlineData("config.toml.pluginmarket.bak", true, "a file that only root can read")]
    [InlineData("plugins/cache/closed/backup.txt", false, "a folder that only root can enter")]
    [InlineData("plugins/cache/shop/linked.txt", false, "a second name of a file")]
    public void What_root_keeps_to_itself_does_not_become_the_owners_by_being_moved_into_the_home(string place, bool isClosed, string kind)
    {
        var shop = _run.Marketplace("shop", "tool");
        OtherUser.Own(_run.Home);
        _run.Run("marketplace", "add", shop);
        _run.Run("add", "tool@shop");
        var path = Path.Join(_run.CodexHome, place);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "CANARY");
        if (isClosed)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        else if (kind.StartsWith("a folder", StringComparison.Ordinal))
        {
            File.SetUnixFileMode(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            using var link = System.Diagnostics.Process.Start("ln", [path, Path.Join(_run.Folder, "first")]);
            link.WaitForExit();
        }

        foreach (var command in new string[][] { ["disable", "tool@shop"], ["update"], ["add", "tool@shop", "--reinstall"],
            ["remove", "tool@shop"] })
        {
            Assert.DoesNotContain("fault of PluginMarket", _run.Run(command).Error, StringComparison.Ordinal);
            Assert.True(!File.Exists(path) || File.ReadAllText(path) != "CANARY" || new FileOps().Examine(path).Owner == 0, kind);
        }

        var (_, found) = OtherUser.RunProgram("grep", "-r", "CANARY", _run.Home);
        Assert.DoesNotContain("CANARY", isClosed || place.Contains("closed", StringComparison.Ordinal) ? found : "", StringComparison.Ordinal);
    }
}
