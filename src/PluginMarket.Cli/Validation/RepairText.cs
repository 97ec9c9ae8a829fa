using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Validation;

/// <summary>What <c>validate --fix</c> changed, or would.</summary>
internal static class RepairText
{
    /// <summary>The whole answer of a dry run.</summary>
    internal static int Write(Invocation run, List<ManifestRepair> repairs)
    {
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["repairs"] = Describe(run.Terminal, repairs) });
        }
        else if (repairs.Count == 0)
        {
            run.Terminal.WriteLine("There is nothing to repair.");
        }
        else
        {
            WriteLines(run.Terminal, repairs);
        }

        return repairs.Count == 0 ? ExitCode.Done : ExitCode.Findings;
    }

    internal static void WriteLines(Terminal terminal, List<ManifestRepair> repairs)
    {
        foreach (var repair in repairs)
        {
            terminal.WriteLine($"{(repair.Status == "Repaired" ? "Repaired" : "Would repair")} {PathOf(terminal, repair)}");
            foreach (var edit in repair.Edits)
            {
                terminal.WriteLine($"  {edit}");
            }
        }
    }

    internal static JsonArray Describe(Terminal terminal, List<ManifestRepair> repairs) =>
        [.. repairs.Select(repair => (JsonNode)new JsonObject
        {
            ["path"] = PathOf(terminal, repair),
            ["status"] = repair.Status,
            ["edits"] = new JsonArray([.. repair.Edits.Select(edit => (JsonNode)new JsonObject
            {
                ["ruleId"] = edit.RuleId,
                ["message"] = edit.Message,
                ["line"] = edit.Line,
                ["column"] = edit.Column,
                ["before"] = edit.Before,
                ["after"] = edit.After,
            })]),
        })];

    private static string PathOf(Terminal terminal, ManifestRepair repair) =>
        Path.GetRelativePath(terminal.WorkingDirectory, repair.Path).Replace(Path.DirectorySeparatorChar, '/');
}
