using System.Text.Json;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>The results with the property names of the objects.</summary>
internal static class JsonReport
{
    internal static string Write(ReportContent content) => ReportJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("tool", "PluginMarket");
        json.WriteString("toolVersion", Origin.ToolVersion);
        json.WriteOptional("runName", content.RunName);
        json.WriteNumber("errorCount", content.Count("Error"));
        json.WriteNumber("warningCount", content.Count("Warning"));
        json.WriteNumber("informationCount", content.Count("Information"));
        json.WriteNumber("acceptedCount", content.Accepted);
        json.WriteStartArray("results");
        foreach (var check in content.Checks)
        {
            WriteCheck(json, check);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteCheck(Utf8JsonWriter json, ReportCheck check)
    {
        json.WriteStartObject();
        json.WriteString("kind", check.Kind);
        json.WriteOptional("name", check.Result.Name is null ? null : check.Name);
        json.WriteString("path", check.Path);
        json.WriteBoolean("isValid", check.Result.IsValid);
        json.WriteNumber("errorCount", check.Result.ErrorCount);
        json.WriteNumber("warningCount", check.Result.WarningCount);
        json.WriteString("computerName", DisplayText.Escape(check.Result.ComputerName));
        json.WriteStartArray("diagnostics");
        foreach (var finding in check.Findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity);
            json.WriteString("ruleId", finding.RuleId);
            json.WriteString("message", finding.Message);
            json.WriteOptional("suggestion", finding.Suggestion);
            json.WriteString("file", finding.File);
            if (finding.ShownFile != finding.File)
            {
                json.WriteString("relativeFile", finding.ShownFile);
            }

            json.WriteOptional("line", finding.Line);
            json.WriteOptional("column", finding.Column);
            json.WriteOptional("endLine", finding.EndLine);
            json.WriteOptional("endColumn", finding.EndColumn);
            json.WriteOptional("jsonPointer", finding.Pointer);
            json.WriteOptional("pluginName", finding.PluginName);
            json.WriteString("fingerprint", finding.Fingerprint);
            json.WriteBoolean("isAccepted", finding.IsAccepted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
