namespace PluginMarket;

/// <summary>Installs plugins so that a kill at any moment leaves the complete old or the complete new plugin (design 4 section 2).</summary>
public sealed class PluginInstaller
{
    private readonly MarketEnvironment _environment;

    /// <summary>An installer for one home.</summary>
    public PluginInstaller(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Finds the entries asked for in the catalogs on disk and applies what they say of themselves; fetches and changes nothing.</summary>
    /// <exception cref="PluginMarketException">The request contradicts itself, or the configuration cannot be read.</exception>
    public Task<InstallPlan> PlanAsync(InstallRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Installs the approved items side by side and yields one result for each as it is done; a failure is a result and stops no other.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="approved">Those of its items that may be installed; with <see cref="InstallPlanItem.IsTrusted"/> set where the user agreed to register the marketplace.</param>
    /// <param name="cancellationToken">Stops what is not yet published, and cleans up.</param>
    public IAsyncEnumerable<PluginOperationResult> ExecuteAsync(InstallPlan plan, IReadOnlyList<InstallPlanItem> approved, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
