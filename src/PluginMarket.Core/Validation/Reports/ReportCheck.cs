using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>One result as writers see it.</summary>
internal sealed class ReportCheck
{
    internal ReportCheck(ValidationResult result, ReportPaths paths, IReadOnlyDictionary<string, ManifestRule> rules)
    {
        Result = result;
        Kind = result.Kind == "Marketplace" ? "Marketplace" : "Plugin";
        Path = DisplayText.Escape(result.Path);
        ShownPath = paths.Show(Path);
        PortablePath = paths.Portable(Path, Path);
        Name = string.IsNullOrWhiteSpace(result.Name) ? ShownPath : DisplayText.Escape(result.Name);
        Findings = [.. result.Diagnostics.Select(
            diagnostic => new ReportFinding(diagnostic, paths, rules.GetValueOrDefault(diagnostic.RuleId), Path))];
    }

    internal ValidationResult Result { get; }

    internal string Kind { get; }

    /// <summary>The name, or the path where there is none.</summary>
    internal string Name { get; }

    internal string Path { get; }

    internal string ShownPath { get; }

    /// <summary>The path without a place of the computer: from the base, else the folder's name.</summary>
    internal string PortablePath { get; }

    internal IReadOnlyList<ReportFinding> Findings { get; }
}
