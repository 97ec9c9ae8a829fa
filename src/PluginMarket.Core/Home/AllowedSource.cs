namespace PluginMarket.Home;

/// <summary>One rule of <c>[marketplaces.allowed_sources.KEY]</c> in requirements.toml (contract 5.1).</summary>
/// <param name="Key">The rule's name.</param>
/// <param name="Kind"><c>git</c>, <c>host_pattern</c> or <c>local</c>.</param>
/// <param name="Value">The URL, the pattern or the path.</param>
/// <param name="Ref">The only ref allowed, or null for any; git rules alone.</param>
internal sealed record AllowedSource(string Key, string Kind, string Value, string? Ref);
