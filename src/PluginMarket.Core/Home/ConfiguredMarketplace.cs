namespace PluginMarket.Home;

/// <summary>A <c>[marketplaces.NAME]</c> table as all layers together make it (contract 4.2).</summary>
/// <param name="Name">The key; not checked against the rules of names.</param>
/// <param name="SourceType"><c>git</c>, <c>local</c>, another text, or null where it is missing.</param>
/// <param name="Source">The URL or path as written, or null where it is missing. May hold secrets: make a
/// source of it before showing it.</param>
/// <param name="Ref">The git ref, where one is set.</param>
/// <param name="SparsePaths">The sparse paths, where some are set.</param>
/// <param name="Layer">The highest layer that defines it.</param>
/// <param name="File">That layer's file.</param>
internal sealed record ConfiguredMarketplace(string Name, string? SourceType, string? Source, string? Ref,
    IReadOnlyList<string> SparsePaths, ConfigurationLayer Layer, string File)
{
    /// <summary>Whether the user's own config.toml has the table, so that it can be changed there.</summary>
    public bool InUserLayer { get; init; }

    /// <summary>Its <c>auto_update</c>, which Codex knows since 0.171.0; null where it is missing.</summary>
    public bool? AutoUpdate { get; init; }

    /// <summary>The <c>last_updated</c> that older versions of Codex wrote, as text, or null.</summary>
    public string? LastUpdated { get; init; }
}
