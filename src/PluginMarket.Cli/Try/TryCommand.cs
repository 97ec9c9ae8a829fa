using System.CommandLine;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Try;

/// <summary><c>try</c>: the whole path in a scratch home that is removed at the end. Nothing else on the machine is touched.</summary>
internal static class TryCommand
{
    public static Command Build(Terminal terminal)
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the scratch home for a closer look" };
        var command = new Command("try", "See the whole path on a sample marketplace in a scratch home.") { keep };
        command.SetAction(Invocation.Of(terminal, run => TryAsync(run, run.Arguments.GetValue(keep))));
        return command;
    }

    private static async Task<int> TryAsync(Invocation run, bool keep)
    {
        var scratch = Directory.CreateTempSubdirectory("pluginmarket-try-").FullName;
        try
        {
            var marketplace = Path.Join(scratch, "sample-marketplace");
            SampleMarketplace.WriteTo(marketplace);
            var environment = run.Environment with
            {
                CodexHome = Path.Join(scratch, "home", ".codex"),
                HomeChoice = HomeChoice.Default,
                HomePath = Path.Join(scratch, "home"),
                WorkingDirectory = scratch,
            };
            var done = await new Tour(run.Terminal, environment, marketplace).RunAsync(run.Cancellation);
            run.Terminal.WriteLine("");
            run.Terminal.WriteLine(keep
                ? $"The scratch home stays at {environment.CodexHome}" : "The scratch home is gone again. Your own home was not touched.");
            return done ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            if (!keep)
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }
}
