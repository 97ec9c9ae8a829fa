using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>repair</c>: puts the recorded bytes of changed plugins back.</summary>
internal static class RepairCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = InstalledNames.Argument(terminal);
        var command = new Command("repair", "Put the recorded bytes of installed plugins back.") { names };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var (plugins, git) = (new PluginRepairer(run.Environment), run.Git);
            return InstalledNames.ChangeAsync(
                run,
                run.Arguments.GetValue(names)!,
                reference => plugins.RepairAsync(reference, git, run.Cancellation),
                Sentence);
        }));
        return command;
    }

    private static string Sentence(PluginOperationResult result) => result.Status == "Unchanged"
        ? $"{result.Id} is intact." : $"Repaired {result.Id}.";
}
