using PluginMarket.Json;

namespace PluginMarket.Marketplaces;

/// <summary>One catalog file, read (contract 1).</summary>
internal sealed class MarketplaceCatalog
{
    private ILookup<string, MarketplaceEntry>? _byName;

    /// <summary>The catalog's name as written, escaped for a terminal.</summary>
    public required string Name { get; init; }

    /// <summary>The name, where it follows contract 1.7; without it every entry is skipped.</summary>
    public MarketplaceName? ValidName { get; init; }

    /// <summary><c>interface.displayName</c>, escaped, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The folder that relative paths start from, absolute.</summary>
    public required string Root { get; init; }

    /// <summary>The file, absolute.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>Whether the file starts with a byte order mark: it is read, but nothing installs from it (contract 8).</summary>
    public bool HadBom { get; init; }

    /// <summary>Whether the catalog came over the network, so that it may name no place on this computer.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Every entry in file order: listed, skipped and hidden ones.</summary>
    public required IReadOnlyList<MarketplaceEntry> Entries { get; init; }

    /// <summary>Why Codex rejects the whole file, one text per place, escaped; empty where it reads it.</summary>
    public IReadOnlyList<string> CodexRefusals { get; init; } = [];

    /// <summary>The file's JSON, for edits.</summary>
    internal JsonFile Json { get; init; } = null!;

    /// <summary>The entries of exactly that name in file order, skipped ones too: more than one is ambiguous.</summary>
    public IReadOnlyList<MarketplaceEntry> Named(string name)
    {
        _byName ??= Entries.ToLookup(entry => entry.Name, StringComparer.Ordinal);
        return [.. _byName[name]];
    }
}
