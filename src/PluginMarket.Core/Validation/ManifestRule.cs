namespace PluginMarket;

/// <summary>One rule of the checks, as <c>Get-PluginManifestRule</c>, the reports and <c>docs/rules.md</c> show it.</summary>
public sealed class ManifestRule
{
    /// <summary>The stable id: <c>PM</c> and four digits, the first two of which are the family.</summary>
    public required string Id { get; init; }

    /// <summary>The rule in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The family, such as <c>Interface</c> or <c>Hooks</c>.</summary>
    public required string Family { get; init; }

    /// <summary><c>Error</c>, <c>Warning</c> or <c>Information</c> when no settings change it.</summary>
    public required string Severity { get; init; }

    /// <summary>What the agent does with such a file, and why that matters.</summary>
    public required string Why { get; init; }

    /// <summary>What makes the rule fire.</summary>
    public required string BadSample { get; init; }

    /// <summary>The same, right.</summary>
    public required string GoodSample { get; init; }

    /// <summary>The rule's page.</summary>
    public string HelpUri => $"{Page}#{Id.ToLowerInvariant()}";

    /// <summary>The id and the title.</summary>
    public override string ToString() => $"{Id} {Title}";

    /// <summary>Where the rules' page is; relative, so that it is right in the repository and in the package.</summary>
    internal const string Page = "docs/rules.md";
}
