using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginCapability</c>: what plugins can do once they are loaded, for a first review.</summary>
[Cmdlet(VerbsCommon.Get, "PluginCapability", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Get-PluginCapability.md")]
[OutputType(typeof(Capability))]
public sealed class GetPluginCapabilityCommand : PluginContentCmdlet
{
    /// <summary>Plugin folders, wildcards allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Plugin folders, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Plugins by name, <c>plugin</c> or <c>plugin@marketplace</c>: the installed one, else the catalog's.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(CatalogPluginCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone, wildcards allowed.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    /// <summary>What names a plugin, or a folder, or a path. An entry of a catalog is read from its source, all
    /// else from what is installed first.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () =>
            {
                foreach (var folder in PathInput.Expand(this, path))
                {
                    Attempt(folder, () => Write(new PluginPlace(Market, folder, null, default)));
                }
            });
        }

        foreach (var path in LiteralPath)
        {
            Attempt(path, () => Write(new PluginPlace(Market, PathInput.Resolve(this, path), null, default)));
        }

        foreach (var input in ParameterSetName == "Name" ? [.. Name.Select(PluginInput.From)] : InputObject)
        {
            Attempt(input.Source, () => Write(Locate(input, Marketplace)));
        }
    }

    private void Write(PluginPlace place) => WriteObject(Read([place], contents => contents[0].Capabilities), enumerateCollection: true);
}
