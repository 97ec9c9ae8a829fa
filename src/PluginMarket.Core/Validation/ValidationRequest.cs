using PluginMarket.Sources.Git;

namespace PluginMarket.Validation;

/// <summary>What to check, and what counts.</summary>
internal sealed record ValidationRequest
{
    /// <summary>Plugin folders, or files in one; or marketplace roots, or catalog files. Absolute.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Whether the folders below a path are looked through as well.</summary>
    public bool Recurse { get; init; }

    /// <summary>Whether the walk of <see cref="Recurse"/> also checks what is below a catalog and is not listed in it.</summary>
    public bool IncludeUnlisted { get; init; }

    /// <summary>Whether a listed plugin whose folder cannot be read is left to the check of its catalog, which tells it too.</summary>
    public bool LeavesMissingToCatalog { get; init; }

    /// <summary>The name that the manifests must have, and that of one without a name; null where the folder's name stands for a
    /// missing one and any other is fine.</summary>
    public string? Name { get; init; }

    /// <summary>Ids of the rules to apply, wildcards allowed; all where empty.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Ids of rules to leave out, wildcards allowed.</summary>
    public IReadOnlyList<string> ExcludedRules { get; init; } = [];

    /// <summary>Findings below are left out.</summary>
    public Severity MinimumSeverity { get; init; } = Severity.Information;

    /// <summary>Whether a warning makes a result invalid too.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether the sources of a catalog's entries that are not in its folder are fetched and checked too.</summary>
    public bool ResolveSources { get; init; }

    /// <summary>What git is allowed and supplied, when sources are resolved.</summary>
    public GitOptions? Git { get; init; }

    /// <summary>Severities, exclusions and accepted findings of a settings file.</summary>
    public ValidationSettings Settings { get; init; } = ValidationSettings.None;
}

/// <summary>The outcome of a check.</summary>
/// <param name="Results">One per plugin or marketplace, in the order of the paths.</param>
/// <param name="Failures">What could not be checked.</param>
internal sealed record ValidationListing(IReadOnlyList<ValidationResult> Results, IReadOnlyList<PluginMarketException> Failures);
