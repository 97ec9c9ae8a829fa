using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Whether a catalog may be registered, and under what is registered already (contract 1.7,
/// 4.2, 8, threat F5, F6, A12, B10).</summary>
internal static class MarketplaceAdmission
{
    /// <summary>The catalog's name, once everything that forbids registering it has been ruled out.</summary>
    /// <exception cref="PluginMarketException">NameInvalid, NameReserved, MarketplaceNameMismatch, CatalogUnreadable.</exception>
    internal static MarketplaceName Demand(MarketEnvironment environment, MarketplaceCatalog catalog, string source, string? asserted)
    {
        if (catalog.ValidName is not { } name)
        {
            throw new PluginMarketException(MarketErrorCode.NameInvalid, $"The catalog of {source} calls itself '{catalog.Name}': "
                + $"only ASCII letters, digits, '_' and '-' are allowed.{Remedy.Do($"Ask its author for another name.")}", catalog.Name);
        }

        DemandName(name.Value, source);
        if (asserted is not null && asserted != name.Value)
        {
            throw new PluginMarketException(
                MarketErrorCode.MarketplaceNameMismatch,
                $"The catalog of {source} calls itself '{name}', not '{asserted}'. "
                    + $"{Remedy.Do($"Use the name '{name}', or remove the one you gave.")}",
                asserted);
        }

        if (catalog.HadBom)
        {
            throw new PluginMarketException(
                MarketErrorCode.CatalogUnreadable,
                $"The catalog of {source} starts with a byte order mark, which Codex does not read. "
                    + $"{Remedy.Do($"Save it as UTF-8 without one.")}",
                source)
            {
                File = catalog.CatalogPath,
                Line = 1,
                Column = 1,
            };
        }

        foreach (var finding in catalog.CodexRefusals)
        {
            environment.Log.Warn($"Codex itself rejects the whole catalog of '{name}': {finding} It is listed here without that entry; "
                + $"codex plugin list fails until it is fixed.");
        }

        return name;
    }

    /// <summary>Rules out names that are reserved, look reserved, or are unsafe as a folder's name.</summary>
    /// <exception cref="PluginMarketException">NameReserved, NameInvalid.</exception>
    internal static void DemandName(string name, string source)
    {
        if (NameRules.IsReservedMarketplace(name))
        {
            throw new PluginMarketException(MarketErrorCode.NameReserved, $"Marketplace '{name}' is reserved and cannot be added from "
                + $"{source}. {Remedy.Do($"Choose another name for the catalog.")}", name);
        }

        if (NameRules.FindReservedLookalike(name) is { } reserved)
        {
            throw new PluginMarketException(MarketErrorCode.NameReserved, $"Marketplace '{name}' looks like the reserved '{reserved}' and "
                + $"cannot be added. {Remedy.Do($"Choose another name for the catalog.")}", name);
        }

        if (NameRules.CheckPortability(name) is { } finding)
        {
            throw new PluginMarketException(MarketErrorCode.NameInvalid,
                $"The marketplace name '{name}' {finding}. {Remedy.Do($"Choose another name for the catalog.")}", name);
        }
    }

    /// <summary>The registered marketplace of that name if it is the same one; null where the name is free.</summary>
    /// <exception cref="PluginMarketException">MarketplaceAlreadyExists, ManagedByAdministrator.</exception>
    internal static ConfiguredMarketplace? FindSame(MarketEnvironment environment, ConfigurationLayers layers, MarketplaceName name,
        MarketplaceSource source)
    {
        if (layers.Marketplaces.FirstOrDefault(
            table => table.Name != name.Value && NameRules.FoldKey(table.Name) == NameRules.FoldKey(name.Value)) is { } other)
        {
            throw new PluginMarketException(
                MarketErrorCode.MarketplaceAlreadyExists,
                $"Marketplace '{name}' differs only by letter case from the registered '{other.Name}', and the two are one on some "
                    + $"systems. {Remedy.Run(Operation.RemoveMarketplace.On(other.Name), $"remove that one first")}",
                name.Value);
        }

        if (layers.FindMarketplace(name.Value) is not { } existing)
        {
            return null;
        }

        if (IsSame(existing, source) || (source is LocalMarketplaceSource local
            && MarketplaceLocations.LocalRoot(environment, existing)?.Equals(local.Path, LocalPaths.Comparison) == true))
        {
            return existing;
        }

        layers.DemandUserMarketplace(name.Value);
        throw new PluginMarketException(
            MarketErrorCode.MarketplaceAlreadyExists,
            $"Marketplace '{name}' is registered from another source ({GitUrl.Redact(existing.Source ?? "")}). "
                + $"{Remedy.Run(Operation.RemoveMarketplace.On(name.Value), $"remove it first")}"
                + $"{Remedy.Run(Operation.SetMarketplace.On(name.Value), $"change its source")}",
            name.Value);
    }

    /// <summary>Warns of a registered name that is easily mistaken for this one.</summary>
    internal static void WarnOfLookalike(MarketEnvironment environment, ConfigurationLayers layers, MarketplaceName name)
    {
        foreach (var table in layers.Marketplaces.Where(
            table => table.Name != name.Value && NameRules.Skeleton(table.Name) == NameRules.Skeleton(name.Value)))
        {
            environment.Log.Warn($"Marketplace '{name}' looks like the registered '{table.Name}'.");
        }
    }

    /// <summary>Whether a table names exactly that source.</summary>
    internal static bool IsSame(ConfiguredMarketplace table, MarketplaceSource source) => source switch
    {
        LocalMarketplaceSource local => table.SourceType == local.SourceType && table.Source == local.SourceText,
        GitMarketplaceSource git => table.SourceType is "git" or null && table.Source == git.SourceText && table.Ref == git.Ref
            && table.SparsePaths.SequenceEqual(git.SparsePaths, StringComparer.Ordinal),
        _ => false,
    };
}
