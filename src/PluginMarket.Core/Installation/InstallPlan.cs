namespace PluginMarket.Installation;

/// <summary>What an install request comes to, before anything is fetched or changed.</summary>
internal sealed class InstallPlan
{
    internal InstallPlan(InstallRequest request, IReadOnlyList<InstallPlanItem> items, IReadOnlyList<PluginOperationResult> settled)
    {
        Request = request;
        Items = items;
        Settled = settled;
    }

    /// <summary>The request.</summary>
    public InstallRequest Request { get; }

    /// <summary>The plugins to install, in the order asked for, each once.</summary>
    public IReadOnlyList<InstallPlanItem> Items { get; }

    /// <summary>Results that are known already: a failed one per reference that cannot be installed and per marketplace that could not be
    /// read while it was needed, and a skipped one per installed plugin that has no source any more.</summary>
    public IReadOnlyList<PluginOperationResult> Settled { get; }

    /// <summary>The failed ones among them.</summary>
    public IReadOnlyList<PluginOperationResult> Failures => [.. Settled.Where(result => result.Error is not null)];
}
