using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Capabilities;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation.Updates;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Installation;

/// <summary><c>outdated</c>: what updating would bring; the property names are those of the cmdlet's objects.</summary>
internal static class OutdatedCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Names of installed plugins, PLUGIN or PLUGIN@MARKETPLACE, * allowed; all by default",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var refresh = new Option<bool>("--refresh") { Description = "Bring the marketplaces up to date before" };
        var files = new Option<bool>("--files") { Description = "List every file that would change, with --json" };
        var command = new Command("outdated", "Show what updating installed plugins would bring. "
            + "Ends with 3 where there is something.") { names, refresh, files };
        var all = AllUsersOption.Make(command, "Do so for the homes of all accounts of people");
        command.SetAction(AllUsersOption.Run(terminal, all, run => ShowAsync(run, new PluginUpdateRequest
        {
            Names = run.Arguments.GetValue(names) ?? [],
            Refresh = run.Arguments.GetValue(refresh),
            IncludeContentChange = run.Arguments.GetValue(files),
            Git = run.Git,
        }), run => run.Arguments.GetValue(refresh)));
        return command;
    }

    private static async Task<int> ShowAsync(Invocation run, PluginUpdateRequest request)
    {
        var listing = await new PluginUpdateQuery(run.Environment).FindAsync(request, run.Cancellation);
        var isCompared = listing.Updates.Any(update => listing.Failures.All(failure => failure.Code.ToString() != update.Change));
        run.DemandAnswer(isCompared || listing.Failures.Count < request.Names.Count || request.Names.Count == 0, listing.Failures);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["updates"] = new JsonArray([.. listing.Updates.Select(Describe)]) });
        }
        else if (listing.Updates.Count == 0)
        {
            run.Terminal.WriteLine(Closing(listing, request.Names.Count > 0));
        }
        else
        {
            run.Terminal.WriteTable(
                ["PLUGIN", "INSTALLED", "SOURCE", "CHANGE", "RISK", "HELD"],
                [.. listing.Updates.Select(update => new[] { update.Id, update.FromVersion ?? "", update.ToVersion ?? "", Named(update),
                    update.Risk ?? "", update.IsHeld ? "yes" : "" })]);
        }

        var failed = run.ReportOthers(listing.Failures);
        return failed != ExitCode.Done ? failed : listing.Updates.Count > 0 ? ExitCode.Findings : ExitCode.Done;
    }

    private static string Closing(PluginUpdateListing listing, bool isNamed) => listing switch
    {
        { IsOfNothing: true } => isNamed ? UpdateCommand.NothingFits : UpdateCommand.NothingInstalled,
        { Failures.Count: > 0 } => "No update was found in the sources that could be checked.",
        { SnapshotOn: { } on } => string.Create(CultureInfo.InvariantCulture, $"All plugins are as in the marketplaces' snapshots; "
            + $"the oldest is of {on:yyyy-MM-dd HH:mm:ss} UTC. Use --refresh to ask their sources."),
        _ => "All plugins are up to date.",
    };

    private static string Named(PluginUpdate update) =>
        update.Change
        + (update is { IsChangedOutside: true, Change: not "ChangedOutside" } ? ", changed outside" : "")
        + (update.IsHistoryRewritten == true ? ", history rewritten" : "");

    private static JsonNode Describe(PluginUpdate update) => new JsonObject
    {
        ["id"] = update.Id,
        ["name"] = update.Name,
        ["marketplace"] = update.Marketplace,
        ["fromVersion"] = update.FromVersion,
        ["toVersion"] = update.ToVersion,
        ["change"] = update.Change,
        ["reason"] = update.GetReason()?.In(Face.CommandLine),
        ["risk"] = update.Risk,
        ["fromTreeHash"] = update.FromTreeHash,
        ["toTreeHash"] = update.ToTreeHash,
        ["fromCommit"] = update.FromCommit,
        ["toCommit"] = update.ToCommit,
        ["isChangedOutside"] = update.IsChangedOutside,
        ["isHistoryRewritten"] = update.IsHistoryRewritten,
        ["isHeld"] = update.IsHeld,
        ["snapshotOn"] = update.SnapshotOn,
        ["capabilityChange"] = update.CapabilityChange is null ? null : ChangeText.ToJson(update.CapabilityChange),
        ["contentChange"] = update.ContentChange is null ? null : ChangeText.ToJson(update.ContentChange),
    };
}
