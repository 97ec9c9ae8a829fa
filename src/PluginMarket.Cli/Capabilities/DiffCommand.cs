using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Capabilities;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;

namespace PluginMarket.Cli.Capabilities;

/// <summary><c>diff</c>: what a plugin's source can do that the installed one cannot, or what one plugin can do that another
/// cannot.</summary>
internal static class DiffCommand
{
    public static Command Build(Terminal terminal)
    {
        var before = new Argument<string>("PLUGIN")
        {
            Description = "An installed plugin, PLUGIN or PLUGIN@MARKETPLACE; or with OTHER a folder or id",
        };
        before.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var after = new Argument<string?>("OTHER")
        {
            Description = "A folder, or an id; by default the current source of the catalog",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var files = new Option<bool>("--files") { Description = "List every file that differs too" };
        var command = new Command("diff", "Show what would change: version, commit and what the plugin can do. "
            + "Ends with 3 where something differs.") { before, after, files };
        command.SetAction(Invocation.Of(terminal,
            run => ShowAsync(run, run.Arguments.GetValue(before)!, run.Arguments.GetValue(after), run.Arguments.GetValue(files))));
        return command;
    }

    private static async Task<int> ShowAsync(Invocation run, string before, string? after, bool includeFile)
    {
        var query = new PluginContentQuery(run.Environment, run.Git);
        await using (query)
        {
            var old = await ContentCommand.OpenAsync(run, query, before, PluginContentPlace.InstalledOrCatalog);
            var fresh = await ContentCommand.OpenAsync(run, query, after ?? before,
                after is null ? PluginContentPlace.Catalog : PluginContentPlace.InstalledOrCatalog);
            var changes = old.CompareTo(fresh, includeFile);
            var isSame = changes.Count == 0 && old.IsSameAs(fresh);
            if (run.Json)
            {
                run.Terminal.WriteJson(new JsonObject
                {
                    ["before"] = old.Name,
                    ["after"] = fresh.Name,
                    ["fromVersion"] = old.Manifest.Version,
                    ["toVersion"] = fresh.Manifest.Version,
                    ["fromCommit"] = old.Commit,
                    ["toCommit"] = fresh.Commit,
                    ["isDifferent"] = !isSame,
                    ["changes"] = ChangeText.ToJson(changes),
                });
            }
            else if (isSame)
            {
                run.Terminal.WriteLine("No difference.");
            }
            else
            {
                Write(run.Terminal, old, fresh, changes);
            }

            return isSame ? ExitCode.Done : ExitCode.Findings;
        }
    }

    private static void Write(Terminal terminal, PluginContent old, PluginContent fresh, IReadOnlyList<CapabilityChange> changes)
    {
        terminal.WriteLine(Step(old.Name, fresh.Name));
        terminal.WriteLine($"  version {Step(old.Manifest.Version, fresh.Manifest.Version)}");
        if ((old.Commit ?? fresh.Commit) is not null)
        {
            terminal.WriteLine($"  commit {Step(old.Commit, fresh.Commit)}");
        }

        if (changes.Any(change => change.Component != FileDifference.Component))
        {
            ChangeText.Write(terminal, changes);
            return;
        }

        terminal.WriteLine(old.HasSameFiles(fresh) ? "No capability changes, and no file differs." : "No capability changes.");
        if (changes.Count > 0)
        {
            ChangeText.Write(terminal, changes);
        }
        else if (!old.HasSameFiles(fresh))
        {
            terminal.WriteLine("Other files differ: --files lists them.");
        }
    }

    private static string Step(string? before, string? after) =>
        before == after ? before ?? "(none)" : $"{before ?? "(none)"} -> {after ?? "(none)"}";
}
