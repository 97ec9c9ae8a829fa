using PluginMarket.Cache;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Puts a tree that is in this home already in place of an installed plugin: a copy is staged, checked, synced and published as
/// any other (docs/reliability.md). The caller holds the home's lock.</summary>
internal sealed class TreePlacement(MarketEnvironment environment, PluginCache cache, PluginId id)
{
    /// <summary>Copies a tree into staging and reads the copy.</summary>
    /// <param name="folder">The tree, absolute.</param>
    /// <param name="contentHash">The digest that all its files must have, or null where any will do.</param>
    /// <exception cref="PluginMarketException">IntegrityMismatch, ManifestInvalid, and every failure of writing.</exception>
    internal PlacedTree Stage(string folder, string? contentHash)
    {
        var staged = StagedTree.Create(environment);
        try
        {
            staged.Write(FolderTree.Read(folder, environment.Files, environment.Limits), TreeWriteOptions.Plugin(environment.Limits));
            var tree = staged.Read(TreeLimits.Plugin(environment.Limits));
            var digest = TreeDigest.Compute(tree);
            if (contentHash is not null && digest != contentHash)
            {
                throw new PluginMarketException(MarketErrorCode.IntegrityMismatch, $"The files in '{folder}' are not the kept version of "
                    + $"'{id}': they have the digest {digest}. {Remedy.Run(Operation.ClearCache, $"remove them")}", id.ToString());
            }

            var manifest = ManifestReader.Read(tree, folder, id.Plugin.Value, null, environment.Limits).GetManifest();
            staged.Sync();
            return new PlacedTree(staged, PluginVersion.TryParse(manifest.InstallVersion, out var version, out _)
                ? version : PluginVersion.Local, CapabilityReader.Read(tree, manifest))
            {
                ManifestVersion = manifest.Version,
            };
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Publishes a staged tree under its manifest's version and records it.</summary>
    /// <param name="placed">The tree.</param>
    /// <param name="receipt">What is recorded of it, or null to have no receipt.</param>
    /// <param name="action">What the history calls it.</param>
    internal void Publish(PlacedTree placed, Receipt? receipt, string action)
    {
        cache.Publish(placed.Tree, id, placed.Version);
        var receipts = environment.Home.Receipts;
        if (receipt is null)
        {
            receipts.Remove(id);
        }
        else
        {
            receipts.Write(receipt with { Version = placed.Version }, action);
        }
    }
}

/// <summary>A staged copy of a tree of this home.</summary>
internal sealed class PlacedTree(StagedTree tree, PluginVersion version, IReadOnlyList<Capability> capabilities) : IDisposable
{
    internal StagedTree Tree => tree;

    /// <summary>The folder of contract 3.3: the manifest's version, else <c>local</c>.</summary>
    internal PluginVersion Version => version;

    /// <summary>What its manifest says; null where it says none.</summary>
    internal string? ManifestVersion { get; init; }

    internal IReadOnlyList<Capability> Capabilities => capabilities;

    public void Dispose() => tree.Dispose();
}
