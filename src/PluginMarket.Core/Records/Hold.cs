namespace PluginMarket.Records;

/// <summary>That a plugin is to stay at the version it has.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Note">Why, escaped for a terminal, or null.</param>
/// <param name="HeldOn">Since when, in UTC; null where the record cannot be read.</param>
/// <param name="HeldBy">The account that decided it; null where the record cannot be read.</param>
internal sealed record Hold(PluginId Id, string? Note, DateTimeOffset? HeldOn, string? HeldBy);
