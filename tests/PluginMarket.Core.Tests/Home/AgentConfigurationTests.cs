using System.Text;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.TestKit;
using PluginMarket.Toml;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class AgentConfigurationTests : IDisposable
{
    private static readonly PluginId Id = PluginId.Parse("a@m");
    private static readonly MarketplaceName Market = MarketplaceName.Parse("m");

    private readonly ScratchFolder _scratch = new();
    private readonly FaultingFileOps _files = new();
    private readonly MarketEnvironment _environment;

    public AgentConfigurationTests() => _environment = _scratch.Environment(_files);

    private string ConfigPath => AgentHome.Open(_environment).ConfigPath;

    private string BackupPath => Configuration.BackupPath;

    private AgentConfiguration Configuration => AgentConfiguration.Open(_environment);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_missing_file_and_home_are_made()
    {
        Directory.Delete(_environment.CodexHome);

        Assert.True(Configuration.SetMarketplace(Market, "git", "https://host/x.git", "main", ["a", "b"]));
        Assert.True(Configuration.SetPluginEnabled(Id, true));

        Assert.Equal("[marketplaces.m]\nsource_type = \"git\"\nsource = \"https://host/x.git\"\nref = \"main\"\nsparse_paths = [\"a\", "
            + "\"b\"]\n\n[plugins.\"a@m\"]\nenabled = true\n", File.ReadAllText(ConfigPath));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(FileOps.PrivateFile, File.GetUnixFileMode(ConfigPath));
            Assert.Equal(FileOps.PrivateFolder, File.GetUnixFileMode(_environment.CodexHome));
        }
    }

    [Fact]
    public void What_changes_nothing_touches_nothing()
    {
        Write("[plugins.\"a@m\"]\nenabled = true\n\n[marketplaces.m]\nsource_type = \"local\"\nsource = \"/x\"\n");
        var before = Inventory();

        Assert.False(Configuration.SetPluginEnabled(Id, true));
        Assert.False(Configuration.SetMarketplace(Market, "local", "/x", null, []));
        Assert.False(Configuration.RemovePlugin(PluginId.Parse("b@m"), out _));
        Assert.False(Configuration.RemoveMarketplace(MarketplaceName.Parse("n")));

        Assert.Equal(before, Inventory());
        Assert.DoesNotContain(_files.Calls,
            call => call.Contains("rename", StringComparison.Ordinal) || call.Contains("create", StringComparison.Ordinal));
    }

    [Fact]
    public void Removing_from_a_missing_home_makes_none()
    {
        Directory.Delete(_environment.CodexHome);

        Assert.False(Configuration.RemovePlugin(Id, out _));
        Assert.False(Directory.Exists(_environment.CodexHome));
    }

    [Fact]
    public void The_text_before_a_command_is_kept_for_its_owner_alone()
    {
        Write("# secret\n");
        Configuration.SetPluginEnabled(Id, true);
        Configuration.SetPluginEnabled(Id, false);
        Assert.Equal("# secret\n", File.ReadAllText(BackupPath));
        File.AppendAllText(ConfigPath, "# another program\n");
        Configuration.SetPluginEnabled(Id, true);
        Assert.Equal("[plugins.\"a@m\"]\nenabled = false\n# secret\n# another program\n", File.ReadAllText(BackupPath));
        AgentConfiguration.Open(_environment with { }).SetPluginEnabled(Id, false);
        Assert.Equal("[plugins.\"a@m\"]\nenabled = true\n# secret\n# another program\n", File.ReadAllText(BackupPath));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(BackupPath) == FileOps.PrivateFile);
        Assert.Equal(["config.toml", "config.toml.pluginmarket.bak"],
            Directory.GetFiles(_environment.CodexHome).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Mode_and_owner_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");
        Write("");
        FileOps.Default.SetMode(ConfigPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        if (_files.IsRoot)
        {
            FileOps.Default.SetOwner(ConfigPath, 1234, 1235);
        }

        var before = FileOps.Default.Examine(ConfigPath);
        Assert.True(Configuration.SetPluginEnabled(Id, true));
        var after = FileOps.Default.Examine(ConfigPath);

        Assert.Equal((before.Mode, before.Owner), (after.Mode, after.Owner));
        Assert.NotEqual(before.Inode, after.Inode);
    }

    [Theory]
    [InlineData("real.toml")]
    [InlineData("../dots/config.toml")]
    public void A_link_is_followed_and_stays(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        var end = Path.GetFullPath(target, _environment.CodexHome);
        Directory.CreateDirectory(Path.GetDirectoryName(end)!);
        File.WriteAllText(end, "x = 1\n");
        File.CreateSymbolicLink(Path.Join(_environment.CodexHome, "hop.toml"), target);
        File.CreateSymbolicLink(ConfigPath, "hop.toml");

        Assert.True(Configuration.SetPluginEnabled(Id, true));

        Assert.Equal("hop.toml", new FileInfo(ConfigPath).LinkTarget);
        Assert.Null(new FileInfo(end).LinkTarget);
        Assert.Equal("x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n", File.ReadAllText(end));
        Assert.Equal("x = 1\n", File.ReadAllText(BackupPath));
    }

    [Fact]
    public void A_link_to_nothing_makes_the_file_at_its_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        File.CreateSymbolicLink(ConfigPath, "later.toml");

        Assert.True(Configuration.SetPluginEnabled(Id, false));
        Assert.Equal("[plugins.\"a@m\"]\nenabled = false\n", File.ReadAllText(Path.Join(_environment.CodexHome, "later.toml")));
    }

    [Theory]
    [InlineData("config.toml")]
    [InlineData(".")]
    [InlineData("missing/config.toml")]
    public void A_link_that_leads_to_no_file_is_refused(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        File.CreateSymbolicLink(ConfigPath, target);

        var error = Assert.Throws<PluginMarketException>(() => Configuration.SetPluginEnabled(Id, true));
        Assert.Equal(MarketErrorCode.HomeNotWritable, error.Code);
        Assert.Equal(["config.toml"], Directory.GetFileSystemEntries(_environment.CodexHome).Select(Path.GetFileName));
    }

    [Fact]
    public void A_read_only_file_is_left_alone()
    {
        Write("x = 1\n");
        File.SetAttributes(ConfigPath, FileAttributes.ReadOnly);

        Assert.Equal(MarketErrorCode.HomeNotWritable,
            Assert.Throws<PluginMarketException>(() => Configuration.SetPluginEnabled(Id, true)).Code);
        Assert.Equal("x = 1\n", File.ReadAllText(ConfigPath));
        File.SetAttributes(ConfigPath, FileAttributes.Normal);
    }

    [Theory]
    [InlineData("x = 1\nx = 2\n", MarketErrorCode.ConfigInvalid)]
    [InlineData("plugins = []\n", MarketErrorCode.ConfigFormUnsupported)]
    public void What_is_not_understood_is_not_touched(string text, MarketErrorCode code)
    {
        Write(text);
        var before = Inventory();

        var error = Assert.Throws<PluginMarketException>(() => Configuration.SetPluginEnabled(Id, true));

        Assert.Equal(code, error.Code);
        Assert.Equal(ConfigPath, error.File);
        Assert.True(error.Line >= 1);
        Assert.Equal(before, Inventory());
    }

    [Fact]
    public void An_edit_by_another_program_before_the_rename_is_kept()
    {
        Write("x = 1\n");
        var times = 0;
        _files.Watch = (operation, path) =>
        {
            if (operation == "fsync" && path.Contains(".config.toml.pluginmarket-", StringComparison.Ordinal) && times++ < 3)
            {
                File.AppendAllText(ConfigPath, $"y{times} = 1\n");
            }
        };

        Assert.True(Configuration.SetPluginEnabled(Id, true));
        Assert.Equal("x = 1\ny1 = 1\ny2 = 1\ny3 = 1\n\n[plugins.\"a@m\"]\nenabled = true\n", File.ReadAllText(ConfigPath));
    }

    [Fact]
    public void A_change_that_another_program_undoes_is_made_again()
    {
        Write("x = 1\n");
        var undone = false;
        _files.Watch = (operation, path) =>
        {
            if (operation == "fsync-folder" && !undone && File.ReadAllText(ConfigPath).Contains("a@m", StringComparison.Ordinal))
            {
                undone = true;
                File.WriteAllText(ConfigPath, "x = 2\n");
            }
        };

        Assert.True(Configuration.SetPluginEnabled(Id, true));
        Assert.True(undone);
        Assert.Equal("x = 2\n\n[plugins.\"a@m\"]\nenabled = true\n", File.ReadAllText(ConfigPath));
    }

    [Fact]
    public void Who_never_gets_a_turn_gives_up_without_litter()
    {
        Write("x = 1\n");
        var times = 0;
        _files.Watch = (operation, path) =>
        {
            if (operation == "fsync" && path.Contains(".config.toml.pluginmarket-", StringComparison.Ordinal))
            {
                File.WriteAllText(ConfigPath, $"x = {++times}{times}\n");
            }
        };

        Assert.Equal(MarketErrorCode.StateLocked,
            Assert.Throws<PluginMarketException>(() => Configuration.SetPluginEnabled(Id, true)).Code);
        Assert.Equal("x = 5050\n", File.ReadAllText(ConfigPath));
        Assert.Equal(["config.toml", "config.toml.pluginmarket.bak"],
            Directory.GetFiles(_environment.CodexHome).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_failed_call_leaves_the_old_file_or_the_new_one()
    {
        const string Old = "x = 1\n";
        const string New = "x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n";
        for (var at = 1; ; at++)
        {
            Write(Old);
            var files = new FaultingFileOps { At = at, Fault = Fault.Stop };
            var failed = false;
            try
            {
                AgentConfiguration.Open(_environment with { Files = files }).SetPluginEnabled(Id, true);
            }
            catch (Exception error) when (error is PluginMarketException or IOException)
            {
                failed = true;
            }

            Assert.Contains(File.ReadAllText(ConfigPath), new[] { Old, New });
            Assert.True(Configuration.SetPluginEnabled(Id, true) || File.ReadAllText(ConfigPath) == New);
            Assert.Equal(New, File.ReadAllText(ConfigPath));
            if (!failed)
            {
                Assert.True(at > 8, "the calls were not counted");
                return;
            }
        }
    }

    [Fact]
    public async Task A_hammer_and_we_share_one_file_without_breaking_it()
    {
        Write("x = 1\n");
        using var stop = new CancellationTokenSource();
        var foreign = 0;
        var hammer = Task.Run(() =>
        {
            // Another program without a lock: reads, adds its own table, renames.
            var temporary = _scratch["hammer.tmp"];
            while (!stop.IsCancellationRequested && foreign < 200)
            {
                var text = File.ReadAllText(ConfigPath);
                File.WriteAllText(temporary, text + $"\n[hammer.h{++foreign}]\nk = 1\n");
                if (File.ReadAllText(ConfigPath) == text)
                {
                    File.Move(temporary, ConfigPath, overwrite: true);
                }
                else
                {
                    foreign--;
                }

                Thread.Sleep(Random.Shared.Next(5, 40));
            }
        });
        var invalid = 0;
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    _ = TomlFile.Parse(Encoding.UTF8.GetBytes(File.ReadAllText(ConfigPath)), "c");
                }
                catch (PluginMarketException)
                {
                    Interlocked.Increment(ref invalid);
                }
            }
        });
        for (var number = 0; number < 40; number++)
        {
            Assert.True(AgentConfiguration.Open(_environment with { Files = FileOps.Default })
                .SetPluginEnabled(PluginId.Parse($"p{number}@m"), true));
        }

        await stop.CancelAsync();
        await Task.WhenAll(hammer, reader);
        var root = TomlFile.Parse(File.ReadAllBytes(ConfigPath), "c").Root;
        var ours = Enumerable.Range(0, 40).Count(number => root.Table("plugins")?.Table($"p{number}@m") is not null);
        var theirs = root.Table("hammer")?.Count ?? 0;

        // Neither side can close the moment between its last look and its rename; without the look most edits would be lost.
        Assert.Equal(0, invalid);
        Assert.InRange(ours, 36, 40);
        Assert.InRange(theirs, foreign - Math.Max(2, foreign / 10), foreign);
    }

    [Fact]
    public void Values_cannot_become_keys()
    {
        Configuration.SetMarketplace(Market, "local", "/x\"\n[mcp_servers.evil]\ncommand = \"sh\"\n", "r\"", ["]", "\n"]);
        var root = TomlFile.Parse(File.ReadAllBytes(ConfigPath), "c").Root;

        Assert.Equal(["marketplaces"], root.Keys);
        Assert.Equal("/x\"\n[mcp_servers.evil]\ncommand = \"sh\"\n", root.Table("marketplaces")!.Table("m")!.Text("source"));
    }

    private void Write(string text) => File.WriteAllBytes(ConfigPath, Encoding.UTF8.GetBytes(text));

    private List<string> Inventory() =>
        [.. Directory.GetFiles(_environment.CodexHome).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {FileOps.Default.Examine(path).Inode} {File.ReadAllText(path)}")];
}
