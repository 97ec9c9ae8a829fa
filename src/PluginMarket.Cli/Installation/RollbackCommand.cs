using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>rollback</c>: brings a version back that an update replaced; no server is asked.</summary>
internal static class RollbackCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = InstalledNames.Argument(terminal);
        var version = new Option<string?>("--version")
        {
            Description = "The kept version to bring back; default the one that was replaced last",
            HelpName = "VERSION",
        };
        var command = new Command("rollback", "Bring back the version of installed plugins that an update replaced.") { names, version };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var wanted = run.Arguments.GetValue(version) is { } text ? PluginVersion.Parse(text) : null;
            var plugins = new RollBackPlugin(run.Environment);
            return InstalledNames.ChangeAsync(
                run,
                run.Arguments.GetValue(names)!,
                reference => plugins.RollBackAsync(reference, wanted, run.Cancellation),
                Sentence);
        }));
        return command;
    }

    private static string Sentence(PluginOperationResult result) => result.Status == "Updated"
        ? $"Rolled {result.Id} back to {result.Version ?? result.CacheVersion}."
        : $"{result.Id} already has version {result.Version ?? result.CacheVersion}.";
}
