using System.Management.Automation;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <content>The marketplace that -Marketplace means.</content>
public abstract partial class MarketCmdlet
{
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
