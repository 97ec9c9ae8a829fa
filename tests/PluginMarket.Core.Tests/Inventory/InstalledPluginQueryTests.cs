using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Records;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Inventory;

/// <summary>What loads: configuration × cache × catalogs (contract 3.5, 3.6, 3.8).</summary>
[Trait("Category", "Fast")]
public sealed class InstalledPluginQueryTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Every_state_is_told_apart()
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "good", "off", "key", "cache"));
        _home.WriteCached("good", "m");
        _home.WriteCached("off", "m", enabled: false);
        _home.WriteCached("cache", "m", enabled: null);
        _home.WriteCached("left", "m");
        _home.WriteCached("lost", "removed");
        _home.WriteCached("system", "openai-curated");
        File.AppendAllText(_home.ConfigPath, "[plugins.\"key@m\"]\n[plugins.\"no id\"]\nenabled = true\n");

        var states = List().Plugins.ToDictionary(plugin => plugin.Id, plugin => plugin.State);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["cache@m"] = "NotConfigured",
                ["good@m"] = "Installed",
                ["key@m"] = "NotCached",
                ["left@m"] = "Orphaned",
                ["lost@removed"] = "MarketplaceRemoved",
                ["off@m"] = "Disabled",
                ["system@openai-curated"] = "Installed",
            },
            states);
    }

    [Fact]
    public void A_disabled_plugin_that_is_no_longer_listed_is_reported()
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "good"));
        _home.WriteCached("left", "m", enabled: false);
        _home.WriteCached("lost", "removed", enabled: false);
        _home.WriteCached("system", "openai-curated", enabled: false);

        Assert.Equal(["left@m Orphaned False", "lost@removed MarketplaceRemoved False", "system@openai-curated Disabled False"],
            List().Plugins.Select(plugin => $"{plugin.Id} {plugin.State} {plugin.Enabled}"));
    }

    [Fact]
    public void What_loads_is_what_all_layers_together_say()
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "user", "killed"));
        _home.WriteCached("user", "m");
        _home.WriteCached("killed", "m");
        _home.Scratch.Write("etc/managed_config.toml", "[plugins.\"killed@m\"]\nenabled = false\n");

        var found = List().Plugins.ToDictionary(plugin => plugin.Name);

        Assert.Equal((true, true, "Installed", "User"),
            (found["user"].Enabled, found["user"].EffectiveEnabled, found["user"].State, found["user"].ConfigurationSource));
        Assert.Equal((true, false, "Disabled", "Managed"),
            (found["killed"].Enabled, found["killed"].EffectiveEnabled, found["killed"].State, found["killed"].ConfigurationSource));
    }

    [Fact]
    public void The_active_version_is_the_one_that_Codex_loads()
    {
        _home.WriteCached("p", "m", "9.0.0");
        _home.WriteCached("p", "m", "10.0.0", enabled: null);
        Assert.Equal("10.0.0", Assert.Single(List().Plugins).CacheVersion);

        _home.WriteCached("p", "m", "local", enabled: null);
        var plugin = Assert.Single(List().Plugins);

        Assert.Equal("local", plugin.CacheVersion);
        Assert.Equal("1.0.0", plugin.Version);
        Assert.Equal(["local", "9.0.0", "10.0.0"], plugin.CachedVersions);
        Assert.Equal(Path.Join(_home.CodexHome, "plugins", "cache", "m", "p", "local"), plugin.Path);
    }

    [Fact]
    public void Without_a_record_provenance_is_inferred_from_a_cached_repository_or_none()
    {
        var folder = _home.WriteCached("p", "m");
        Assert.Equal(("None", null), (Assert.Single(List().Plugins).Provenance, Assert.Single(List().Plugins).Commit));

        var commit = new string('a', 40);
        Directory.CreateDirectory(Path.Join(folder, ".git", "refs", "heads"));
        File.WriteAllText(Path.Join(folder, ".git", "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Join(folder, ".git", "packed-refs"), $"# pack-refs\n{commit} refs/heads/main\n");
        Assert.Equal(("Inferred", commit), (Assert.Single(List().Plugins).Provenance, Assert.Single(List().Plugins).Commit));
    }

    [Fact]
    public void A_record_is_that_of_bytes_and_not_of_a_folder()
    {
        var folder = _home.WriteCached("p", "m", "local");
        var source = TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default));
        File.WriteAllText(Path.Join(folder, "generated.md"), "made at install");
        var commit = new string('c', 40);
        _home.Environment.Home.Receipts.Write(new Receipt
        {
            Id = PluginId.Parse("p@m"),
            Version = PluginVersion.Parse("local"),
            SourceType = "git",
            Provenance = new CommitProvenance("https://example.org/p.git", null, null, commit),
            TreeHash = source,
            GeneratedFiles = [new ReceiptFile("generated.md", TreeDigest.OfBytes("made at install"u8))],
            InstalledOn = DateTimeOffset.UnixEpoch,
            InstalledBy = "someone",
            ToolVersion = "1.0.0",
        });
        Assert.Equal(("Recorded", commit, source), Known(includeHash: false));
        Assert.Equal(("Recorded", commit, source), Known(includeHash: true));

        // As a refresh of Codex lays it, with its own rendering of what is generated.
        var moved = Path.Join(Path.GetDirectoryName(folder), "1.0.0");
        Directory.Move(folder, moved);
        File.WriteAllText(Path.Join(moved, "generated.md"), "made by Codex");
        Assert.Equal(("Recorded", commit, source), Known(includeHash: false));

        File.WriteAllText(Path.Join(moved, "more.md"), "x");
        Assert.Equal(("None", null, null), Known(includeHash: false));
        Assert.Equal(("None", null, TreeDigest.Compute(FolderTree.Read(moved, FileOps.Default, Limits.Default))), Known(includeHash: true));

        // In the recorded folder only who asks for the digest has the bytes read.
        Directory.Move(moved, folder);
        Assert.Equal(("Recorded", commit, source), Known(includeHash: false));
        Assert.Equal("None", Known(includeHash: true).Provenance);

        (string Provenance, string? Commit, string? TreeHash) Known(bool includeHash)
        {
            var plugin = Assert.Single(List(new InstalledPluginRequest { IncludeHash = includeHash }).Plugins);
            return (plugin.Provenance, plugin.Commit, plugin.TreeHash);
        }
    }

    [Fact]
    public void The_digest_is_computed_only_where_asked_for()
    {
        var folder = _home.WriteCached("p", "m");

        Assert.Null(Assert.Single(List().Plugins).TreeHash);
        Assert.Equal(
            TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default)),
            Assert.Single(List(new InstalledPluginRequest { IncludeHash = true }).Plugins).TreeHash);
    }

    [Fact]
    public void Filters_are_joined_by_and()
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "one", "two"));
        _home.WriteCached("one", "m", "1.0.0");
        _home.WriteCached("two", "m", "2.0.0", enabled: false);
        _home.WriteCached("two", "n", "2.0.0");

        Assert.Equal(["two@m", "two@n"], Ids(new InstalledPluginRequest { Names = ["TW*"] }));
        Assert.Equal(["two@n"], Ids(new InstalledPluginRequest { Names = ["two@n"] }));
        Assert.Equal(["one@m", "two@m"], Ids(new InstalledPluginRequest { Marketplaces = ["m"] }));
        Assert.Equal(["one@m", "two@m", "two@n"], Ids(new InstalledPluginRequest { Version = "1.0.0" }));
        Assert.Empty(Ids(new InstalledPluginRequest { Version = "2.0.0" }));
        Assert.Equal(["two@m"], Ids(new InstalledPluginRequest { States = ["disabled"] }));
    }

    [Fact]
    public void A_plugin_that_is_not_installed_is_a_failure_of_its_own()
    {
        _home.WriteCached("deploy-kit", "m");

        var failure = Assert.Single(List(new InstalledPluginRequest { Names = ["deploy-kti", "x*"] }).Failures);

        Assert.Equal(MarketErrorCode.PluginNotInstalled, failure.Code);
        Assert.Contains("'deploy-kit'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_that_was_meant_is_no_other_marketplaces_plugin_without_saying_so()
    {
        _home.WriteCached("tool", "one");

        Assert.EndsWith("Did you mean 'tool@one'?",
            Assert.Single(List(new InstalledPluginRequest { Names = ["tool@ones"] }).Failures).Message, StringComparison.Ordinal);
        Assert.EndsWith("Run Get-InstalledPlugin to list the installed plugins.",
            Assert.Single(List(new InstalledPluginRequest { Names = ["tool@entirely-other"] }).Failures).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "good@m")]
    [InlineData(0, "goo*")]
    [InlineData(1, "bad@gone")]
    [InlineData(1, "*")]
    [InlineData(1)]
    public void A_marketplace_that_cannot_be_read_concerns_only_its_own_plugins(int failures, params string[] names)
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "good"));
        _home.RegisterLocal("gone", _home.Scratch["gone"]);
        _home.WriteCached("good", "m");
        _home.WriteCached("bad", "gone");

        Assert.Equal(failures, List(new InstalledPluginRequest { Names = names }).Failures.Count);
    }

    [Fact]
    public void A_missing_home_has_nothing_and_is_not_made()
    {
        Directory.Delete(_home.CodexHome, recursive: true);

        Assert.Empty(List().Plugins);
        Assert.Empty(List().Failures);
        Assert.False(Directory.Exists(_home.CodexHome));
    }

    private InstalledPluginListing List(InstalledPluginRequest? request = null) =>
        new InstalledPluginQuery(_home.Environment).List(request ?? new InstalledPluginRequest());

    private IEnumerable<string> Ids(InstalledPluginRequest request) => List(request).Plugins.Select(plugin => plugin.Id);
}
