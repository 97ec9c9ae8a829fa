using System.Text.Json;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>SARIF 2.1.0: one run, every rule that found something described, every finding with a fingerprint
/// that outlives edits elsewhere.</summary>
internal static class SarifReport
{
    internal const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    // The name that code scanning gives to the root of a checkout.
    private const string Root = "%SRCROOT%";

    internal static string Write(ReportContent content)
    {
        var unknown = content.Findings.Where(finding => finding.Rule is null).Select(finding => finding.RuleId)
            .Distinct(StringComparer.Ordinal).ToList();
        var indexes = content.Rules.Select(rule => rule.Id).Concat(unknown).Distinct(StringComparer.Ordinal)
            .Select((id, index) => (id, index)).ToDictionary(pair => pair.id, pair => pair.index, StringComparer.Ordinal);
        return ReportJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, content, unknown);
            if (content.RunName is { } name)
            {
                // What is before the last slash is the category by which uploads are told apart.
                json.WriteStartObject("automationDetails");
                json.WriteString("id", ReportText.Line(name).TrimEnd('/') + "/");
                json.WriteEndObject();
            }

            json.WriteStartArray("invocations");
            json.WriteStartObject();
            json.WriteBoolean("executionSuccessful", true);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("columnKind", "unicodeCodePoints");
            json.WriteStartArray("results");
            foreach (var finding in content.Findings)
            {
                WriteResult(json, finding, indexes[finding.Rule?.Id ?? finding.RuleId]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteTool(Utf8JsonWriter json, ReportContent content, List<string> unknown)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "PluginMarket");
        json.WriteString("version", Origin.ToolVersion);
        json.WriteStartArray("rules");
        foreach (var rule in content.Rules.DistinctBy(rule => rule.Id, StringComparer.Ordinal))
        {
            WriteRule(json, rule);
        }

        foreach (var id in unknown)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, ManifestRule rule)
    {
        // Escaped too: samples of hidden text hold some.
        var (why, bad, good) = (DisplayText.Escape(rule.Why), DisplayText.Escape(rule.BadSample), DisplayText.Escape(rule.GoodSample));
        json.WriteStartObject();
        json.WriteString("id", DisplayText.Escape(rule.Id));
        json.WriteString("name", NameOf(rule));
        WriteMessage(json, "shortDescription", rule.Title);
        WriteMessage(json, "fullDescription", why);
        json.WriteStartObject("help");
        json.WriteString("text", $"{why}\n\nNot so:\n{bad}\n\nBut so:\n{good}");
        json.WriteString("markdown", $"{why}\n\nNot so:\n\n{Fenced(bad)}\n\nBut so:\n\n{Fenced(good)}\n");
        json.WriteEndObject();
        if (Uri.TryCreate(rule.HelpUri, UriKind.Absolute, out var page) && page.Scheme is "https" or "http")
        {
            json.WriteString("helpUri", rule.HelpUri);
        }

        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", LevelOf(rule.Severity));
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteStartArray("tags");
        json.WriteStringValue(rule.Family);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ReportFinding finding, int ruleIndex)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.RuleId);
        json.WriteNumber("ruleIndex", ruleIndex);
        json.WriteString("level", LevelOf(finding.Severity));
        WriteMessage(json, "message", finding.Text);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", ReportPaths.ToUri(finding.PortableFile));
        json.WriteString("uriBaseId", Root);
        json.WriteEndObject();
        if (finding.Line is { } line)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", line);
            json.WriteOptional("startColumn", finding.Column);
            json.WriteOptional("endLine", finding.EndLine);
            json.WriteOptional("endColumn", finding.EndColumn);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (finding.Pointer is { } pointer)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", pointer);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("findingHash/v1", finding.Fingerprint);
        json.WriteEndObject();

        // On every result, since absent on one means that nothing is known of any.
        json.WriteStartArray("suppressions");
        if (finding.IsAccepted)
        {
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteString("status", "accepted");
            json.WriteString("justification", "The baseline accepts this finding.");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (finding.PluginName is { } plugin)
        {
            json.WriteStartObject("properties");
            json.WriteString("pluginName", plugin);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static string LevelOf(string severity) => severity switch
    {
        "Error" => "error",
        "Warning" => "warning",
        _ => "note",
    };

    // Names of rules are identifiers by custom: the title's words, joined.
    private static string NameOf(ManifestRule rule)
    {
        var words = string.Concat(rule.Title.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ',
            StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? rule.Id : string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string Fenced(string sample)
    {
        var fence = new string('`', Math.Max(3, LongestRun(sample) + 1));
        return $"{fence}\n{sample}\n{fence}";
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
