using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginInventory</c>: writes inventories as files, one for each home, replaced in one step.</summary>
[Cmdlet(VerbsData.Export, "PluginInventory", DefaultParameterSetName = "Home", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginInventory.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportPluginInventoryCommand : MarketCmdlet
{
    /// <summary>A folder, in which each home gets a file of its own name, or a file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Inventories that Get-PluginInventory gives, also from another computer; this home's by default.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public PSObject[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        var path = PathInput.Resolve(this, Path);
        if (ParameterSetName == "Home")
        {
            Write(Run(token => Task.FromResult(new CollectInventory(Market).Collect(token))), path);
            return;
        }

        foreach (var input in InputObject)
        {
            Attempt(input, () => Write(InventoryInput.Read(input) ?? throw InventoryInput.Refuse(input), path));
        }
    }

    private void Write(PluginInventory inventory, string path)
    {
        if (Approve(path, $"Write inventory of {inventory}"))
        {
            WriteObject(new FileInfo(InventoryFile.Write(Market, inventory, path)));
        }
    }
}
