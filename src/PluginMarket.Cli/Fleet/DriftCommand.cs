using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Fleet;
using PluginMarket.Fleet.Reports;
using PluginMarket.Inventory;
using PluginMarket.Messages;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Cli.Fleet;

/// <summary><c>drift</c>: how homes differ from a desired state, a lock file, a policy or another home; exit code 3
/// where they do.</summary>
internal static class DriftCommand
{
    public static Command Build(Terminal terminal)
    {
        var against = new Option<string[]>("--against")
        {
            Description = "A desired state, a lock file, a policy or an inventory; can be given more than once",
            HelpName = "FILE",
            Required = true,
        };
        var inventory = new Option<string[]>("--inventory")
        {
            Description = "Files of inventories, or folders of them, instead of this home",
            HelpName = "PATH",
            DefaultValueFactory = _ => [],
        };
        var expect = new Option<string?>("--expect") { Description = "A file with the computers that have to report", HelpName = "FILE" };
        var age = new Option<string?>("--max-age") { Description = "How old a report may be, as 26h, 90m or 7d", HelpName = "AGE" };
        var empty = new Option<bool>("--allow-empty") { Description = "Accept that there is no home to compare" };
        var format = FleetFormat.Make("junit", "markdown", "csv");
        var command = new Command("drift", "Show how homes differ from a desired state, a lock file, a policy or another home.")
        {
            against, inventory, expect, age, empty, format,
        };
        var all = AllUsersOption.Make(command, "Compare the homes of all accounts of people");
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(all) && arguments.GetResult(inventory) is { Implicit: false })
            {
                arguments.AddError("--all-users and --inventory cannot be combined.");
            }

            if (arguments.GetValue(age) is { } text && Period.Read(text) is null)
            {
                arguments.AddError("--max-age is a number and s, m, h or d, as 26h.");
            }
        });
        command.SetAction(FleetFormat.Run(terminal, format, run => Compare(run, new DriftRequest
        {
            References = [.. run.Arguments.GetValue(against)!.Select(file => DriftReferenceFile.Read(run.Environment, run.PathOf(file)))],
            ExpectedComputers = run.Arguments.GetValue(expect) is { } file ? ReadLines(run, run.PathOf(file)) : [],
            MaximumAge = Period.Read(run.Arguments.GetValue(age)),

            // That a machine is in order is a result too.
            IncludeInSync = FleetFormat.Of(run, format) is "junit" or "markdown" or "csv",
        }, run.Arguments.GetValue(inventory)!, run.Arguments.GetValue(all), run.Arguments.GetValue(empty),
            FleetFormat.Of(run, format))));
        return command;
    }

    private static List<string> ReadLines(Invocation run, string path)
    {
        var text = System.Text.Encoding.UTF8.GetString(run.Environment.Files.ReadAllBytes(path, 64L << 20, followLink: true));
        return [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
    }

    private static Task<int> Compare(Invocation run, DriftRequest request, string[] inventories, bool allUsers, bool allowEmpty,
        string format)
    {
        var query = new DriftQuery(run.Environment, request);
        var drifts = new List<PluginDrift>();
        var plugins = 0;
        var failures = new List<PluginMarketException>();
        foreach (var visit in inventories.Length > 0 ? [] : allUsers ? AllUsersOption.Visit(run, changes: false, failures) : [run])
        {
            try
            {
                var inventory = new CollectInventory(visit.Environment).Collect(run.Cancellation);
                plugins += inventory.Plugins.Length;
                drifts.AddRange(query.Compare(new ReportedHome(inventory)));
            }
            catch (Exception problem) when (allUsers && AllUsersOption.Explain(problem) is { } failure)
            {
                failures.Add(failure);
            }
        }

        foreach (var batch in inventories.SelectMany(path => InventoryFile.Expand(run.Environment, run.PathOf(path))).Chunk(256))
        {
            foreach (var (home, found) in SideBySide.Select(batch, file => Judge(file), run.Cancellation))
            {
                plugins += home.Inventory?.Plugins.Length ?? 0;
                drifts.AddRange(query.Count(home, found));
            }
        }

        run.DemandAnswer(query.HasSubject, failures);
        if (!query.HasSubject && !allowEmpty)
        {
            throw DriftQuery.NothingToCompare();
        }

        drifts.AddRange(query.Absent());
        Write(run, request, query.Summarize(), drifts, plugins, format);
        var code = run.ReportOthers(failures);
        return Task.FromResult(code == ExitCode.Done && drifts.Exists(DriftQuery.IsOutOfSync) ? ExitCode.Findings : code);

        (ReportedHome Home, IReadOnlyList<PluginDrift> Found) Judge(string file)
        {
            var home = ReportFile.Read(run.Environment, file);
            return (home, query.Judge(home));
        }
    }

    private static void Write(Invocation run, DriftRequest request, PluginFleetSummary summary, List<PluginDrift> drifts, int plugins,
        string format)
    {
        switch (format)
        {
            case "json":
                run.Terminal.WriteJson(new JsonObject
                {
                    ["inSync"] = !drifts.Exists(DriftQuery.IsOutOfSync),
                    ["homes"] = new JsonObject
                    {
                        ["expected"] = summary.Expected,
                        ["reporting"] = summary.Reporting,
                        ["inSync"] = summary.InSync,
                        ["drifted"] = summary.Drifted,
                        ["unknown"] = summary.Unknown,
                    },
                    ["drift"] = new JsonArray([.. drifts.Select(Describe)]),
                });
                break;
            case "line":
                run.Terminal.WriteLine(LineReport.OfDrift(string.Join('+', request.References.Select(reference => reference.Name)), drifts,
                    summary, plugins));
                break;
            case "junit" or "markdown" or "csv":
                run.Terminal.WriteDocument(ReportWriter.Write(new ReportRequest
                {
                    Results = [],
                    Items = [.. drifts.Select(drift => ReportedResults.Of(drift, Face.CommandLine))],
                    Format = Enum.Parse<ReportFormat>(format, ignoreCase: true),
                }));
                break;
            default:
                WriteText(run.Terminal, drifts);
                break;
        }
    }

    private static void WriteText(Terminal terminal, List<PluginDrift> drifts)
    {
        if (drifts.Count == 0)
        {
            terminal.WriteLine("No drift.");
            return;
        }

        terminal.WriteTable(["COMPUTER", "SUBJECT", "KIND", "SEVERITY", "EXPECTED", "ACTUAL"],
            [.. drifts.Select(drift => new[] { drift.ComputerName, drift.Subject, drift.Kind, drift.Severity, drift.Expected ?? "",
                drift.Actual ?? "" })]);
    }

    private static JsonNode Describe(PluginDrift drift) => new JsonObject
    {
        ["computerName"] = drift.ComputerName,
        ["userName"] = drift.UserName,
        ["codexHome"] = drift.CodexHome,
        ["subject"] = drift.Subject,
        ["kind"] = drift.Kind,
        ["severity"] = drift.Severity,
        ["expected"] = drift.Expected,
        ["actual"] = drift.Actual,
        ["remedy"] = drift.GetRemedy()?.In(Face.CommandLine),
        ["reference"] = drift.Reference,
        ["collectedOn"] = drift.CollectedOn,
    };
}
