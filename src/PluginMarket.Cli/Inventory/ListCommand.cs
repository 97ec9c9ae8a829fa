using System.CommandLine;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>list</c>: what the marketplaces offer and what of it is installed, as <c>codex plugin
/// list</c> shows it (contract 4.6).</summary>
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
        var all = AllUsersOption.Make(command, "List for the homes of all accounts of people");
        command.SetAction(AllUsersOption.Run(terminal, all,
            run => Task.FromResult(List(run, run.Arguments.GetValue(marketplace), run.Arguments.GetValue(available)))));
        return command;
    }

    private static int List(Invocation run, string? marketplace, bool available)
    {
        // Codex's command line reads the configuration of a trusted project, and not the catalog of the repository (contract 6).
        var environment = run.Environment with { IgnoresRepositoryCatalog = true, IgnoresRestrictedMarketplaces = true };
        var found = new PluginQuery(environment).ListEntries(new PluginFindRequest());
        var installed = new InstalledPluginQuery(environment).List(new InstalledPluginRequest { States = ["Installed", "Disabled"] },
            run.Cancellation).Plugins
            .ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var items = found.Entries
            .Where(entry => marketplace is null || entry.Marketplace.Name == marketplace)
            .GroupBy(entry => entry.Marketplace.Catalog.CatalogPath, StringComparer.Ordinal)
            .SelectMany(sameCatalog => sameCatalog.DistinctBy(entry => entry.Entry.Name, StringComparer.Ordinal))
            .Select(entry => new ListedPlugin(entry,
                installed.Count == 0 ? null : installed.GetValueOrDefault(ListedPlugin.IdOf(entry))))
            .ToList();
        if (run.Json)
        {
            WriteJson(run, environment, items, available);
        }
        else if (items.Count == 0)
        {
            run.Terminal.WriteLine(marketplace is null
                ? "No marketplace plugins found." : $"No plugins found in marketplace `{DisplayText.Escape(marketplace)}`.");
        }
        else
        {
            WriteBlocks(run.Terminal, items);
        }

        return run.ReportOthers(found.Failures);
    }

    private static void WriteJson(Invocation run, MarketEnvironment environment, List<ListedPlugin> items, bool available)
    {
        var offered = items.Where(item => available && !item.IsInstalled).ToList();
        var versions = new StatedVersions(environment).Read(offered.ConvertAll(item => item.Entry), run.Cancellation);
        run.Terminal.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("installed");
            foreach (var item in items.Where(item => item.IsInstalled))
            {
                item.Write(json, item.Installed!.CacheVersion);
            }

            json.WriteEndArray();
            json.WriteStartArray("available");
            for (var i = 0; i < offered.Count; i++)
            {
                offered[i].Write(json, versions[i]);
            }

            json.WriteEndArray();
            run.Terminal.WriteWarnings(json);
            json.WriteEndObject();
        });
    }

    private static void WriteBlocks(Terminal terminal, List<ListedPlugin> items)
    {
        var first = true;
        foreach (var block in items.GroupBy(item => item.Entry.Marketplace.Catalog.CatalogPath))
        {
            if (!first)
            {
                terminal.WriteLine("");
            }

            first = false;
            terminal.WriteLine($"Marketplace `{block.First().Entry.Marketplace.Name}`");
            terminal.WriteLine(block.Key);
            terminal.WriteLine("");
            terminal.WriteTable(["PLUGIN", "STATUS", "VERSION", "SOURCE"], [.. block.Select(item => item.ToRow())]);
        }
    }
}
