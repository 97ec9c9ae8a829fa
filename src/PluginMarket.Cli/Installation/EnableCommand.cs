using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>enable</c> and <c>disable</c>, which Codex lacks.</summary>
internal static class EnableCommand
{
    public static Command Build(Terminal terminal, bool enable)
    {
        var selector = new Selector(terminal, LocalNames.InstalledPlugins(terminal));
        var command = new Command(enable ? "enable" : "disable", enable
            ? "Turn an installed plugin on." : "Turn an installed plugin off and keep it.") { selector.Plugin, selector.Marketplace };
        command.SetAction(Invocation.Of(terminal, run => SetAsync(run, selector.Read(run.Arguments), enable)));
        return command;
    }

    private static async Task<int> SetAsync(Invocation run, PluginId id, bool enable)
    {
        var result = await new PluginActivation(run.Environment).SetEnabledAsync(Selector.Reference(id), enable, run.Cancellation);
        if (result.GetFailure() is { } failure)
        {
            return Invocation.Report(run.Terminal, run.Json, failure);
        }

        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["pluginId"] = id.ToString(),
                ["name"] = id.Plugin.Value,
                ["marketplaceName"] = id.Marketplace.Value,
                ["enabled"] = enable,
            });
        }
        else
        {
            run.Terminal.WriteLine($"{(enable ? "Enabled" : "Disabled")} plugin `{id.Plugin}` from marketplace `{id.Marketplace}`.");
        }

        return ExitCode.Done;
    }
}
