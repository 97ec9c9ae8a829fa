using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What Codex would make of a home, as far as a scenario changes it.</summary>
internal sealed record HomeState(string? Active, string? Digest, string Versions, bool? Enabled, string? Receipt, string? OtherDigest)
{
    internal static HomeState Read(InstallScenario scenario, string codexHome)
    {
        var environment = scenario.Environment(codexHome);
        var cache = environment.Home.Cache;
        var active = cache.ActiveVersion(InstallScenario.ToolId);
        return new HomeState(
            active?.Value,
            active is null ? null : DigestOf(environment, cache.Layout.VersionPath(InstallScenario.ToolId, active)),
            string.Join(' ', cache.Versions(InstallScenario.ToolId)),
            ConfigurationLayers.Read(environment).FindPlugin(InstallScenario.ToolId.ToString())?.UserEnabled,
            environment.Home.Receipts.Find(InstallScenario.ToolId)?.TreeHash,
            cache.ActivePath(InstallScenario.OtherId) is { } other ? DigestOf(environment, other) : null);
    }

    /// <summary>The complete old or the complete new plugin is there, nothing else has a name in the cache,
    /// and what is turned on is there.</summary>
    internal static void AssertWhole(InstallScenario scenario, string codexHome, HomeState before, HomeState after, string when)
    {
        var now = Read(scenario, codexHome);
        Assert.True(now.Digest == before.Digest || now.Digest == after.Digest,
            $"{when}: the active tree is neither the old nor the new one.");
        Assert.True(now.OtherDigest == before.OtherDigest, $"{when}: the other plugin changed.");
        Assert.True(now.Enabled != true || now.Digest is not null, $"{when}: the plugin is on, but nothing is cached.");

        var environment = scenario.Environment(codexHome);
        var layout = new CacheLayout(new StateLayout(codexHome));
        foreach (var version in environment.Home.Cache.Versions(InstallScenario.ToolId))
        {
            var digest = DigestOf(environment, layout.VersionPath(InstallScenario.ToolId, version));
            Assert.True(digest == before.Digest || digest == after.Digest, $"{when}: the version {version} is not whole.");
        }

        Assert.Subset(new HashSet<string> { "tool", "other" },
            FileOps.Default.List(layout.MarketplacePath(InstallScenario.ToolId.Marketplace)).ToHashSet());
        Assert.StartsWith("# kept\n[marketplaces.shop]\n", File.ReadAllText(Path.Join(codexHome, "config.toml")), StringComparison.Ordinal);
    }

    internal static void AssertNoLitter(MarketEnvironment environment, string when)
    {
        var layout = new CacheLayout(new StateLayout(environment.CodexHome));
        var left = Litter.AfterRecovery(environment,
            () => new[] { layout.State.StagingPath, layout.State.TrashPath, layout.State.JournalPath }
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFileSystemEntries)
                .Concat(Directory.EnumerateFiles(environment.CodexHome, "*.tmp", SearchOption.AllDirectories))
                .Concat(Directory.EnumerateFiles(environment.CodexHome, ".*.tmp", SearchOption.AllDirectories))
                .Concat(Directory.EnumerateDirectories(layout.MarketplacePath(InstallScenario.ToolId.Marketplace))
                    .Where(plugin => !Directory.EnumerateDirectories(plugin).Any())));
        Assert.True(left.Count == 0, $"{when}: these are left: {string.Join(", ", left)}");
    }

    private static string DigestOf(MarketEnvironment environment, string path) =>
        TreeDigest.Compute(FolderTree.Read(path, environment.Files, environment.Limits));
}
