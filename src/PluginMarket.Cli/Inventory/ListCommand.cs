using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>list</c>: what the marketplaces offer and what of it is installed, as <c>codex plugin list</c> shows it (contract 4.6).</summary>
internal static class ListCommand
{
    public static Command Build(Terminal terminal)
    {
        var marketplace = new Option<string?>("--marketplace", "-m") { Description = "Only this marketplace", HelpName = "MARKETPLACE" };
        marketplace.CompletionSources.Add(LocalNames.Marketplaces(terminal));
        var available = new Option<bool>("--available") { Description = "With --json: also what is not installed" };
        var command = new Command("list", "List the plugins of the marketplaces in view.") { marketplace, available };
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(available) && !arguments.GetValue(GlobalOptions.Json))
            {
                arguments.AddError("--available needs --json");
            }
        });
        command.SetAction(Invocation.Of(terminal, run => ListAsync(run, run.Arguments.GetValue(marketplace), run.Arguments.GetValue(available))));
        return command;
    }

    private static async Task<int> ListAsync(Invocation run, string? marketplace, bool available)
    {
        // Codex's command line reads the configuration of a trusted project, and not the catalog of the repository (contract 6).
        var environment = run.Environment with { IgnoresRepositoryCatalog = true };
        var found = await new PluginQuery(environment).FindAsync(new PluginFindRequest(), run.Cancellation);
        var installed = new InstalledPluginQuery(environment).List(new InstalledPluginRequest { States = ["Installed", "Disabled"] }, run.Cancellation).Plugins
            .ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var items = found.Plugins
            .Where(plugin => marketplace is null || plugin.Marketplace == marketplace)
            .DistinctBy(plugin => (plugin.CatalogPath, plugin.Name))
            .Select(plugin => new ListedPlugin(plugin, installed.GetValueOrDefault(plugin.Id)))
            .ToList();
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["installed"] = new JsonArray([.. items.Where(item => item.IsInstalled).Select(item => item.ToJson())]),
                ["available"] = new JsonArray([.. items.Where(item => available && !item.IsInstalled).Select(item => item.ToJson())]),
            });
        }
        else if (items.Count == 0)
        {
            run.Terminal.WriteLine(marketplace is null ? "No marketplace plugins found." : $"No plugins found in marketplace `{DisplayText.Escape(marketplace)}`.");
        }
        else
        {
            WriteBlocks(run.Terminal, items);
        }

        return run.ReportOthers(found.Failures);
    }

    private static void WriteBlocks(Terminal terminal, List<ListedPlugin> items)
    {
        var first = true;
        foreach (var block in items.GroupBy(item => item.Offered.CatalogPath))
        {
            if (!first)
            {
                terminal.WriteLine("");
            }

            first = false;
            terminal.WriteLine($"Marketplace `{block.First().Offered.Marketplace}`");
            terminal.WriteLine(block.Key);
            terminal.WriteLine("");
            terminal.WriteTable(["PLUGIN", "STATUS", "VERSION", "SOURCE"], [.. block.Select(item => item.ToRow())]);
        }
    }
}
