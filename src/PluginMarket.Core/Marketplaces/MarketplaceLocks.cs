using PluginMarket.Files;
using PluginMarket.Home;

namespace PluginMarket.Marketplaces;

/// <summary>The home's lock and then Codex's own for marketplaces, always in that order (docs/reliability.md).</summary>
internal sealed class MarketplaceLocks : IDisposable
{
    private readonly FileLock _home;
    private readonly FileLock _codex;

    private MarketplaceLocks(FileLock home, FileLock codex)
    {
        _home = home;
        _codex = codex;
    }

    internal static async Task<MarketplaceLocks> AcquireAsync(MarketEnvironment environment, CancellationToken cancellation)
    {
        var state = environment.Home.State;
        var home = await state.LockAsync(cancellation).ConfigureAwait(false);
        var agent = AgentHome.Open(environment);
        string[] missing = [];
        try
        {
            missing = [.. new[] { Path.GetDirectoryName(agent.MarketplacesPath)!,
                agent.MarketplacesPath }.Where(folder => environment.Files.Kind(folder) == FileKind.Missing)];
            state.EnsureFolder(Path.GetDirectoryName(agent.MarketplacesPath)!, FileOps.SharedFolder);
            state.EnsureFolder(agent.MarketplacesPath, FileOps.SharedFolder);
            return new MarketplaceLocks(home,
                await FileLock.AcquireAsync(environment, agent.MarketplacesLockPath, cancellation).ConfigureAwait(false));
        }
        catch
        {
            state.RemoveEmpty(missing);
            home.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _codex.Dispose();
        _home.Dispose();
    }
}
