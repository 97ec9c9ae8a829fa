namespace PluginMarket.Marketplaces;

/// <summary>What is written of one catalog entry; null leaves a key as it is.</summary>
internal sealed record CatalogEntryChange
{
    /// <summary>The source.</summary>
    public SourceText? Source { get; init; }

    /// <summary><c>policy.installation</c> in the format's spelling.</summary>
    public string? Installation { get; init; }

    /// <summary><c>policy.authentication</c> in the format's spelling.</summary>
    public string? Authentication { get; init; }

    /// <summary>The category, free text; the empty text takes the key away.</summary>
    public string? Category { get; init; }
}
