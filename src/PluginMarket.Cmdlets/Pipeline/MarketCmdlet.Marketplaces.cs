using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <content>The marketplaces that are named or piped, and the one that -Marketplace means.</content>
public abstract partial class MarketCmdlet
{
    /// <summary>The marketplaces of a pipeline with the home each belongs to; what is none is reported.</summary>
    /// <param name="inputs">What came.</param>
    /// <param name="takesPlugins">Whether a plugin stands for its marketplace.</param>
    private protected IEnumerable<(string Name, MarketEnvironment Market)> MarketplacesOf(MarketplaceInput[] inputs,
        bool takesPlugins = true)
    {
        foreach (var input in inputs.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            MarketEnvironment? market = null;
            Attempt(input.Source, () => market = HomeOf(Demand(input, takesPlugins), input.CodexHome, input.ComputerName));
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

    /// <summary>Plugins given by name, each in the marketplace that -Marketplace means; what is in none is reported.</summary>
    private protected IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> PluginsIn(
        IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> plugins, string? marketplace)
    {
        foreach (var (reference, locked, market) in plugins)
        {
            PluginReference? found = null;
            Attempt(reference.Id, () => found = InMarketplace(market, reference, marketplace));
            if (found is not null)
            {
                yield return (found, locked, market);
            }
        }
    }

    /// <summary>The plugin in the marketplace that -Marketplace means: the one of that name, or with wildcards the one that has
    /// the plugin.</summary>
    /// <param name="market">The home.</param>
    /// <param name="reference">The plugin; one that names its marketplace stays as it is.</param>
    /// <param name="marketplace">What -Marketplace says, or null.</param>
    /// <param name="takesInstalled">Whether an installed plugin counts that no catalog lists.</param>
    /// <exception cref="PluginMarketException">MarketplaceNotFound, PluginNotFound, PluginNameAmbiguous, NameInvalid.</exception>
    private protected static PluginReference InMarketplace(MarketEnvironment market, PluginReference reference, string? marketplace,
        bool takesInstalled = false)
    {
        if (reference.Marketplace is not null || marketplace is null)
        {
            return reference;
        }

        if (!WildcardPattern.ContainsWildcardCharacters(marketplace))
        {
            return reference with { Marketplace = MarketplaceName.Parse(marketplace) };
        }

        var name = reference.Name.Value;
        var ids = new PluginQuery(market).ListEntries(new PluginFindRequest { Names = [name], Marketplaces = [marketplace] }).Entries
            .Select(entry => entry.Marketplace.Name);
        if (takesInstalled)
        {
            ids = ids.Concat(new InstalledPluginQuery(market).List(new InstalledPluginRequest { Names = [$"{name}@{marketplace}"] }).Plugins
                .Select(plugin => plugin.Marketplace));
        }

        return ids.Distinct(StringComparer.Ordinal).ToList() switch
        {
            [var only] => reference with { Marketplace = MarketplaceName.Parse(only) },
            [] => throw new PluginMarketException(MarketErrorCode.PluginNotFound, $"No marketplace that matches '{marketplace}' has a "
                + $"plugin '{name}'. {Remedy.Run(Operation.FindPlugin, $"list the plugins")}", name),
            var several => throw new PluginMarketException(MarketErrorCode.PluginNameAmbiguous,
                $"More than one marketplace that matches '{marketplace}' has a plugin '{name}': {string.Join(" and ", several)}. "
                    + $"{Remedy.Do($"Choose one of them.")}", name),
        };
    }
}
