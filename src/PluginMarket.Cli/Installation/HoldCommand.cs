using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>hold</c> and <c>release</c>: keep installed plugins at the version they have, and let them be updated again.</summary>
internal static class HoldCommand
{
    public static Command Build(Terminal terminal, bool hold)
    {
        var names = InstalledNames.Argument(terminal);
        var note = new Option<string?>("--note")
        {
            Description = hold ? "Why, or a ticket; shown when somebody tries to update" : "Why, or a ticket; written to the history",
            HelpName = "TEXT",
        };
        var command = hold
            ? new Command("hold", "Hold installed plugins at the version they have.")
            : new Command("release", "Release held plugins, so that they can be updated again.");
        command.Add(names);
        command.Add(note);
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var (plugins, text) = (new HoldPlugin(run.Environment), run.Arguments.GetValue(note));
            return InstalledNames.ChangeAsync(
                run,
                run.Arguments.GetValue(names)!,
                reference => hold
                    ? plugins.HoldAsync(reference, text, run.Cancellation)
                    : plugins.ReleaseAsync(reference, text, run.Cancellation),
                result => Sentence(result, hold));
        }));
        return command;
    }

    private static string Sentence(PluginOperationResult result, bool hold) => (hold, result.ReasonCode) switch
    {
        (true, null) => $"{result.Id} was already held.",
        (true, _) => $"Held {result.Id} at {result.Version ?? result.CacheVersion}.",
        (false, null) => $"{result.Id} was not held.",
        (false, _) => $"Released {result.Id}.",
    };
}
