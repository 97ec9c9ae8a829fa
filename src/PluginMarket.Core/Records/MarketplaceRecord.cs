namespace PluginMarket.Records;

/// <summary>A line of a home's history that is about a marketplace and not about one plugin.</summary>
/// <param name="On">When, in UTC.</param>
/// <param name="Action"><c>policy</c>: what a policy that only reports would have refused.</param>
/// <param name="Marketplace">The marketplace.</param>
/// <param name="Note">What happened.</param>
internal sealed record MarketplaceRecord(DateTimeOffset On, string Action, string Marketplace, string Note)
{
    /// <summary>The account.</summary>
    public string By { get; init; } = Identity.Origin.UserName;

    /// <summary>The version of this tool.</summary>
    public string ToolVersion { get; init; } = Identity.Origin.ToolVersion;
}
