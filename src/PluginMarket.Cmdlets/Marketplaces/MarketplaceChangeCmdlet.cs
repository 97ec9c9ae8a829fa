using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that fetch registered marketplaces: one pipeline parameter that takes whatever names one.</summary>
public abstract class MarketplaceChangeCmdlet : MarketplaceFetchCmdlet
{
    /// <summary>The marketplaces: what Get-PluginMarketplace gives, or names, without blank lines
    /// and lines starting with <c>#</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];
}
