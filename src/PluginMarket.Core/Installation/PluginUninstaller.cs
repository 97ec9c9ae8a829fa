namespace PluginMarket;

/// <summary>Removes plugins: the configuration first, then one rename out of the cache (design 4 section 2).</summary>
public sealed class PluginUninstaller
{
    private readonly MarketEnvironment _environment;

    /// <summary>An uninstaller for one home.</summary>
    public PluginUninstaller(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Removes one plugin; a failure is a result.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin. A version in it must be the active one.</param>
    /// <param name="purge">Whether to remove its data folder and kept versions too.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> UninstallAsync(PluginReference reference, bool purge = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
