using System.CommandLine;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Fleet;

/// <summary>How the verbs of lock files are told theirs.</summary>
internal static class LockFileOption
{
    private const string DefaultName = "plugins.lock.json";

    public static Option<string?> Make(bool isRequired) => new("--lock-file")
    {
        Description = isRequired ? "The lock file" : $"The lock file; default {DefaultName} in the current folder",
        HelpName = "FILE",
        Required = isRequired,
    };

    public static string PathOf(Invocation run, Option<string?> option) =>
        run.PathOf(run.Arguments.GetValue(option) is { Length: > 0 } path ? path : DefaultName);
}
