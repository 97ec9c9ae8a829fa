using PluginMarket.Marketplaces;

namespace PluginMarket.Authoring;

/// <summary>A marketplace to be made.</summary>
internal sealed record NewMarketplaceRequest
{
    /// <summary>Its root folder, absolute; made where it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>Its name (contract 1.7).</summary>
    public required string Name { get; init; }

    /// <summary>The name shown to people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether a catalog that is there is replaced.</summary>
    public bool Force { get; init; }
}

/// <summary>An entry of a catalog to be added, changed or removed.</summary>
internal sealed record CatalogEntryRequest
{
    /// <summary>The marketplace's root folder or its catalog file, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The entry's name, exact.</summary>
    public required string Name { get; init; }

    /// <summary>What is written.</summary>
    public CatalogEntryChange Change { get; init; } = new();

    /// <summary>Whether an entry that is there is written over, several of one name are removed, and a local folder may be
    /// missing.</summary>
    public bool Force { get; init; }
}

/// <summary>A plugin to be made.</summary>
internal sealed record NewPluginRequest
{
    /// <summary>Its name; that of the skill where null.</summary>
    public string? Name { get; init; }

    /// <summary>The folder in which the plugin's own folder is made, absolute; <c>plugins</c> of the marketplace, else the
    /// caller's location, where null.</summary>
    public string? Path { get; init; }

    /// <summary>What it is for; the skill's description where null.</summary>
    public string? Description { get; init; }

    /// <summary>Who makes it: a name, or <c>name &lt;mail address&gt;</c>.</summary>
    public string? Author { get; init; }

    /// <summary>Kinds of component to make a sample of: <c>Skill</c>, <c>App</c>, <c>McpServer</c>, <c>Hook</c>; a skill where there
    /// are none and no skill is wrapped.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>The format of its manifest.</summary>
    public PluginFormat Format { get; init; }

    /// <summary>A folder with a skill to copy into the plugin, absolute.</summary>
    public string? FromSkill { get; init; }

    /// <summary>The root folder or catalog file of a local marketplace that gets an entry, absolute.</summary>
    public string? MarketplacePath { get; init; }

    /// <summary>Policy and category of that entry; its source is the plugin's folder.</summary>
    public CatalogEntryChange Entry { get; init; } = new();

    /// <summary>Whether files and an entry that are there are written over. Files that the plugin's template does not have stay.</summary>
    public bool Force { get; init; }
}
