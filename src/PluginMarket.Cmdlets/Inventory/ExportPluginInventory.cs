using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Files;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginInventory</c>: writes inventories as files, one for each home, replaced in one step; or sends them to an
/// address.</summary>
[Cmdlet(VerbsData.Export, "PluginInventory", DefaultParameterSetName = "Home", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginInventory.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportPluginInventoryCommand : MarketCmdlet
{
    private const string PipedToUri = "InputObjectUri";

    /// <summary>A folder, in which each home gets its own file name, or a file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Home")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByInputObject)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not overwrite a file.</summary>
    [Parameter(ParameterSetName = "Home")]
    [Parameter(ParameterSetName = ByInputObject)]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>An https address that takes inventories by PUT; one that ends with <c>/</c> gets each under the name of its file. The
    /// variable PLUGINMARKET_REPORT_TOKEN has the token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Uri")]
    [Parameter(Mandatory = true, ParameterSetName = PipedToUri)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = "";

    /// <summary>Inventories that Get-PluginInventory gives, also from another computer; this home's by default.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipedToUri)]
    public PSObject[] InputObject { get; set; } = [];

    private protected override bool ChangesHome => false;

    private protected override void Process()
    {
        if (ParameterSetName is "Home" or "Uri")
        {
            Write(Run(token => Task.FromResult(new CollectInventory(Market).Collect(token))));
            return;
        }

        foreach (var input in InputObject)
        {
            Attempt(input, () => Write(InventoryInput.Read(input) ?? throw InventoryInput.Refuse(input)));
        }
    }

    private void Write(PluginInventory inventory)
    {
        if (Uri.Length > 0)
        {
            var address = InventoryDelivery.Parse(Uri);
            if (Approve(address.GetLeftPart(UriPartial.Path), $"Send inventory of {inventory}"))
            {
                Run(token => new InventoryDelivery(Market).SendAsync(inventory, address, token));
            }

            return;
        }

        var path = PathInput.Resolve(this, Path);
        var file = Market.Files.Kind(path) == FileKind.Directory ? System.IO.Path.Join(path, InventoryFile.NameOf(inventory)) : path;
        if (NoClobber)
        {
            AtomicFile.DemandNew(Market.Files, file);
        }

        if (Approve(path, $"Write inventory of {inventory}"))
        {
            WriteObject(new FileInfo(InventoryFile.Write(Market, inventory, path)));
        }
        else if (IsWhatIf)
        {
            WritePreview(new FileInfo(file));
        }
    }
}
