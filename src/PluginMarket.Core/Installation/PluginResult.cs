using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Installation;

/// <summary>Makes the results of changes: the one place that says on which computer, in which home and under which account.</summary>
internal static class PluginResult
{
    /// <summary>A result that says only what it is of.</summary>
    internal static PluginOperationResult Of(MarketEnvironment environment, string action, string name, string? marketplace,
        string status) => new()
        {
            Name = name,
            Marketplace = marketplace,
            Action = action,
            Status = status,
            ComputerName = Origin.ComputerName,
            UserName = environment.UserName,
            CodexHome = DisplayText.Escape(environment.CodexHome),
        };

    /// <summary>The result of a failure.</summary>
    /// <param name="result">What it is of.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="reasonCode">What it is called where that is not the error's id.</param>
    internal static PluginOperationResult Failed(this PluginOperationResult result, PluginMarketException failure,
        string? reasonCode = null) =>
            (result with
            {
                Status = "Failed",
                ReasonCode = reasonCode ?? failure.Code.ToString(),
                Said = failure.Said,
                Error = failure.Code.ToString(),
            }).WithFailure(failure);

    /// <summary>What a plan item tells before anything was done.</summary>
    internal static PluginOperationResult Of(MarketEnvironment environment, InstallPlanItem item, string status) =>
        Of(environment, item.Intent.ActionName, item.Id.Plugin.Value, item.Id.Marketplace.Value, status) with
        {
            PreviousVersion = item.InstalledVersion,
            PreviousCacheVersion = item.InstalledFolder?.Value,
            SourceType = item.SourceType,
            Source = item.Source,
            Authentication = item.Authentication,
        };
}
