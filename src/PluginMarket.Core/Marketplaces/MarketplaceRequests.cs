using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Which marketplaces to list.</summary>
internal sealed record MarketplaceListRequest
{
    /// <summary>Wildcard patterns (<c>*</c>, <c>?</c>, <c>[…]</c>, ignoring case) on the name; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary><c>User</c>, <c>Personal</c>, <c>Repository</c>, <c>System</c>, ignoring case; empty means all.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Absolute paths of roots or catalog files that need not be registered; when given, only these are listed.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>The marketplaces that could be read, and why others could not.</summary>
/// <param name="Marketplaces">In Codex's order: the personal one, then the configured ones by root path, then those of the
/// repository.</param>
/// <param name="Failures">One failure per marketplace that could not be read, or per literal name that does not exist.</param>
internal sealed record MarketplaceListing(IReadOnlyList<Marketplace> Marketplaces, IReadOnlyList<PluginMarketException> Failures)
{
    /// <summary>Those that are configured and could not be read, each with its reason, which is among the failures too.</summary>
    public IReadOnlyList<Marketplace> Unreadable { get; init; } = [];
}

/// <summary>A marketplace to register (contract 4.1, 4.2).</summary>
internal sealed record MarketplaceAddRequest
{
    /// <summary>The source as typed; relative paths start at the caller's location.</summary>
    public required string Source { get; init; }

    /// <summary>The name the catalog must have, or null for whatever it has.</summary>
    public string? Name { get; init; }

    /// <summary>A branch, tag or full commit; wins over one inside the source.</summary>
    public string? Ref { get; init; }

    /// <summary>A full commit id; stored as the ref.</summary>
    public string? Sha { get; init; }

    /// <summary>Folders to keep of a git source, in the manner of git's cone mode; empty means all.</summary>
    public IReadOnlyList<string> SparsePaths { get; init; } = [];

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = new();
}

/// <summary>What registering did.</summary>
/// <param name="Marketplace">The marketplace as it is now.</param>
/// <param name="AlreadyAdded">Whether the same source was registered before; then nothing but keys that
/// Codex would drop too was changed.</param>
internal sealed record MarketplaceAddition(Marketplace Marketplace, bool AlreadyAdded);

/// <summary>A change of a registered marketplace.</summary>
internal sealed record MarketplaceSetRequest
{
    /// <summary>The configured name, exact.</summary>
    public required string Name { get; init; }

    /// <summary>The new branch, tag or commit; an empty text returns to the default branch; null keeps it.</summary>
    public string? Ref { get; init; }

    /// <summary>A full commit id; stored as the ref.</summary>
    public string? Sha { get; init; }

    /// <summary>The new source; null keeps it.</summary>
    public string? Source { get; init; }

    /// <summary>The new folders to keep of a git source, empty for all; null keeps those that are set.</summary>
    public IReadOnlyList<string>? SparsePaths { get; init; }

    /// <summary>The new <c>auto_update</c>; null keeps it.</summary>
    public bool? AutoUpdate { get; init; }

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = new();
}

/// <summary>Which registered marketplaces to bring up to date.</summary>
internal sealed record MarketplaceUpdateRequest
{
    /// <summary>Whether only to say what updating would come to, without a server being asked or anything changed.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Wildcard patterns or names; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How many are fetched at once; more are asked, as <see cref="MarketplaceQuestions.AtOnce"/> says.</summary>
    public int ThrottleLimit { get; init; } = 5;

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = new();
}

/// <summary>What updating did.</summary>
/// <param name="Results">One result per marketplace, sorted by name.</param>
/// <param name="Failures">The failure behind each result whose status is <c>Failed</c>, and one per
/// literal name that does not exist.</param>
internal sealed record MarketplaceUpdateOutcome(IReadOnlyList<MarketplaceUpdateResult> Results,
    IReadOnlyList<PluginMarketException> Failures);

/// <summary>A marketplace to take out of the user's configuration.</summary>
internal sealed record MarketplaceRemoveRequest
{
    /// <summary>The configured name, exact.</summary>
    public required string Name { get; init; }
}

/// <summary>What was removed.</summary>
/// <param name="Name">The configured name.</param>
/// <param name="InstalledRoot">The snapshot folder that is gone, or null where there was none.</param>
/// <param name="Marketplace">The marketplace as it was, where it could still be read.</param>
internal sealed record MarketplaceRemoval(string Name, string? InstalledRoot, Marketplace? Marketplace);
