using PluginMarket.Inventory;
using PluginMarket.Marketplaces;

namespace PluginMarket.Fleet;

/// <summary>Reads lock files as their users see them: with what Codex's refresh would do to each plugin in this home.</summary>
internal sealed class LockFileQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public LockFileQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Reads a lock file.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException">See <see cref="PluginLockFile.Read"/>; ConfigInvalid.</exception>
    public PluginLockFile Read(string path) => Judge(PluginLockFile.Read(_environment, path));

    internal PluginLockFile Judge(PluginLockFile file)
    {
        var refresh = new CodexRefresh(_environment, MarketplaceView.Open(_environment));
        return new PluginLockFile(file.Path, file.Entries.Select(entry =>
        {
            var judgement = refresh.Judge(entry.PluginId, entry.Version ?? PluginVersion.Local.Value, entry.Commit ?? entry.PackageVersion);
            return entry with { HeldAgainstCodex = judgement.IsHeld, HeldBecause = judgement.Reason };
        }));
    }
}
