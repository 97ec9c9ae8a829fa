namespace PluginMarket.Files;

/// <summary>Caps on what is read and written; whatever passes one is refused before anything is written.</summary>
/// <remarks>Codex has none of these for local and git sources (contract 8).</remarks>
internal sealed record Limits
{
    /// <summary>The documented caps.</summary>
    public static Limits Default { get; } = new();

    /// <summary>Bytes of one catalog.</summary>
    public long CatalogBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of one manifest or companion file.</summary>
    public long ManifestBytes { get; init; } = 1L << 20;

    /// <summary>Bytes of one config.toml.</summary>
    public long ConfigurationBytes { get; init; } = 4L << 20;

    /// <summary>Levels of nesting in JSON.</summary>
    public int JsonDepth { get; init; } = 64;

    /// <summary>UTF-8 bytes of one JSON string.</summary>
    public int JsonStringBytes { get; init; } = 64 << 10;

    /// <summary>Names and values of one JSON file.</summary>
    public int JsonTokens { get; init; } = 16_000_000;

    /// <summary>Entries of one catalog.</summary>
    public int CatalogEntries { get; init; } = 250_000;

    /// <summary>Bytes of one file or folder name in a plugin.</summary>
    public int SegmentBytes { get; init; } = 200;

    /// <summary>Bytes of one relative path in a plugin.</summary>
    public int PathBytes { get; init; } = 400;

    /// <summary>Folder levels in a plugin.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Files of one plugin.</summary>
    public int PluginFiles { get; init; } = 20_000;

    /// <summary>Bytes of one file in a plugin.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of one plugin.</summary>
    public long PluginBytes { get; init; } = 512L << 20;

    /// <summary>Files of one marketplace snapshot.</summary>
    public int MarketplaceFiles { get; init; } = 200_000;

    /// <summary>Bytes of one marketplace snapshot.</summary>
    public long MarketplaceBytes { get; init; } = 4L << 30;

    /// <summary>How long a git command may stand still: nothing comes, and nothing is written.</summary>
    public TimeSpan GitTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bytes of one npm package as it is sent, as with Codex (contract 3.2).</summary>
    public long NpmPackedBytes { get; init; } = 50L << 20;

    /// <summary>Bytes of all files of one npm package, as with Codex.</summary>
    public long NpmUnpackedBytes { get; init; } = 250L << 20;

    /// <summary>How long npm may stand still.</summary>
    public TimeSpan NpmTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Time for all that one command fetches, as the user limits it; null for no limit.</summary>
    public FetchTime? FetchTime { get; init; }

    /// <summary>How long to wait for the home's lock.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(60);
}
