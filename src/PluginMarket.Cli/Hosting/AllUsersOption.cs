using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Hosting;

/// <summary><c>--all-users</c>: the verb works in the homes of all accounts of people, one after the other.</summary>
internal static class AllUsersOption
{
    public static Option<bool> Make(Command command, string description)
    {
        var option = new Option<bool>("--all-users") { Description = description };
        command.Options.Add(option);
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(option)
                && (arguments.GetResult(GlobalOptions.CodexHome) is not null || arguments.GetResult(GlobalOptions.Home) is not null))
            {
                arguments.AddError("--all-users and --codex-home or --home cannot be combined.");
            }
        });
        return option;
    }

    /// <summary>Gives a verb its run in the home of the call, or with the option one run in each home; the answers become one.</summary>
    /// <param name="terminal">Where the answer goes.</param>
    /// <param name="all">The option.</param>
    /// <param name="verb">What is done in a home.</param>
    /// <param name="changes">Whether that changes the home.</param>
    public static Func<ParseResult, CancellationToken, Task<int>> Run(Terminal terminal, Option<bool> all,
        Func<Invocation, Task<int>> verb, Func<Invocation, bool>? changes = null) => Invocation.Of(terminal,
        run => run.Arguments.GetValue(all) ? RunInEachAsync(run, verb, changes?.Invoke(run) == true) : verb(run));

    private static async Task<int> RunInEachAsync(Invocation run, Func<Invocation, Task<int>> verb, bool changes)
    {
        var failures = new List<PluginMarketException>();
        var (codes, homes) = (new List<int>(), new JsonArray());
        foreach (var visit in Visit(run, changes, failures))
        {
            var answer = new StringWriter(CultureInfo.InvariantCulture);
            PluginMarketException? failure = null;
            try
            {
                codes.Add(await verb(visit with { Terminal = run.Terminal with { Output = answer } }));
            }
            catch (Exception problem) when (Explain(problem) is { } explained)
            {
                failures.Add(failure = explained);
            }

            if (run.Json)
            {
                homes.Add((JsonNode)Describe(visit, failure, answer.ToString()));
            }
            else
            {
                run.Terminal.WriteLine($"{visit.Environment.UserName}: {DisplayText.Escape(visit.Environment.CodexHome)}");
                run.Terminal.Output.Write(answer.ToString());
            }
        }

        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["homes"] = homes });
        }

        // That a home has nothing to check is a failure only where no other has.
        if (codes.Count > 0)
        {
            failures.RemoveAll(failure => failure.Code == MarketErrorCode.NothingToCheck);
        }

        run.ReportOthers(failures);
        return Combine([.. codes, .. failures.Select(failure => ExitCode.Of(failure.Code))]);
    }

    private static JsonObject Describe(Invocation visit, PluginMarketException? failure, string answer)
    {
        var home = new JsonObject
        {
            ["userName"] = visit.Environment.UserName,
            ["codexHome"] = DisplayText.Escape(visit.Environment.CodexHome),
        };
        foreach (var (name, value) in answer.Length > 0 && JsonNode.Parse(answer) is JsonObject members ? members : [])
        {
            // Those of all homes are told once, beside the homes.
            if (name != "warnings")
            {
                home[name] = value?.DeepClone();
            }
        }

        if (failure is not null)
        {
            home["error"] = Invocation.Describe(failure);
        }

        return home;
    }

    /// <summary>The exit code of a run in several homes: findings beat what is done, and one failure of several runs is a part.</summary>
    internal static int Combine(IReadOnlyCollection<int> codes)
    {
        var failed = codes.Where(code => code is not (ExitCode.Done or ExitCode.Findings)).Distinct().ToList();
        return failed.Count == 0 ? codes.DefaultIfEmpty(ExitCode.Done).Max()
            : failed is [var only] && codes.All(code => code == only) ? only : ExitCode.PartlyFailed;
    }

    /// <summary>What ended the run in one home, where the others can go on; null where the whole run is over.</summary>
    public static PluginMarketException? Explain(Exception problem) =>
        Invocation.Explain(problem) is { Code: not MarketErrorCode.InternalError } failure ? failure : null;

    /// <summary>The run in each home; what cannot be opened is a failure, and the others go on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="changes">Whether the verb changes the homes.</param>
    /// <param name="failures">Takes what failed.</param>
    /// <param name="creates">Whether homes are meant that do not exist yet.</param>
    public static IEnumerable<Invocation> Visit(Invocation run, bool changes, ICollection<PluginMarketException> failures,
        bool creates = false)
    {
        var found = new FindHomes(run.Environment);
        foreach (var home in found.All(withServices: false).Where(home => creates || home.Exists != false))
        {
            Invocation? visit = null;
            try
            {
                visit = run with { Environment = found.Open(run.Environment, home, changes) };
            }
            catch (Exception problem) when (Explain(problem) is { } failure)
            {
                failures.Add(failure);
            }

            if (visit is not null)
            {
                yield return visit;
            }
        }
    }
}
