using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Fleet;

/// <summary><c>lock</c>: writes the exact bytes of installed plugins down.</summary>
internal static class LockCommand
{
    public static Command Build(Terminal terminal)
    {
        var plugins = new Argument<string[]>("PLUGIN")
        {
            Description = "Plugins to lock, PLUGIN or PLUGIN@MARKETPLACE, wildcards allowed; default everything installed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        plugins.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var file = LockFileOption.Make(isRequired: false);
        var command = new Command("lock", "Write a lock file of what is installed.") { plugins, file };
        command.SetAction(Invocation.Of(terminal, run => Lock(run, LockFileOption.PathOf(run, file), run.Arguments.GetValue(plugins)!)));
        return command;
    }

    private static Task<int> Lock(Invocation run, string path, string[] plugins)
    {
        var draft = new LockFileMaker(run.Environment).Make(path, plugins, run.Cancellation);
        if (draft.Failures.Count > 0)
        {
            run.ReportOthers([.. draft.Failures.Skip(1)]);
            return Task.FromResult(Invocation.Report(run.Terminal, run.Json, draft.Failures[0]));
        }

        var changed = draft.File.Write(run.Environment);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["path"] = path,
                ["changed"] = changed,
                ["plugins"] = new JsonArray([.. draft.File.Entries.Select(Describe)]),
            });
        }
        else
        {
            run.Terminal.WriteLine($"{(changed ? "Locked" : "Already locked")} {Terminal.Plugins(draft.File.Plugins)} in {path}.");
            foreach (var entry in draft.File.Entries.Where(entry => entry.HeldAgainstCodex == false))
            {
                run.Terminal.WriteMessage($"warning: {entry.Id} is not held against Codex. {entry.GetHeldReason()}");
            }
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static JsonNode Describe(PluginLockEntry entry) => new JsonObject
    {
        ["id"] = entry.Id,
        ["version"] = entry.Version,
        ["sourceType"] = entry.SourceType,
        ["source"] = entry.Source,
        ["sourcePath"] = entry.SourcePath,
        ["commit"] = entry.Commit,
        ["treeHash"] = entry.TreeHash,
        ["heldAgainstCodex"] = entry.HeldAgainstCodex,
        ["heldReason"] = entry.GetHeldReason()?.In(Face.CommandLine),
        ["isAllowedByPolicy"] = entry.IsAllowedByPolicy,
        ["policyRule"] = entry.PolicyRule,
    };
}
