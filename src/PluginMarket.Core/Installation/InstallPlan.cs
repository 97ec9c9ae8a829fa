namespace PluginMarket;

/// <summary>What an install request comes to, before anything is fetched or changed.</summary>
public sealed class InstallPlan
{
    internal InstallPlan(InstallRequest request, IReadOnlyList<InstallPlanItem> items, IReadOnlyList<PluginOperationResult> failures)
    {
        Request = request;
        Items = items;
        Failures = failures;
    }

    /// <summary>The request.</summary>
    public InstallRequest Request { get; }

    /// <summary>The plugins to install, in the order asked for, each once.</summary>
    public IReadOnlyList<InstallPlanItem> Items { get; }

    /// <summary>One failed result per reference that cannot be installed, and per marketplace that could not be read while it was needed.</summary>
    public IReadOnlyList<PluginOperationResult> Failures { get; }
}
