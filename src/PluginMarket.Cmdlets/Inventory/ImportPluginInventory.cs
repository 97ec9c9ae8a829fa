using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Import-PluginInventory</c>: reads inventories from files and folders; one that was cut or edited is an error.</summary>
[Cmdlet(VerbsData.Import, "PluginInventory",
    HelpUri = OnlineHelp.Pages + "Import-PluginInventory.md")]
[OutputType(typeof(PluginInventory))]
public sealed class ImportPluginInventoryCommand : MarketCmdlet
{
    /// <summary>Files, or folders of them, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () =>
            {
                foreach (var file in InventoryInput.Files(this, Market, path))
                {
                    Attempt(file, () => WriteObject(InventoryFile.Read(Market, file)));
                }
            });
        }
    }
}
