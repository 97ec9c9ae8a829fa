using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;

namespace PluginMarket.Inventory;

/// <summary>Which catalog entries to find. Every filter given must hold; a filter with several values holds when one of them
/// does.</summary>
internal sealed record PluginFindRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Wildcard patterns on the marketplace's name; empty means all.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>Catalog files, absolute: only entries of these; fills from piped marketplaces.</summary>
    public IReadOnlyList<string> CatalogPaths { get; init; } = [];

    /// <summary>Roots or catalog files that need not be registered, absolute; when given, only these are searched.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Wildcard patterns on the category; empty means all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Keywords, ignoring case, wildcards allowed.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Words that name, display name, description or keywords contain, ignoring case, wildcards allowed; all of them.</summary>
    public IReadOnlyList<string> Queries { get; init; } = [];

    /// <summary>Kinds of component (<c>Skill</c>, <c>App</c>, <c>McpServer</c>, <c>Hook</c>, <c>Command</c>), ignoring case. An entry whose
    /// source is not read does not match.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Words of <c>interface.capabilities</c>, ignoring case, wildcards allowed. An entry whose
    /// source is not read does not match.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Installation policies.</summary>
    public IReadOnlyList<InstallationPolicy> Installation { get; init; } = [];

    /// <summary>Authentication policies.</summary>
    public IReadOnlyList<AuthenticationPolicy> Authentication { get; init; } = [];

    /// <summary>Whether skipped and hidden entries are listed too.</summary>
    public bool IncludeSkipped { get; init; }

    /// <summary>Whether git and npm sources are fetched to fill in what they say of themselves.</summary>
    public bool Resolve { get; init; }

    /// <summary>Whether a long listing reads the manifests of local plugins alone, and their other files when somebody asks for what is
    /// in them.</summary>
    public bool DefersFiles { get; init; }

    /// <summary>What a session remembers of manifests; null where each is read.</summary>
    public ManifestMemory? Manifests { get; init; }

    /// <summary>How many sources are fetched at once.</summary>
    public int ThrottleLimit { get; init; } = 5;

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = new();
}

/// <summary>The entries found, and what could not be read.</summary>
/// <param name="Plugins">In the order of the marketplaces and of their files.</param>
/// <param name="Failures">One failure per marketplace that could not be read, and per literal name that no marketplace has.</param>
internal sealed record PluginListing(IReadOnlyList<Plugin> Plugins, IReadOnlyList<PluginMarketException> Failures);

/// <summary>The entries found, and what could not be read.</summary>
/// <param name="Entries">In the order of the marketplaces and of their files.</param>
/// <param name="Failures">One failure per marketplace that could not be read.</param>
internal sealed record EntryListing(IReadOnlyList<LocatedEntry> Entries, IReadOnlyList<PluginMarketException> Failures);
