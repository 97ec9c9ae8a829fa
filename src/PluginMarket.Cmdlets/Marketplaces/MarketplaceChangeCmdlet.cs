using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Home;
using PluginMarket.Marketplaces;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that change registered marketplaces: one pipeline parameter that takes whatever names one.</summary>
public abstract class MarketplaceChangeCmdlet : MarketCmdlet
{
    /// <summary>The marketplaces: what Get-PluginMarketplace gives, or names, without blank lines
    /// and lines starting with <c>#</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

    /// <summary>Whether a plugin stands for its marketplace.</summary>
    private protected virtual bool TakesPlugins => true;

    /// <summary>The marketplaces of <see cref="InputObject"/> with the home each belongs to; what is none is reported.</summary>
    private protected IEnumerable<(string Name, MarketEnvironment Market)> Inputs()
    {
        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            MarketEnvironment? market = null;
            Attempt(input.Source, () => market = HomeOf(Demand(input, TakesPlugins), input.CodexHome, input.ComputerName));
            if (market is not null)
            {
                yield return (input.Name!.Value, market);
            }
        }
    }

    /// <summary>The registered names that fit, wildcards expanded; a name without wildcards is given back as it is.</summary>
    private protected IEnumerable<string> Registered(string[] names)
    {
        var registered = ConfigurationLayers.Read(Market).Marketplaces.Select(marketplace => marketplace.Name)
            .Distinct(StringComparer.Ordinal).ToList();
        return names.Select(name => new NamePattern(name))
            .SelectMany(pattern =>
                registered.Where(pattern.Matches) is var found && (!pattern.IsLiteral || found.Any()) ? found : [pattern.ToString()])
            .Distinct(StringComparer.Ordinal);
    }
}
