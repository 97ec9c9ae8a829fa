namespace PluginMarket.Interop.Tests.Validation;

/// <summary>The differences between our findings and what Codex does that docs/validation.md lists, each with its reason.</summary>
internal static class CheckDifferences
{
    /// <summary>The rules whose findings may stand where Codex refuses the file, or takes it: by what they are about we cannot tell which.</summary>
    private static readonly Dictionary<string, string> Rows = new(StringComparer.Ordinal) { ["PM0107"] = "array-manifest", ["PM0108"] = "json-text" };

    internal static IEnumerable<string> Ids => Rows.Values;

    internal static bool Explains(ValidationResult result) => result.Diagnostics.Any(finding => Rows.ContainsKey(finding.RuleId));
}
