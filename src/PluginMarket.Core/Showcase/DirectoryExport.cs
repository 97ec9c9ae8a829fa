using PluginMarket.Sources.Git;

namespace PluginMarket.Showcase;

/// <summary>Which marketplaces to show on one page, and where to write it.</summary>
internal sealed record DirectoryExportRequest
{
    /// <summary>The page's file, absolute; its folder exists. A file that is there is replaced.</summary>
    public required string Path { get; init; }

    /// <summary>Wildcard patterns on the marketplace's name; empty means all in view, unless
    /// <see cref="CatalogPaths"/> names some.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>Roots or catalog files that need not be registered, absolute.</summary>
    public IReadOnlyList<string> CatalogPaths { get; init; } = [];

    /// <summary>The page's heading; by default the marketplace's name where there is one only.</summary>
    public string? Title { get; init; }

    /// <summary>Whether git sources are fetched to show what they say of themselves.</summary>
    public bool Resolve { get; init; }

    /// <summary>How git may be used for that.</summary>
    public GitOptions Git { get; init; } = GitOptions.Default;
}

/// <summary>What an export did.</summary>
/// <param name="Path">The file written, absolute; null where nothing could be read.</param>
/// <param name="Plugins">How many entries the page shows, skipped ones too.</param>
/// <param name="Failures">One failure per marketplace that could not be read.</param>
internal sealed record DirectoryExport(string? Path, int Plugins, IReadOnlyList<PluginMarketException> Failures);
