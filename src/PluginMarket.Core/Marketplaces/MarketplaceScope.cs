namespace PluginMarket.Marketplaces;

/// <summary>Who brought a marketplace into view.</summary>
internal enum MarketplaceScope
{
    /// <summary>The user's configuration.</summary>
    User,
    /// <summary>The user's home folder.</summary>
    Personal,
    /// <summary>The repository of the caller's location, or its trusted project configuration.</summary>
    Repository,
    /// <summary>A configuration file of the computer.</summary>
    System,
    /// <summary>A path the caller named.</summary>
    Path,
}
