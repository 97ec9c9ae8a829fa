namespace PluginMarket.Interop.Tests.Validation;

/// <summary>The differences between our findings and what Codex does that docs/validation.md lists, each with its reason.</summary>
internal static class CheckDifferences
{
    /// <summary>The rules whose findings may be where Codex refuses the file, or takes it: by what they are about we cannot tell
    /// which, or it depends on the version.</summary>
    private static readonly Dictionary<string, string> Rows =
        new(StringComparer.Ordinal) { ["PM0107"] = "array-manifest", ["PM1108"] = "policy-array" };

    internal static IEnumerable<string> Ids => Rows.Values;

    internal static bool Explains(ValidationResult result, string version) =>
        result.Diagnostics.Any(finding => Rows.TryGetValue(finding.RuleId, out var row) && DifferenceTable.Holds(row, version));
}
