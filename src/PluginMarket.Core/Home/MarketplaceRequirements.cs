namespace PluginMarket.Home;

/// <summary>What the administrator's requirements.toml says of marketplaces (contract 5.1).</summary>
/// <param name="Restricted">Whether only allowed sources may be used.</param>
/// <param name="AllowedSources">The rules; none with <paramref name="Restricted"/> means that nothing is allowed.</param>
/// <param name="PluginsFeature">The <c>[features] plugins</c> demanded, or null.</param>
/// <param name="File">The file, or null where there is none.</param>
/// <param name="Refusal">Why a rule cannot be understood; then nothing may be added (fail closed), or null.</param>
internal sealed record MarketplaceRequirements(bool Restricted, IReadOnlyList<AllowedSource> AllowedSources, bool? PluginsFeature,
    string? File, string? Refusal);
