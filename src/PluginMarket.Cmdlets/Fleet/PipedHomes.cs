using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;

namespace PluginMarket.Cmdlets.Fleet;

/// <summary>Homes that come through a pipeline: whole inventories, or installed plugins one by one.</summary>
internal sealed class PipedHomes
{
    private readonly Dictionary<(string, string, string), (PluginInventory Home, List<PluginInventoryPlugin> Plugins)> _installed = [];

    /// <summary>The name of a computer that was given as a text, an error record of Invoke-Command, or an object that has it.</summary>
    internal static string? ComputerOf(PSObject input) => PipelineObject.Unwrap(input) switch
    {
        string text => PipelineObject.IsBlankLine(text) ? null : text.Trim(),
        ErrorRecord record => PipelineObject.Unwrap(record.TargetObject) as string ?? record.CategoryInfo.TargetName,
        _ => PipelineObject.Text(input, "ComputerName") ?? PipelineObject.Text(input, "Name"),
    };

    /// <summary>Takes an object.</summary>
    /// <returns>The inventory that it is; null for a plugin, whose home is complete only when the pipeline has ended.</returns>
    /// <exception cref="PluginMarketException">InputNotAResult.</exception>
    internal PluginInventory? Take(PSObject input)
    {
        if (InventoryInput.Read(input) is { } inventory)
        {
            return inventory;
        }

        var (home, plugin) = InventoryInput.ReadInstalled(input) ?? throw InventoryInput.Refuse(input);
        var key = (home.ComputerName, home.UserName, home.CodexHome);
        if (!_installed.TryGetValue(key, out var known))
        {
            _installed[key] = known = (home, []);
        }

        known.Plugins.RemoveAll(other => other.Id == plugin.Id);
        known.Plugins.Add(plugin);
        return null;
    }

    /// <summary>The homes of the plugins that were taken.</summary>
    internal IEnumerable<PluginInventory> Joined() => _installed.Values.Select(known => new PluginInventory
    {
        ComputerName = known.Home.ComputerName,
        UserName = known.Home.UserName,
        CodexHome = known.Home.CodexHome,
        CollectedOn = known.Home.CollectedOn,
        ToolVersion = known.Home.ToolVersion,
        Plugins = [.. known.Plugins],
    });
}
