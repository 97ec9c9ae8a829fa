namespace PluginMarket;

/// <summary>What a catalog is, as far as it decides which sources it may name.</summary>
/// <param name="MarketplaceRoot">The absolute folder that relative paths and URLs start from.</param>
/// <param name="CatalogIsRemote">Whether the catalog came over the network; such a one may not name paths of this machine (contract section 8).</param>
public sealed record SourceContext(string MarketplaceRoot, bool CatalogIsRemote)
{
    /// <summary>Whether a local path may do without <c>./</c>, as in Cursor's catalogs (contract 1.5).</summary>
    public bool AllowsBarePaths { get; init; }
}

/// <summary>What became of the <c>source</c> of one catalog entry.</summary>
/// <param name="Source">The source, or null where the entry must be skipped.</param>
/// <param name="Problem">Why the entry is skipped, for people.</param>
/// <param name="Code">The failure that using the entry gives.</param>
public sealed record SourceReading(PluginSource? Source, string? Problem, MarketErrorCode? Code = null)
{
    /// <summary>Which mistake it is, for the checks.</summary>
    internal string Kind { get; init; } = "SourceForm";

    /// <summary>The value at fault; null where it is the source as a whole.</summary>
    internal JsonValue? At { get; init; }
}
