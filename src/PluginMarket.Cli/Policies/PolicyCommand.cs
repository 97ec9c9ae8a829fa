using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;
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
        };
        return command;
    }

    private static Command BuildShow(Terminal terminal)
    {
        var rules = new Option<bool>("--rules") { Description = "Show the rules instead of the layers" };
        var command = new Command("show", "Show the layers of policy that have a say.") { rules };
        command.SetAction(Invocation.Of(terminal, run => Show(run, run.Arguments.GetValue(rules))));
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
        var resolve = new Option<bool>("--resolve") { Description = "Fetch files that are not on this computer" };
        var all = new Option<bool>("--all") { Description = "Tell what allows something too" };
        var command = new Command("test", "Say what the policies make of plugins or of a marketplace source; exit code 6 where refused.")
        {
            plugins, source, lockFile, resolve, all,
        };
        command.SetAction(Invocation.Of(terminal, run => TestAsync(run, run.Arguments.GetValue(plugins)!, run.Arguments.GetValue(source),
            run.Arguments.GetValue(lockFile), run.Arguments.GetValue(resolve), run.Arguments.GetValue(all))));
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

    private static async Task<int> TestAsync(Invocation run, string[] plugins, string? source, string? lockFile, bool resolve, bool all)
    {
        var tester = new PolicyTester(run.Environment);
        var decisions = new List<PolicyDecision>();
        if (source is not null)
        {
            decisions.Add(tester.OfSource(source, run.Git));
        }

        if (lockFile is not null)
        {
            var path = Path.GetFullPath(lockFile, run.Terminal.WorkingDirectory);
            foreach (var entry in PluginLockFile.Read(run.Environment, path).Entries)
            {
                decisions.Add(await tester.OfLockedAsync(entry, resolve, run.Git, run.Cancellation));
            }
        }

        foreach (var plugin in plugins)
        {
            decisions.Add(await tester.OfPluginAsync(PluginReference.Parse(plugin), installed: false, resolve, run.Git, run.Cancellation));
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
