using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Capabilities;
using PluginMarket.Cli.Hosting;
using PluginMarket.Cli.Installation;
using PluginMarket.Cli.Inventory;
using PluginMarket.Fleet;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Cli.Fleet;

/// <summary><c>apply</c>: makes a home what a desired state says, or with <c>--check</c> tells what that would change; exit code 3 where it
/// would change something.</summary>
internal static class ApplyCommand
{
    private static readonly TimeSpan LongestSplay = TimeSpan.FromDays(1);

    public static Command Build(Terminal terminal)
    {
        var file = new Option<string>("--file")
        {
            Description = "The desired state, JSON or psd1",
            HelpName = "FILE",
            Required = true,
        };
        var check = new Option<bool>("--check") { Description = "Only say what would be changed; exit code 3 where something would" };
        var remove = new Option<bool>("--remove-unlisted") { Description = "Remove what the state does not list, where it says so" };
        var most = new Option<int?>("--max-removal") { Description = "Allow so many removals", HelpName = "NUMBER" };
        var force = new Option<bool>("--force") { Description = "Also remove plugins whose origin is not recorded" };
        var downgrade = new Option<bool>("--allow-downgrade") { Description = "Let a version be replaced by a lower one" };
        var accept = AcceptedCapabilities.Option();
        var offline = new Option<bool>("--offline") { Description = "Fetch nothing" };
        var splay = new Option<string?>("--splay")
        {
            Description = "Wait up to this long first, each machine a part of its own, as 10m or 1h",
            HelpName = "TIME",
        };
        var report = new Option<string?>("--report")
        {
            Description = "Write the inventory of this home there afterwards: a folder, a file or an https address",
            HelpName = "PATH",
        };
        var format = FleetFormat.Make();
        var command = new Command("apply", "Make this home what a desired state says.")
        {
            file, check, remove, most, force, downgrade, accept, offline, splay, report, format,
        };
        var all = AllUsersOption.Make(command, "Do so for the homes of all accounts of people, as root");
        command.Validators.Add(arguments =>
        {
            if (arguments.GetResult(most) is { Tokens: [var number] } && int.TryParse(number.Value, out var removals) && removals < 0)
            {
                arguments.AddError("--max-removal is a number from 0.");
            }

            if (arguments.GetValue(splay) is { } text && !(Period.Read(text) <= LongestSplay))
            {
                arguments.AddError("--splay is a number and s, m, h or d, as 10m, and at most 1d.");
            }

            if (arguments.GetValue(report) == "-")
            {
                // Standard output has the answer.
                arguments.AddError("--report is a folder, a file or an https address.");
            }
        });
        command.SetAction(FleetFormat.Run(terminal, format, async run =>
        {
            var isCheck = run.Arguments.GetValue(check);
            if (Period.Read(run.Arguments.GetValue(splay)) is { } span && !isCheck)
            {
                await Splay.WaitAsync(run.Environment, span, run.Cancellation);
            }

            var state = DesiredStateFile.Read(run.Environment, run.PathOf(run.Arguments.GetValue(file)!));
            var request = new SyncRequest(state)
            {
                Options = new SyncOptions
                {
                    RemoveUnlisted = run.Arguments.GetValue(remove),
                    MaximumRemoval = run.Arguments.GetValue(most),
                    Force = run.Arguments.GetValue(force),
                },
                AllowDowngrade = run.Arguments.GetValue(downgrade),
                AcceptCapability = run.Arguments.GetValue(accept)!,
                Offline = run.Arguments.GetValue(offline),
                Git = run.Git,
            };
            var place = isCheck ? null : run.Arguments.GetValue(report);
            if (run.Arguments.GetValue(all))
            {
                return await ApplyAllAsync(run, request, isCheck, place, FleetFormat.Of(run, format));
            }

            var code = await ApplyAsync(run, request, isCheck, FleetFormat.Of(run, format));
            return place is { Length: > 0 } ? await ReportAsync(run, place, code) : code;
        }, createsHome: true));
        return command;
    }

    // That a report could not be delivered does not undo what was applied, and does not hide how that went.
    private static async Task<int> ReportAsync(Invocation run, string place, int code)
    {
        try
        {
            await InventoryCommand.WriteAsync(run, place);
            return code;
        }
        catch (PluginMarketException failure)
        {
            var reported = run.ReportOthers([failure]);
            return code == ExitCode.Done ? reported : code;
        }
    }

    private static async Task<int> ApplyAsync(Invocation run, SyncRequest request, bool isCheck, string format)
    {
        var items = await ItemsAsync(run, request, isCheck);
        Write(run, request.State, items, isCheck, format);
        return Judge(run, FailuresOf(items), items, isPartly: items.Exists(item => item.IsChange), isCheck);
    }

