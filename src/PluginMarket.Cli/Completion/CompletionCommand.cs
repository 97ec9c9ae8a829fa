using System.CommandLine;
using System.Reflection;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Completion;

/// <summary><c>completion</c>: prints the script that makes a shell complete this program's verbs, options and names.</summary>
internal static class CompletionCommand
{
    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh" }.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", "Print the script that completes verbs, options and names in a shell.") { shell };
        command.SetAction(arguments =>
        {
            using var script = new StreamReader(
                Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion/{arguments.GetValue(shell)}")!);
            terminal.Output.Write(script.ReadToEnd());
            return ExitCode.Done;
        });
        return command;
    }
}
