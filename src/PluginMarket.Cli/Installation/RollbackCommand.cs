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
            Description = "The kept version to bring back, or the first 12 digits of its digest; default the one that was replaced last",
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

    // Between builds of one version the number tells nothing.
    private static string Build(PluginOperationResult result) => result.Version is not null && result.Version == result.PreviousVersion
        && result.TreeHash is { Length: > 19 } digest ? $" ({digest[..19]})" : "";

    private static string Sentence(PluginOperationResult result) => result.Status == "Updated"
        ? $"Rolled {result.Id} back to {result.Version ?? result.CacheVersion}{Build(result)}."
        : $"{result.Id} already has version {result.Version ?? result.CacheVersion}.";
}
