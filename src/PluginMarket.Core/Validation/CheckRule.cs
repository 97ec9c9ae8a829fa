using PluginMarket.Json;

namespace PluginMarket.Validation;

/// <summary>One rule as it is declared: what it says, and how it finds out.</summary>
internal sealed class CheckRule(string id, Severity severity, string title)
{
    private static readonly string[] Families =
    [
        "", "Json", "Manifest", "Interface", "Path", "Skill", "McpServer", "App", "Hook", "Catalog", "Entry", "Policy", "Source", "Name",
        "HiddenText", "Secret",
    ];

    internal string Id { get; } = id;

    internal Severity Severity { get; } = severity;

    internal string Title { get; } = title;

    /// <summary>What the agent does, and why that matters.</summary>
    internal required string Why { get; init; }

    /// <summary>Files that make this rule fire and no other, as <see cref="SampleText"/> writes them.</summary>
    internal required string Bad { get; init; }

    /// <summary>The same, right.</summary>
    internal required string Good { get; init; }

    /// <summary>What to do, where the rule knows it without looking.</summary>
    internal string? Suggestion { get; init; }

    /// <summary>The kinds of <see cref="ReaderFinding"/> that are this rule.</summary>
    internal string[] Kinds { get; init; } = [];

    /// <summary>What checks a plugin, where the readers do not already.</summary>
    internal Action<PluginSubject, RuleReport>? Plugin { get; init; }

    /// <summary>What checks a catalog, where the readers do not already.</summary>
    internal Action<CatalogSubject, RuleReport>? Catalog { get; init; }

    internal string Family => Families[int.Parse(Id.AsSpan(2, 2), System.Globalization.CultureInfo.InvariantCulture)];

    internal ManifestRule ToPublic() => new()
    {
        Id = Id,
        Title = Title,
        Family = Family,
        Severity = Severity.ToString(),
        Why = Why,
        BadSample = Bad,
        GoodSample = Good,
    };
}
