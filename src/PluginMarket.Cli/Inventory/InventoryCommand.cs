using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
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
        command.SetAction(Invocation.Of(terminal,
            run => run.Arguments.GetValue(output) is { Length: > 0 } path ? WriteOut(run, path) : Show(run)));
        return command;
    }

    private static async Task<int> WriteOut(Invocation run, string path)
    {
        var (inventory, place) = await WriteAsync(run, path);
        if (place is not null && run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["path"] = place, ["plugins"] = inventory.Plugins.Length });
        }
        else if (place is not null)
        {
            run.Terminal.WriteLine($"Wrote {inventory.Plugins.Length} plugin(s) to {DisplayText.Escape(place)}.");
        }

        return ExitCode.Done;
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

    private static Task<int> Show(Invocation run)
    {
        var listing = new InstalledPluginQuery(run.Environment).List(new InstalledPluginRequest { IncludeHash = run.Json },
            run.Cancellation);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["plugins"] = new JsonArray([.. listing.Plugins.Select(Describe)]) });
        }
        else if (listing.Plugins.Count == 0)
        {
            run.Terminal.WriteLine("No plugins are installed.");
        }
        else
        {
            run.Terminal.WriteTable(
                ["PLUGIN", "VERSION", "STATE", "ENABLED", "COMMIT", "PROVENANCE"],
                [.. listing.Plugins.Select(plugin => new[] { plugin.Id, plugin.Version ?? "", plugin.State,
                    plugin.EffectiveEnabled ? "yes" : "no", plugin.Commit?[..12] ?? "", plugin.Provenance })]);
        }

        return Task.FromResult(run.ReportOthers(listing.Failures));
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
