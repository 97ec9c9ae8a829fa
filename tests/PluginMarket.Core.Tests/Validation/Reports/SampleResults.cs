using System.Security.Cryptography;
using System.Text;
using PluginMarket.Messages;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Core.Tests.Validation.Reports;

/// <summary>Results as the checks give them, made by hand.</summary>
internal static class SampleResults
{
    internal static readonly ManifestRule[] Rules =
    [
        Rule("PM0101", "The file is not JSON", "Json", "Error", "Codex refuses a manifest that is not JSON.",
            "{\"name\": \"a\",}", "{\"name\": \"a\"}"),
        Rule("PM1002", "The version is blank", "Manifest", "Error", "Codex refuses it.",
            "{\"version\": \"```\"}", "{\"version\": \"1.0.0\"}"),
        Rule("PM2003", "A prompt is too long", "Interface", "Warning", "Codex drops it.", "{}", "{}"),
        Rule("PM9004", "A keyword is missing", "Manifest", "Information", "Finding is easier with keywords.",
            "{\"a\": \"\u202E\u001b[2J ##vso[x]\"}", "{}"),
    ];

    /// <summary>One plugin with findings of each severity and an accepted one, one without any, one
    /// marketplace with a file that is missing.</summary>
    internal static ValidationResult[] Mixed(bool strict = false) =>
    [
        Result("Plugin", "demo", "/src/plugins/demo", strict,
            Finding("Error", "PM1002", "The version is blank.", "/src/plugins/demo/.codex-plugin/plugin.json", 3, 14,
                3, 16, "/version", "Write 1.0.0."),
            Finding("Error", "PM1002", "The version is blank again.", "/src/plugins/demo/.codex-plugin/plugin.json", 5, 2, 6, 1, "/a~1b/0"),
            Finding("Warning", "PM2003", "The prompt has 600 characters.", "/src/plugins/demo/.codex-plugin/plugin.json", 7, 1,
                7, 9, "/interface/defaultPrompt"),
            Finding("Information", "PM9004", "Add keywords.", "/src/plugins/demo/.codex-plugin/plugin.json", 1, 1, 1, 2, ""),
            Finding("Error", "PM0101", "Not JSON.", "/src/plugins/demo/.mcp.json", 1, 1, 1, 2, null, accepted: true)),
        Result("Plugin", "clean", "/src/plugins/clean & more", strict),
        Result("Marketplace", "corp", "/elsewhere/corp", strict,
            Finding("Warning", "PM7777", "The folder is missing.", "/elsewhere/corp/plugins/x", null, null, null, null, null)),
    ];

    internal static ValidationResult Result(string kind, string? name, string path, bool strict, params Diagnostic[] findings) => new()
    {
        Kind = kind,
        Name = name,
        Path = path,
        IsValid = !findings.Any(
            finding => !finding.IsAccepted && (finding.Severity == "Error" || (strict && finding.Severity == "Warning"))),
        Diagnostics = findings,
        ComputerName = "build-7",
    };

    internal static Diagnostic Finding(string severity, string rule, string message, string file, int? line, int? column, int? endLine,
        int? endColumn, string? pointer, string? suggestion = null, bool accepted = false) =>
        new($"{message}", suggestion is null ? null : (Message)$"{suggestion}")
        {
            Severity = severity,
            RuleId = rule,
            File = file,
            Line = line,
            Column = column,
            EndLine = endLine,
            EndColumn = endColumn,
            JsonPointer = pointer,
            HelpUri = "docs/rules.md#" + rule,
            PluginName = "demo",
            Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rule + message))).ToLowerInvariant(),
            IsAccepted = accepted,
        };

    internal static string Write(ReportFormat format, ValidationResult[]? results = null, string? basePath = "/src",
        string? runName = null) =>
            ReportWriter.Write(
                new ReportRequest { Results = results ?? Mixed(), Format = format, Rules = Rules, BasePath = basePath, RunName = runName });

    private static ManifestRule Rule(string id, string title, string family, string severity, string why, string bad, string good) =>
        new() { Id = id, Title = title, Family = family, Severity = severity, Why = why, BadSample = bad, GoodSample = good };
}
