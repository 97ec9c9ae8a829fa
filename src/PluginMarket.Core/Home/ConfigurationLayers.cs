using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>All configuration layers of a home, read together; nothing is written (contract 3.8, 5).</summary>
internal sealed class ConfigurationLayers
{
    private readonly Dictionary<string, ConfiguredMarketplace> _marketplaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfiguredPlugin> _plugins = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<LayerFile> _layers;
    private readonly TomlFile? _requirements;

    private ConfigurationLayers(IReadOnlyList<LayerFile> layers, TomlFile? requirements)
    {
        _layers = layers;
        _requirements = requirements;
        Requirements = RequirementsReader.Read(requirements);
        PluginsFeatureEnabled = Requirements.PluginsFeature
            ?? _layers.Select(layer => layer.Root.Table("features")?.Flag("plugins")).LastOrDefault(flag => flag is not null) ?? true;
        foreach (var layer in _layers)
        {
            ReadMarketplaces(layer.Layer, layer.File, layer.Root);
            ReadPlugins(layer.Layer, layer.File, layer.Root);
        }
    }

    /// <summary>The marketplaces of all layers, by name.</summary>
    public IReadOnlyList<ConfiguredMarketplace> Marketplaces =>
        [.. _marketplaces.Values.OrderBy(marketplace => marketplace.Name, StringComparer.Ordinal)];

    /// <summary>The plugins of all layers, by id.</summary>
    public IReadOnlyList<ConfiguredPlugin> Plugins => [.. _plugins.Values.OrderBy(plugin => plugin.Id, StringComparer.Ordinal)];

    /// <summary>The files that were read, in ascending order.</summary>
    public IReadOnlyList<string> Files => [.. _layers.Select(layer => layer.File)];

    /// <summary>The layers that were read, in ascending order; for readers that show single settings and where they come from.</summary>
    internal IReadOnlyList<LayerFile> Layers => _layers;

    /// <summary>Whether plugins are on at all (<c>[features] plugins</c>); what requirements.toml says wins.</summary>
    public bool PluginsFeatureEnabled { get; }

    /// <summary>The administrator's requirements.</summary>
    public MarketplaceRequirements Requirements { get; }

    /// <summary>Reads every layer that applies: a project's only where the configuration below it trusts the project.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with the file, line and column.</exception>
    public static ConfigurationLayers Read(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var system = environment.SystemConfigurationFolder;
        var memory = environment.Home.Configuration;
        var known = memory.Layers;
        var layers = new List<LayerFile>();
        var files = new List<TomlFile>();
        Add(ConfigurationLayer.System, Path.Join(system, "config.toml"));
        Add(ConfigurationLayer.User, AgentHome.Open(environment).ConfigPath);
        foreach (var file in new ProjectTrust(environment,
            Merge(layers.Select(layer => layer.Root), ProjectTrust.Keys)).ConfigurationFiles())
        {
            Add(ConfigurationLayer.Project, file);
        }

        Add(ConfigurationLayer.Managed, ManagedPath(environment));
        var requirements = ConfigurationFile.Read(environment, Path.Join(system, "requirements.toml"));
        if (known is not null && known._requirements == requirements && known._layers.SequenceEqual(layers))
        {
            return known;
        }

        ConfigurationRules.Demand(files, Merge(layers.Select(layer => layer.Root), ConfigurationRules.Keys));
        return memory.Layers = new ConfigurationLayers(layers, requirements);

        void Add(ConfigurationLayer layer, string file)
        {
            if (ConfigurationFile.Read(environment, file) is { } read)
            {
                ConfigurationShape.DemandConfiguration(read,
                    known?._layers.FirstOrDefault(old => old.Layer == layer && old.File == file)?.Root);

                layers.Add(new LayerFile(layer, file, read.Root));
                files.Add(read);
            }
        }
    }

    /// <summary>The administrator's <c>managed_config.toml</c>.</summary>
    internal static string ManagedPath(MarketEnvironment environment) => Path.Join(
        OperatingSystem.IsWindows() ? environment.CodexHome : environment.SystemConfigurationFolder, "managed_config.toml");

    /// <summary>The marketplace of that key, or null.</summary>
    public ConfiguredMarketplace? FindMarketplace(string name) => _marketplaces.GetValueOrDefault(name);

