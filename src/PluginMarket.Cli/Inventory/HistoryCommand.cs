using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Records;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>history</c>: what was done in a home, when, and by whom; the property names are those of the cmdlet's objects.</summary>
internal static class HistoryCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Names of plugins, PLUGIN or PLUGIN@MARKETPLACE, * allowed; by default everything, marketplaces included",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var marketplace = new Option<string[]>("--marketplace", "-m")
        {
            Description = "Only these marketplaces, * allowed; can be given more than once",
            HelpName = "MARKETPLACE",
            DefaultValueFactory = _ => [],
        };
        marketplace.CompletionSources.Add(LocalNames.Marketplaces(terminal));
        var action = new Option<string[]>("--action")
        {
            Description = "Only these actions, such as Install or Hold, * allowed; can be given more than once",
            HelpName = "ACTION",
            DefaultValueFactory = _ => [],
        };
        action.CompletionSources.Add([.. HistoryQuery.Actions]);
        var after = new Option<DateTimeOffset?>("--after") { Description = "The first moment wanted", HelpName = "TIME" };
        var before = new Option<DateTimeOffset?>("--before") { Description = "The last moment wanted", HelpName = "TIME" };
        var command = new Command("history", "Show what was done in this home, when, and by whom.")
        {
            names, marketplace, action, after, before,
        };
        command.SetAction(Invocation.Of(terminal, run => Task.FromResult(Show(run, new HistoryRequest
        {
            Names = run.Arguments.GetValue(names) ?? [],
            Marketplaces = run.Arguments.GetValue(marketplace)!,
            Actions = run.Arguments.GetValue(action)!,
            After = run.Arguments.GetValue(after),
            Before = run.Arguments.GetValue(before),
        }))));
        return command;
    }

    private static int Show(Invocation run, HistoryRequest request)
    {
        var listing = new HistoryQuery(run.Environment).Read(request);
        run.DemandAnswer(listing.Entries.Count > 0, listing.Failures);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["history"] = new JsonArray([.. listing.Entries.Select(Describe)]) });
        }
        else if (listing.Entries.Count == 0)
        {
            run.Terminal.WriteLine("Nothing is recorded.");
        }
        else
        {
            run.Terminal.WriteTable(["ON", "BY", "ACTION", "PLUGIN OR MARKETPLACE", "VERSION", "COMMIT", "NOTE"],
                [.. listing.Entries.Select(entry => new[]
                {
                    entry.On.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), entry.By, entry.Action,
                    entry.Subject, entry.Version ?? "", entry.Commit is { Length: > 12 } commit ? commit[..12] : entry.Commit ?? "",
                    entry.Note ?? "",
                })]);
        }

        return run.ReportOthers(listing.Failures);
    }

    private static JsonNode Describe(PluginHistoryEntry entry) => new JsonObject
    {
        ["on"] = entry.On,
        ["by"] = entry.By,
        ["action"] = entry.Action,
        ["subject"] = entry.Subject,
        ["id"] = entry.Id,
        ["name"] = entry.Name,
        ["marketplace"] = entry.Marketplace,
        ["version"] = entry.Version,
        ["cacheVersion"] = entry.CacheVersion,
        ["commit"] = entry.Commit,
        ["treeHash"] = entry.TreeHash,
        ["source"] = entry.Source,
        ["note"] = entry.Note,
        ["toolVersion"] = entry.ToolVersion,
        ["computerName"] = entry.ComputerName,
        ["userName"] = entry.UserName,
        ["codexHome"] = entry.CodexHome,
    };
}
