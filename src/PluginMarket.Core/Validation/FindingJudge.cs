using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Validation;

/// <summary>Makes the result that users see of what the rules found: settings applied, places and fingerprints added, in order.</summary>
internal sealed class FindingJudge
{
    private readonly ValidationRequest _request;
    private readonly NamePattern[] _wanted;
    private readonly NamePattern[] _excluded;

    internal FindingJudge(ValidationRequest request)
    {
        _request = request;
        _wanted = [.. NamePattern.ReadAll(request.Rules)];
        _excluded = [.. NamePattern.ReadAll([.. request.ExcludedRules, .. request.Settings.Excluded])];
        Rules = [.. RuleSet.Checks.Where(Applies)];
    }

    /// <summary>The rules that are asked for.</summary>
    internal IReadOnlyList<CheckRule> Rules { get; }

    internal bool Applies(CheckRule rule) =>
        NamePattern.MatchesAny(_wanted, rule.Id) && (_excluded.Length == 0 || !NamePattern.MatchesAny(_excluded, rule.Id))
        && SeverityOf(rule) >= _request.MinimumSeverity;

    /// <summary>Makes the result.</summary>
    /// <param name="kind"><c>Plugin</c> or <c>Marketplace</c>.</param>
    /// <param name="folder">The folder that was checked.</param>
    /// <param name="name">What its file calls it, escaped.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="textOf">The text of a file, or null.</param>
    /// <param name="entryNames">The names of a catalog's entries by their place, to be found again when others move.</param>
    internal ValidationResult Conclude(string kind, string folder, string? name, List<RuleFinding> findings, Func<string, string?> textOf,
        IReadOnlyList<string>? entryNames = null)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var ordered = findings
            .Where(finding => Applies(finding.Rule) && !(finding.Path.Length > 0 && _request.Settings.Ignored.Match(finding.Path)))
            .OrderBy(finding => finding.Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Position?.Line ?? 0)
            .ThenBy(finding => finding.Position?.Column ?? 0)
            .ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal);
        var diagnostics = ordered.Select(finding =>
        {
            var identity = IdentityOf(finding, textOf, entryNames);
            var nth = seen[identity] = seen.GetValueOrDefault(identity) + 1;
            var fingerprint = Convert.ToHexString(SHA256.HashData(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{identity}\0{nth}")))).ToLowerInvariant();
            return new Diagnostic(finding.Said ?? $"{finding.Message}",
                finding.Suggestion is null ? null : (Message)$"{finding.Suggestion}")
            {
                Severity = SeverityOf(finding.Rule).ToString(),
                RuleId = finding.Rule.Id,
                File = DisplayText.Escape(finding.File ?? (finding.Path.Length == 0 ? folder : LocalPaths.Show(folder, finding.Path))),
                Line = finding.Position?.Line,
                Column = finding.Position?.Column,
                EndLine = finding.Position?.EndLine,
                EndColumn = finding.Position?.EndColumn,
                JsonPointer = finding.Pointer is null ? null : Addresses.Hide(DisplayText.Escape(finding.Pointer)),
                HelpUri = $"{ManifestRule.Page}#{finding.Rule.Id.ToLowerInvariant()}",
                PluginName = kind == "Plugin" ? name : finding.Plugin is null ? null : Addresses.Hide(DisplayText.Escape(finding.Plugin)),
                Fingerprint = fingerprint,
                IsAccepted = _request.Settings.Baseline.Contains(fingerprint),
            };
        }).ToArray();
        return new ValidationResult
        {
            Kind = kind,
            Name = name,
            Path = DisplayText.Escape(folder),
            IsValid = !diagnostics.Any(diagnostic =>
                !diagnostic.IsAccepted && (diagnostic.Severity == "Error" || (_request.Strict && diagnostic.Severity == "Warning"))),
            Diagnostics = diagnostics,
            ComputerName = Origin.ComputerName,
        };
    }

    private Severity SeverityOf(CheckRule rule) =>
        _request.Settings.Severities.TryGetValue(rule.Id, out var severity) ? severity : rule.Severity;

    // Neither lines nor folders, only what is wrong and where in its own file: so it stays the same when the rest moves.
    private static string IdentityOf(RuleFinding finding, Func<string, string?> textOf, IReadOnlyList<string>? entryNames)
    {
        var pointer = finding.Pointer ?? "";
        if (entryNames is not null && pointer.StartsWith("/plugins/", StringComparison.Ordinal))
        {
            var end = pointer.IndexOf('/', "/plugins/".Length);
            var index = int.TryParse(pointer.AsSpan("/plugins/".Length, (end < 0 ? pointer.Length : end) - "/plugins/".Length),
                NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
            pointer = index >= 0 && index < entryNames.Count && entryNames[index].Length > 0
                ? $"/plugins/{entryNames[index]}{(end < 0 ? "" : pointer[end..])}" : pointer;
        }

        var text = finding.Position is { } position && textOf(finding.Path) is { } whole ? TextPlaces.Cut(whole, position) : "";
        return string.Join('\0', "1", finding.Rule.Id, finding.Path, pointer, string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
    }
}
