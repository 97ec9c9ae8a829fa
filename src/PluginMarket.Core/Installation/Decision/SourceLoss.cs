namespace PluginMarket.Installation.Decision;

/// <summary>What it means for an installed plugin that its source is not found.</summary>
internal static class SourceLoss
{
    /// <summary>The reason code of a plugin without a source, or null where the failure is one and not a state.</summary>
    internal static string? CodeOf(MarketErrorCode error) => error switch
    {
        MarketErrorCode.PluginNotFound => ReasonCode.NoLongerListed,
        MarketErrorCode.MarketplaceNotFound => ReasonCode.MarketplaceRemoved,
        MarketErrorCode.PluginNotInstalled => ReasonCode.NotCached,
        MarketErrorCode.ManagedByAdministrator or MarketErrorCode.NameReserved or MarketErrorCode.PluginNotAvailable => error.ToString(),
        _ => null,
    };
}
