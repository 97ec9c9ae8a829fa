using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>A request made ready for writers: every text escaped, every place sound, every path seen from the base.</summary>
internal sealed class ReportContent
{
    internal ReportContent(ReportRequest request)
    {
        Paths = new ReportPaths(request.BasePath);
        RunName = string.IsNullOrWhiteSpace(request.RunName) ? null : DisplayText.Escape(request.RunName);
        var known = request.Rules.GroupBy(rule => rule.Id, StringComparer.Ordinal).ToDictionary(rules => rules.Key,
            rules => rules.First(), StringComparer.Ordinal);
        Checks = [.. request.Results.Select(result => new ReportCheck(result, Paths, known))];
        Findings = [.. Checks.SelectMany(check => check.Findings)];
        Rules = [.. Findings.Select(finding => finding.Rule).OfType<ManifestRule>().DistinctBy(rule => rule.Id, StringComparer.Ordinal)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal)];
        WarningsFail = request.Results.Any(result => !result.IsValid && result.ErrorCount == 0);
    }

    internal ReportPaths Paths { get; }

    internal string? RunName { get; }

    /// <summary>The rules that found something, by id.</summary>
    internal IReadOnlyList<ManifestRule> Rules { get; }

    internal IReadOnlyList<ReportCheck> Checks { get; }

    /// <summary>The findings of all checks, accepted ones included.</summary>
    internal IReadOnlyList<ReportFinding> Findings { get; }

    /// <summary>Whether the check was strict: only then is a result without an error not valid.</summary>
    internal bool WarningsFail { get; }

    internal int Count(string severity) => Findings.Count(finding => finding.Severity == severity && !finding.IsAccepted);

    internal int Accepted => Findings.Count(finding => finding.IsAccepted);

    /// <summary>What was checked and found, in one sentence of ours.</summary>
    internal string Summary()
    {
        var marketplaces = Checks.Count(check => check.Kind == "Marketplace");
        var plugins = Checks.Count - marketplaces;
        var subject = (plugins, marketplaces) switch
        {
            (_, 0) => Number(plugins, "plugin"),
            (0, _) => Number(marketplaces, "marketplace"),
            _ => $"{Number(plugins, "plugin")} and {Number(marketplaces, "marketplace")}",
        };
        return $"{subject} checked: {Number(Count("Error"), "error")}, {Number(Count("Warning"), "warning")}, "
            + $"{Count("Information")} for information{(Accepted > 0 ? $", {Accepted} accepted before" : "")}.";
    }

    private static string Number(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
