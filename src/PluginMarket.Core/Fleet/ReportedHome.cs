using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>One home of a comparison: its inventory, or why there is none.</summary>
/// <param name="Inventory">What it reported; null where its report cannot be trusted.</param>
/// <param name="Name">The computer, or the file of the report.</param>
/// <param name="Broken">Why the report cannot be trusted, or null.</param>
internal sealed record ReportedHome(PluginInventory? Inventory, string Name, Message? Broken = null)
{
    internal ReportedHome(PluginInventory inventory)
        : this(inventory, inventory.ComputerName)
    {
    }
}

/// <summary>Reports that are in files.</summary>
internal static class ReportFile
{
    /// <summary>Reads one; a report that cannot be trusted is one too.</summary>
    internal static ReportedHome Read(MarketEnvironment environment, string path)
    {
        try
        {
            return new ReportedHome(InventoryFile.Read(environment, path));
        }
        catch (PluginMarketException problem)
        {
            // The name of the file is all that is left to tell whose report it is.
            var name = Path.GetFileName(path);
            return new ReportedHome(null, name.Split('.')[0], $"{name}: {problem.Statement}");
        }
    }
}
