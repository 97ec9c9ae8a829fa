using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>inventory</c>: what this home loads, with where it came from; the property names are
/// those of the cmdlet's objects.</summary>
internal static class InventoryCommand
{
    public static Command Build(Terminal terminal)
    {
        var command = new Command("inventory", "Show what this home loads, also what no marketplace lists any more.");
        var output = new Option<string?>("--out")
        {
            Description = "Write the inventory for a fleet: a folder, a file, an https address, or - for standard output",
            HelpName = "PATH",
        };
        command.Options.Add(output);
        var all = AllUsersOption.Make(command, "Read the homes of all accounts of people");
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var failures = new List<PluginMarketException>();
            if (run.Arguments.GetValue(all) && run.Arguments.GetValue(output) is { Length: > 0 } place)
            {
                DemandManyNames(run, place);
            }

            var homes = run.Arguments.GetValue(all) ? AllUsersOption.Visit(run, changes: false, failures) : [run];
            return run.Arguments.GetValue(output) is { Length: > 0 } path
                ? WriteOut(run, homes, path, failures) : Show(run, homes, run.Arguments.GetValue(all), failures);
        }));
        return command;
    }

    // One file would get the inventory of the last home alone.
    internal static void DemandManyNames(Invocation run, string place)
    {
        if (place != "-" && (InventoryDelivery.IsAddress(place) ? !place.EndsWith('/')
            : run.Environment.Files.Kind(run.PathOf(place)) != FileKind.Directory))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{place}' has no place for the inventories of several homes. "
                + $"{Remedy.Do($"Choose a folder that exists, an address that ends with a slash, or -.")}", place);
        }
    }

    private static async Task<int> WriteOut(Invocation run, IEnumerable<Invocation> homes, string path,
        List<PluginMarketException> failures)
    {
        var written = new List<(PluginInventory Inventory, string? Place)>();
        foreach (var home in homes)
        {
            try
            {
                var (inventory, place) = await WriteAsync(home, path);
                written.Add((inventory, place));
            }
            catch (Exception problem) when (!ReferenceEquals(home, run) && AllUsersOption.Explain(problem) is { } failure)
            {
                failures.Add(failure);
            }
        }

        var places = written.Where(one => one.Place is not null).ToList();
        if (run.Json && places is [var (only, file)] && failures.Count == 0)
        {
            run.Terminal.WriteJson(new JsonObject { ["path"] = file, ["plugins"] = only.Plugins.Length });
        }
        else if (run.Json && places.Count > 0)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["inventories"] = new JsonArray([.. places.Select(one => new JsonObject
                {
                    ["userName"] = one.Inventory.UserName,
                    ["codexHome"] = one.Inventory.CodexHome,
                    ["path"] = one.Place,
                    ["plugins"] = one.Inventory.Plugins.Length,
                })]),
            });
        }
        else
        {
            foreach (var (inventory, place) in places)
            {
                run.Terminal.WriteLine($"Wrote {Terminal.Plugins(inventory.Plugins.Length)} to {DisplayText.Escape(place!)}.");
            }
        }

        return run.ReportOthers(failures);
    }

    /// <summary>Writes the inventory of this home: to a folder, a file, an address, or with <c>-</c> to standard output.</summary>
    /// <returns>The inventory, and where it is; null for standard output.</returns>
    internal static async Task<(PluginInventory Inventory, string? Place)> WriteAsync(Invocation run, string path)
    {
        var inventory = new CollectInventory(run.Environment).Collect(run.Cancellation);
        if (path == "-")
        {
            run.Terminal.WriteDocument(System.Text.Encoding.UTF8.GetString(InventoryText.Write(inventory)));
            return (inventory, null);
        }

        if (!InventoryDelivery.IsAddress(path))
        {
            return (inventory, InventoryFile.Write(run.Environment, inventory, run.PathOf(path)));
        }

        var target = await new InventoryDelivery(run.Environment).SendAsync(inventory, InventoryDelivery.Parse(path), run.Cancellation);
        return (inventory, target.GetLeftPart(UriPartial.Path));
    }

    private static Task<int> Show(Invocation run, IEnumerable<Invocation> homes, bool withHome, List<PluginMarketException> failures)
    {
        var plugins = new List<InstalledPlugin>();
        foreach (var home in homes)
        {
            try
            {
                var listing = new InstalledPluginQuery(home.Environment).List(new InstalledPluginRequest { IncludeHash = run.Json },
                    run.Cancellation);
                plugins.AddRange(listing.Plugins);
                failures.AddRange(listing.Failures);
            }
            catch (Exception problem) when (withHome && AllUsersOption.Explain(problem) is { } failure)
            {
                failures.Add(failure);
            }
        }

        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["plugins"] = new JsonArray([.. plugins.Select(Describe)]) });
        }
        else if (plugins.Count == 0)
        {
            run.Terminal.WriteLine("No plugins are installed.");
        }
        else
        {
            string[] header = ["PLUGIN", "VERSION", "STATE", "ENABLED", "COMMIT", "PROVENANCE"];
            run.Terminal.WriteTable(withHome ? ["USER", .. header] : header,
                [.. plugins.Select(plugin => (string[])[.. withHome ? [plugin.UserName] : Array.Empty<string>(), plugin.Id,
                    plugin.Version ?? "", plugin.State, plugin.EffectiveEnabled ? "yes" : "no", plugin.Commit?[..12] ?? "",
                    plugin.Provenance])]);
        }

        return Task.FromResult(run.ReportOthers(failures));
    }

    private static JsonNode Describe(InstalledPlugin plugin) => new JsonObject
    {
        ["id"] = plugin.Id,
        ["name"] = plugin.Name,
        ["marketplace"] = plugin.Marketplace,
        ["version"] = plugin.Version,
        ["cacheVersion"] = plugin.CacheVersion,
        ["state"] = plugin.State,
        ["enabled"] = plugin.Enabled,
        ["effectiveEnabled"] = plugin.EffectiveEnabled,
        ["configurationSource"] = plugin.ConfigurationSource,
        ["path"] = plugin.Path,
        ["sourceType"] = plugin.SourceType,
        ["commit"] = plugin.Commit,
        ["catalogCommit"] = plugin.CatalogCommit,
        ["treeHash"] = plugin.TreeHash,
        ["provenance"] = plugin.Provenance,
        ["held"] = plugin.Held,
        ["holdNote"] = plugin.HoldNote,
        ["heldAgainstCodex"] = plugin.HeldAgainstCodex,
        ["heldReason"] = plugin.GetHeldReason()?.In(Face.CommandLine),
        ["installedOn"] = plugin.InstalledOn,
        ["installedBy"] = plugin.InstalledBy,
        ["computerName"] = plugin.ComputerName,
        ["userName"] = plugin.UserName,
        ["codexHome"] = plugin.CodexHome,
        ["collectedOn"] = plugin.CollectedOn,
        ["toolVersion"] = plugin.ToolVersion,
    };
}
