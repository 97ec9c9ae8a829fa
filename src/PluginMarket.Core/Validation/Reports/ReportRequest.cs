namespace PluginMarket.Validation.Reports;

/// <summary>What to report, and how.</summary>
internal sealed record ReportRequest
{
    /// <summary>The results, in the order to report them; none is a report too.</summary>
    public required IReadOnlyList<ValidationResult> Results { get; init; }

    /// <summary>What plugins can do, or what changes in it, for a review; in Markdown only.</summary>
    public IReadOnlyList<ReviewedCapability> Reviewed { get; init; } = [];

    /// <summary>Results of other kinds: drift, inventories, integrity, environments, updates.</summary>
    public IReadOnlyList<ReportedItem> Items { get; init; } = [];

    /// <summary>The form.</summary>
    public required ReportFormat Format { get; init; }

    /// <summary>The rules there are, whose titles and texts a report shows; a rule that is not among them is reported by its id.</summary>
    public IReadOnlyList<ManifestRule> Rules { get; init; } = [];

    /// <summary>The folder that files are named from, absolute, in the spelling of the computer the results come from; files elsewhere keep
    /// their whole path. Null: all do.</summary>
    public string? BasePath { get; init; }

    /// <summary>What the run is called, where the form has a place for it.</summary>
    public string? RunName { get; init; }
}
