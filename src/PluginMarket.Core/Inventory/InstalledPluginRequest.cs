using PluginMarket.Records;

namespace PluginMarket.Inventory;

/// <summary>Which plugins of a home to list.</summary>
internal sealed record InstalledPluginRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Wildcard patterns on the marketplace's name; empty means all.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>The manifest's version, exact, or null for any.</summary>
    public string? Version { get; init; }

    /// <summary>States, ignoring case; empty means all.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Whether to read the files: a record is then compared with them, and folders without one are digested.</summary>
    public bool IncludeHash { get; init; }

    /// <summary>The check that knows plugins by their stamps: what it knows is taken from the record, and neither the files nor the
    /// sources are read. Null where the files are to be read.</summary>
    public IntegrityCheck? Stamps { get; init; }
}

/// <summary>The plugins of a home, and what could not be read.</summary>
/// <param name="Plugins">Sorted by id.</param>
/// <param name="Failures">One failure per marketplace that could not be read, and per literal name that is not installed.</param>
internal sealed record InstalledPluginListing(IReadOnlyList<InstalledPlugin> Plugins, IReadOnlyList<PluginMarketException> Failures);
