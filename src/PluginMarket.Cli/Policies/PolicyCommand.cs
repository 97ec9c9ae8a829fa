using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Cli.Policies;

/// <summary><c>policy</c>: what the policies of this computer say.</summary>
internal static class PolicyCommand
{
    public static Command Build(Terminal terminal)
    {
        var command = new Command("policy", "Show and test what the policies of this computer allow.")
        {
            BuildShow(terminal),
            BuildTest(terminal),
            BuildNew(terminal),
            BuildExport(terminal),
        };
        return command;
    }

    private static Command BuildShow(Terminal terminal)
    {
        var rules = new Option<bool>("--rules") { Description = "Show the rules instead of the layers" };
        var command = new Command("show", "Show the layers of policy that have a say.") { rules };
        var all = AllUsersOption.Make(command, "Show those of the homes of all accounts of people");
        command.SetAction(AllUsersOption.Run(terminal, all, run => Show(run, run.Arguments.GetValue(rules))));
        return command;
    }

    private static Command BuildTest(Terminal terminal)
    {
        var plugins = new Argument<string[]>("PLUGIN@MARKETPLACE")
        {
            Description = "Plugins to test",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var source = new Option<string?>("--source") { Description = "Test a marketplace source instead", HelpName = "SOURCE" };
        var lockFile = new Option<string?>("--lock-file") { Description = "Test the plugins of a lock file instead", HelpName = "FILE" };
        var state = new Option<string?>("--file") { Description = "Test what a desired state wants instead", HelpName = "FILE" };
        var inventory = new Option<string[]>("--inventory")
        {
            Description = "Test what inventories report instead: files, or folders of them",
            HelpName = "PATH",
            DefaultValueFactory = _ => [],
        };
        var resolve = new Option<bool>("--resolve") { Description = "Fetch files that are not on this computer" };
        var all = new Option<bool>("--all") { Description = "Tell what allows something too" };
        var allowEmpty = new Option<bool>("--allow-empty") { Description = "Accept that there is nothing to test" };
        var command = new Command("test", "Say what the policies make of plugins or of a marketplace source; exit code 6 where refused.")
        {
            plugins, source, lockFile, state, inventory, resolve, all, allowEmpty,
        };
        command.SetAction(Invocation.Of(terminal, async run =>
        {
            var decisions = await JudgeAsync(run, run.Arguments.GetValue(plugins)!, run.Arguments.GetValue(source),
                run.Arguments.GetValue(lockFile), run.Arguments.GetValue(resolve));
            if (run.Arguments.GetValue(state) is { } file)
            {
                decisions.AddRange(new StatePolicyQuery(run.Environment, DesiredStateFile.Read(run.Environment, run.PathOf(file)), run.Git)
                    .Judge());
            }

            decisions.AddRange(Reported(run, run.Arguments.GetValue(inventory)!));
            return Write(run, decisions, run.Arguments.GetValue(all), run.Arguments.GetValue(allowEmpty));
        }));
        return command;
    }

    private static Command BuildNew(Terminal terminal)
    {
        var path = new Argument<string>("FILE") { Description = "The file, which must not exist" };
        var id = new Option<string>("--id")
        {
            Description = "The id of the policy",
            HelpName = "ID",
            DefaultValueFactory = _ => "baseline",
        };
        var enforce = new Option<bool>("--enforce") { Description = "Let it refuse, instead of report" };
        var command = new Command("new", "Write a policy that allows what is in use.") { path, id, enforce };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var file = run.PathOf(run.Arguments.GetValue(path)!);
            new PolicyAuthor(run.Environment).Write(file, run.Arguments.GetValue(id)!, !run.Arguments.GetValue(enforce), null);
            if (run.Json)
            {
                terminal.WriteJson(new JsonObject { ["path"] = file });
            }
            else
            {
                terminal.WriteLine($"Wrote {DisplayText.Escape(file)}.");
            }

            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static Command BuildExport(Terminal terminal)
    {
        var format = new Option<string>("--format") { Description = "The file of Codex that it is written for", Required = true }
            .AcceptOnlyFromAmong(Enum.GetNames<PolicyFormat>());
        var output = new Option<string?>("--out")
        {
            Description = "The file, whose other keys are kept; default standard output",
            HelpName = "FILE",
        };
        var inventory = new Option<string[]>("--inventory")
        {
            Description = "Inventories whose plugins are known too: files, or folders of them",
            HelpName = "PATH",
            DefaultValueFactory = _ => [],
        };
        var codex = new Option<string?>("--codex-version")
        {
            Description = "The version of Codex that reads the file",
            HelpName = "VERSION",
        };
        var partial = new Option<bool>("--allow-partial") { Description = "Export a policy although the format cannot express every rule" };
        var command = new Command("export", "Say the policies in the words of Codex.") { format, output, inventory, codex, partial };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var file = run.Arguments.GetValue(output) is { } path ? run.PathOf(path) : null;
            var export = new PolicyAuthor(run.Environment).Export([Enum.Parse<PolicyFormat>(run.Arguments.GetValue(format)!)], file,
                run.Arguments.GetValue(partial), Inventories(run, run.Arguments.GetValue(inventory)!), run.Arguments.GetValue(codex))[0];
            if (run.Json)
            {
                terminal.WriteJson(new JsonObject
                {
                    ["format"] = export.Format,
                    ["text"] = export.Text,
                    ["path"] = export.Path,
                    ["coverage"] = new JsonArray([.. export.Coverage.Select(line => (JsonNode)new JsonObject
                    {
                        ["rule"] = line.RuleId,
                        ["fidelity"] = line.Fidelity,
                        ["note"] = line.Note,
                    })]),
                });
            }
            else
            {
                terminal.WriteLine(file is null ? export.Text.TrimEnd('\n') : $"Wrote {DisplayText.Escape(file)}.");
                foreach (var line in export.Coverage.Where(line => line.Fidelity != "Exact"))
                {
                    terminal.WriteMessage($"{line.RuleId}: {line.Fidelity}. {line.Note}");
                }
            }

            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static Task<int> Show(Invocation run, bool rules)
    {
        var layers = new PolicyTester(run.Environment).Layers;
        var now = run.Environment.Time.GetUtcNow();
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Describe(DescribePolicy.Of(layer, now)))]),
            });
        }
        else if (rules)
        {
            run.Terminal.WriteTable(["ID", "KIND", "EFFECT", "MODE", "POLICY"], [.. layers.SelectMany(DescribePolicy.RulesOf)
                .Select(rule => (IReadOnlyList<string>)[rule.Id, rule.Kind, rule.Effect, rule.Mode, rule.Policy])]);
        }
        else
        {
            run.Terminal.WriteTable(["LAYER", "ID", "MODE", "STATE", "PATH"], [.. layers.Select(layer => DescribePolicy.Of(layer, now))
                .Select(policy => (IReadOnlyList<string>)[policy.Layer, policy.Id ?? "", policy.Mode ?? "", policy.State, policy.Path])]);
        }

        var problems = layers.Select(layer => layer.Problem).OfType<PluginMarketException>().ToList();
        return Task.FromResult(run.ReportOthers(problems) == ExitCode.Done ? ExitCode.Done : ExitCode.Refused);
    }

    private static IEnumerable<PolicyDecision> Reported(Invocation run, string[] inventories)
    {
        var tester = new PolicyTester(run.Environment);
        foreach (var inventory in Inventories(run, inventories))
        {
            // What could not be read there may be anything.
            inventory.DemandRead();
            foreach (var plugin in inventory.Plugins.Where(plugin => plugin.IsInstalled))
            {
                yield return tester.OfReported(plugin, inventory);
            }
        }
    }

    private static IEnumerable<PluginInventory> Inventories(Invocation run, string[] paths) =>
        paths.SelectMany(path => InventoryFile.Expand(run.Environment, run.PathOf(path)))
            .Select(file => InventoryFile.Read(run.Environment, file));

    private static async Task<List<PolicyDecision>> JudgeAsync(Invocation run, string[] plugins, string? source, string? lockFile,
        bool resolve)
    {
        var tester = new PolicyTester(run.Environment);
        var decisions = new List<PolicyDecision>();
        if (source is not null)
        {
            decisions.Add(tester.OfSource(source, run.Git));
        }

        if (lockFile is not null)
        {
            var path = run.PathOf(lockFile);
            foreach (var entry in PluginLockFile.Read(run.Environment, path).Entries)
            {
                decisions.Add(await tester.OfLockedAsync(entry, resolve, run.Git, run.Cancellation));
            }
        }

        foreach (var plugin in plugins)
        {
            decisions.Add(await tester.OfPluginAsync(PluginReference.Parse(plugin), installed: false, resolve, run.Git, run.Cancellation));
        }

        return decisions;
    }

    private static int Write(Invocation run, List<PolicyDecision> decisions, bool all, bool allowEmpty)
    {
        if (decisions.Count == 0 && !allowEmpty)
        {
            throw PolicyTester.NothingToCheck();
        }

        var results = decisions.Select(decision => DescribePolicy.Of(decision, all)).ToList();
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["results"] = new JsonArray([.. results.Select(result => (JsonNode)Describe(result))]),
            });
        }
        else
        {
            run.Terminal.WriteTable(["SUBJECT", "EFFECT", "RULE", "REASON"], [.. results.Select(result =>
                (IReadOnlyList<string>)[result.Subject, result.Effect, result.Rule ?? "", result.Reason ?? ""])]);
        }

        return results.TrueForAll(result => result.IsAllowed == true) ? ExitCode.Done : ExitCode.Refused;
    }

    private static JsonObject Describe(PluginPolicy policy) => new JsonObject
    {
        ["layer"] = policy.Layer,
        ["id"] = policy.Id,
        ["revision"] = policy.Revision,
        ["mode"] = policy.Mode,
        ["state"] = policy.State,
        ["path"] = policy.Path,
        ["digest"] = policy.Digest,
        ["exceptions"] = policy.Exceptions,
        ["problem"] = policy.Problem,
        ["rules"] = policy.Rules is null ? null : new JsonArray([.. policy.Rules.Select(rule => (JsonNode)new JsonObject
        {
            ["id"] = rule.Id,
            ["kind"] = rule.Kind,
            ["effect"] = rule.Effect,
            ["mode"] = rule.Mode,
            ["reason"] = rule.Reason,
            ["line"] = rule.Line,
        })]),
    };

    private static JsonObject Describe(PluginPolicyResult result) => new JsonObject
    {
        ["subject"] = result.Subject,
        ["isAllowed"] = result.IsAllowed,
        ["effect"] = result.Effect,
        ["rule"] = result.Rule,
        ["layer"] = result.Layer,
        ["reason"] = result.Reason,
        ["verdicts"] = new JsonArray([.. result.Verdicts.Select(verdict => (JsonNode)new JsonObject
        {
            ["effect"] = verdict.Effect,
            ["rule"] = verdict.Rule,
            ["layer"] = verdict.Layer,
            ["policy"] = verdict.Policy,
            ["path"] = verdict.Path,
            ["line"] = verdict.Line,
            ["reason"] = verdict.Reason,
        })]),
    };
}
