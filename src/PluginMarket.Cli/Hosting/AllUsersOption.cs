using System.CommandLine;
using PluginMarket.Inventory;

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

    /// <summary>What ended the run in one home, where the others can go on; null where the whole run is over.</summary>
    public static PluginMarketException? Explain(Exception problem) =>
        Invocation.Explain(problem) is { Code: not MarketErrorCode.InternalError } failure ? failure : null;

    /// <summary>The run in each home; what cannot be opened is a failure, and the others go on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="changes">Whether the verb changes the homes, and so creates them where they are missing.</param>
    /// <param name="failures">Takes what failed.</param>
    public static IEnumerable<Invocation> Visit(Invocation run, bool changes, ICollection<PluginMarketException> failures)
    {
        var found = new FindHomes(run.Environment);
        foreach (var home in found.All(withServices: false).Where(home => changes || home.Exists != false))
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
