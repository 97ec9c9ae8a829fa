using System.CommandLine;
using PluginMarket.Cli.Checks;
using PluginMarket.Cli.Fleet;
using PluginMarket.Cli.Marketplaces;
using PluginMarket.Cli.Plugins;
using PluginMarket.Cli.Trust;
using PluginMarket.Cli.Try;

namespace PluginMarket.Cli.Hosting;

/// <summary>The grammar: that of <c>codex plugin</c> (contract section 4), so that a script written for one runs with the other, and what Codex lacks.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        var parsed = Build(terminal).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.WriteMessage("error: " + error.Message);
            }

            terminal.WriteMessage("For more information, try '--help'.");
            return ExitCode.Usage;
        }

        var streams = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(streams, cancellation);
    }

    private static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Plugin marketplaces of coding agents, as OpenAI Codex has them.")
        {
            MarketplaceCommand.Build(terminal),
            AddCommand.Build(terminal),
            ListCommand.Build(terminal),
            RemoveCommand.Build(terminal),
            EnableCommand.Build(terminal, enable: true),
            EnableCommand.Build(terminal, enable: false),
            InventoryCommand.Build(terminal),
            ValidateCommand.Build(terminal),
            LockCommand.Build(terminal),
            RestoreCommand.Build(terminal),
            VerifyCommand.Build(terminal),
            OutdatedCommand.Build(terminal),
            UpdateCommand.Build(terminal),
            DiffCommand.Build(terminal),
            TryCommand.Build(terminal),
        };
        root.Options.Add(GlobalOptions.Json);
        root.Options.Add(GlobalOptions.CodexHome);
        root.Options.Add(GlobalOptions.Home);
        root.Options.Add(GlobalOptions.GitEngine);
        root.Options.Add(GlobalOptions.Verbose);
        return root;
    }
}