    /// <summary>The plugin of that id, or null.</summary>
    public ConfiguredPlugin? FindPlugin(string id) => _plugins.GetValueOrDefault(id);

    /// <summary>Whether the plugin has a table and no layer that wins turns it off.</summary>
    public bool IsEffectivelyEnabled(string id) => PluginsFeatureEnabled && _plugins.TryGetValue(id, out var plugin) && plugin.Enabled;

    /// <summary>Fails where another layer than the user's decides about the marketplace.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ManagedByAdministrator"/> naming the file.</exception>
    public void DemandUserMarketplace(string name)
    {
        if (_marketplaces.TryGetValue(name, out var marketplace) && marketplace.Layer != ConfigurationLayer.User)
        {
            throw Managed($"The marketplace '{name}'", name, marketplace.File);
        }
    }

    /// <summary>Fails where a change in the user's file would have no effect on the plugin.</summary>
    /// <param name="id">The plugin's id.</param>
    /// <param name="removing">Whether the plugin is to go, so that a table in a lower layer counts as well.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ManagedByAdministrator"/> naming the file.</exception>
    public void DemandUserPlugin(string id, bool removing = false)
    {
        if (_layers.LastOrDefault(layer => layer.Layer != ConfigurationLayer.User
            && layer.Root.Table("plugins")?.Table(id) is { } table
            && (removing || (layer.Layer > ConfigurationLayer.User && table.Flag("enabled") is not null))) is { File: { } file })
        {
            throw Managed($"The plugin '{id}'", id, file);
        }
    }

    private static PluginMarketException Managed(string subject, string target, string file) => new(
        MarketErrorCode.ManagedByAdministrator,
        $"{subject} is configured in '{file}', not in your own config.toml. "
            + $"{Remedy.Do($"Change it in that file, or ask your administrator.")}",
        target)
    {
        File = file,
    };

    private void ReadMarketplaces(ConfigurationLayer layer, string file, TomlTable root)
    {
        foreach (var (name, value) in root.Table("marketplaces") ?? [])
        {
            if (value is TomlTable table)
            {
                var below = _marketplaces.GetValueOrDefault(name);
                _marketplaces[name] = new ConfiguredMarketplace(
                    name,
                    table.Text("source_type") ?? below?.SourceType,
                    table.Text("source") ?? below?.Source,
                    table.Text("ref") ?? below?.Ref,
                    table.Texts("sparse_paths") ?? below?.SparsePaths ?? [],
                    layer,
                    file)
                {
                    InUserLayer = layer == ConfigurationLayer.User || below is { InUserLayer: true },
                    AutoUpdate = table.Flag("auto_update") ?? below?.AutoUpdate,
                    LastUpdated = table.Text("last_updated") ?? below?.LastUpdated,
                };
            }
        }
    }

    private void ReadPlugins(ConfigurationLayer layer, string file, TomlTable root)
    {
        foreach (var (id, value) in root.Table("plugins") ?? [])
        {
            if (value is TomlTable table)
            {
                var below = _plugins.GetValueOrDefault(id);
                var enabled = table.Flag("enabled");
                var decides = enabled is not null || below is null;
                _plugins[id] = new ConfiguredPlugin(id, enabled ?? below?.Enabled ?? true,
                    decides ? layer : below!.Layer, decides ? file : below!.File)
                {
                    InUserLayer = layer == ConfigurationLayer.User || below is { InUserLayer: true },
                    UserEnabled = layer == ConfigurationLayer.User ? enabled ?? true : below?.UserEnabled,
                };
            }
        }
    }

    /// <summary>Later tables win key by key, as deep as tables go.</summary>
    private static TomlTable Merge(IEnumerable<TomlTable> roots, IReadOnlyList<string>? keys = null)
    {
        var merged = new TomlTable();
        foreach (var (key, value) in roots.SelectMany(root => root).Where(pair => keys?.Contains(pair.Key) != false))
        {
            merged.Set(key, value is TomlTable over && merged.Table(key) is { } under ? Merge([under, over]) : value);
        }

        return merged;
    }
}

/// <summary>One file of a layer, as it was read.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="File">Its path.</param>
/// <param name="Root">Its content.</param>
internal sealed record LayerFile(ConfigurationLayer Layer, string File, TomlTable Root);