    private static async Task<int> ApplyAllAsync(Invocation run, SyncRequest request, bool isCheck, string? report, string format)
    {
        if (report is not null)
        {
            InventoryCommand.DemandManyNames(run, report);
        }

        var failures = new List<PluginMarketException>();
        var done = new List<(MarketEnvironment Home, List<PluginSyncItem> Items)>();
        await using var shared = new SharedSources(run.Environment, request.Git);
        foreach (var visit in AllUsersOption.Visit(run, changes: true, failures, creates: true))
        {
            try
            {
                done.Add((visit.Environment, await ItemsAsync(visit, request with { Shared = shared }, isCheck)));
                if (report is not null)
                {
                    await InventoryCommand.WriteAsync(visit, report);
                }
            }
            catch (Exception problem) when (AllUsersOption.Explain(problem) is { } failure)
            {
                failures.Add(failure);
            }
        }

        var items = done.SelectMany(one => one.Items).ToList();
        WriteAll(run, request.State, done, isCheck, format);
        failures.AddRange(FailuresOf(items));
        return Judge(run, failures, items, isPartly: done.Exists(one => one.Items.TrueForAll(item => item.Error is null)), isCheck);
    }

    // Failures of a run that did something else are "partly failed"; of one that did nothing, what failed.
    private static int Judge(Invocation run, List<PluginMarketException> failures, List<PluginSyncItem> items, bool isPartly,
        bool isCheck) =>
        failures.Count > 0
            ? run.ReportOthers(failures) is var partly && isPartly ? partly : failures.Select(failure => ExitCode.Of(failure.Code)).Max()
            : isCheck && items.Exists(item => item.IsChange) ? ExitCode.Findings : ExitCode.Done;

    private static List<PluginMarketException> FailuresOf(List<PluginSyncItem> items) =>
        [.. items.Select(item => item.GetFailure()).OfType<PluginMarketException>()];

    private static async Task<List<PluginSyncItem>> ItemsAsync(Invocation run, SyncRequest request, bool isCheck)
    {
        var sync = new SyncRun(run.Environment, request);
        var plan = sync.Plan(run.Cancellation);
        var items = new List<PluginSyncItem>();
        await foreach (var item in isCheck ? sync.PreviewAsync(plan, run.Cancellation)
            : sync.ExecuteAsync(plan, _ => true, run.Cancellation))
        {
            items.Add(item);
        }

        return items;
    }

    private static void WriteAll(Invocation run, DesiredState state, List<(MarketEnvironment Home, List<PluginSyncItem> Items)> done,
        bool isCheck, string format) =>
        Write(run, state, [.. done.SelectMany(one => one.Items)], isCheck, format,
            ("homes", new JsonArray([.. done.Select(one => new JsonObject
            {
                ["userName"] = one.Home.UserName,
                ["codexHome"] = one.Home.CodexHome,
                ["items"] = new JsonArray([.. one.Items.Select(Describe)]),
            })])),
            () =>
            {
                foreach (var (home, ofHome) in done)
                {
                    run.Terminal.WriteLine($"{home.UserName}: {DisplayText.Escape(home.CodexHome)}");
                    WriteText(run.Terminal, state, ofHome);
                }
            });

    private static void Write(Invocation run, DesiredState state, List<PluginSyncItem> items, bool isCheck, string format) =>
        Write(run, state, items, isCheck, format, ("items", new JsonArray([.. items.Select(Describe)])),
            () => WriteText(run.Terminal, state, items));

    private static void Write(Invocation run, DesiredState state, List<PluginSyncItem> items, bool isCheck, string format,
        (string Key, JsonArray List) details, Action writeText)
    {
        switch (format)
        {
            case "json":
                run.Terminal.WriteJson(new JsonObject
                {
                    ["state"] = state.ToString(),
                    ["changed"] = !isCheck && items.Exists(item => item.IsChange),
                    ["inSync"] = !items.Exists(item => item.IsChange || item.Error is not null),
                    [details.Key] = details.List,
                });
                break;
            case "line":
                run.Terminal.WriteLine(LineReport.OfSync(state.ToString(), items, isCheck));
                break;
            default:
                writeText();
                break;
        }
    }

    private static void WriteText(Terminal terminal, DesiredState state, List<PluginSyncItem> items)
    {
        var shown = items.Where(item => item.Status != "Unchanged").ToList();
        if (shown.Count == 0)
        {
            terminal.WriteLine($"This home is as {state} says.");
            return;
        }

        terminal.WriteTable(["SUBJECT", "STEP", "STATUS", "EXPECTED", "ACTUAL"],
            [.. shown.Select(item => new[] { item.Id, item.Planned, item.Status, item.Expected ?? "", item.Actual ?? "" })]);
        foreach (var item in shown.Where(item => item.ReasonCode is not null && item.Error is null && item.GetReason() is not null))
        {
            terminal.WriteMessage($"{item.Id}: {item.GetReason()}");
        }
    }

    private static JsonNode Describe(PluginSyncItem item) => new JsonObject
    {
        ["id"] = item.Id,
        ["planned"] = item.Planned,
        ["status"] = item.Status,
        ["expected"] = item.Expected,
        ["actual"] = item.Actual,
        ["reasonCode"] = item.ReasonCode,
        ["reason"] = item.GetReason()?.In(Face.CommandLine),
        ["error"] = item.Error,
        ["version"] = item.Version,
        ["previousVersion"] = item.PreviousVersion,
        ["treeHash"] = item.TreeHash,
        ["commit"] = item.Commit,
        ["capabilityChange"] = item.CapabilityChange is null ? null : ChangeText.ToJson(item.CapabilityChange),
        ["restartRequired"] = item.RestartRequired,
    };
}
