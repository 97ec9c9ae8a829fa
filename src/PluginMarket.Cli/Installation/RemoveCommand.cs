using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>remove</c>: uninstalls one plugin. As with Codex, one that is not installed is success
/// (docs/codex-differences.md, remove-absent).</summary>
internal static class RemoveCommand
{
    public static Command Build(Terminal terminal)
    {
        var selector = new Selector(terminal, LocalNames.InstalledPlugins(terminal));
        var command = new Command("remove", "Uninstall a plugin and remove it from the cache.") { selector.Plugin, selector.Marketplace };
        command.SetAction(Invocation.Of(terminal, run => RemoveAsync(run, selector.Read(run.Arguments))));
        return command;
    }

    private static async Task<int> RemoveAsync(Invocation run, PluginId id)
    {
        var result = await new PluginUninstaller(run.Environment).UninstallAsync(Selector.Reference(id), purge: false, run.Cancellation);
        if (result.GetFailure() is { Code: not MarketErrorCode.PluginNotInstalled } failure)
        {
            return Invocation.Report(run.Terminal, run.Json, failure);
        }

        if (run.Json)
        {
            run.Terminal.WriteJson(
                new JsonObject { ["pluginId"] = id.ToString(), ["name"] = id.Plugin.Value, ["marketplaceName"] = id.Marketplace.Value });
        }
        else
        {
            run.Terminal.WriteLine($"Removed plugin `{id.Plugin}` from marketplace `{id.Marketplace}`.");
        }

        return ExitCode.Done;
    }
}
