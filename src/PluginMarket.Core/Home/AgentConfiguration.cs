namespace PluginMarket;

/// <summary>The only writer of the user's config.toml: the tables <c>[marketplaces.NAME]</c> and <c>[plugins."ID"]</c> and nothing else (design 4, section 3 and E).</summary>
/// <remarks>Each call reads, splices, compares, swaps and confirms by itself; repeating one is harmless, and one that changes nothing writes nothing. The caller holds the home's lock.</remarks>
public sealed class AgentConfiguration
{
    private readonly MarketEnvironment _environment;

    private AgentConfiguration(MarketEnvironment environment) => _environment = environment;

    /// <summary>The configuration of an environment's home; nothing is touched.</summary>
    public static AgentConfiguration Open(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new AgentConfiguration(environment);
    }

    /// <summary>Registers a marketplace, or changes the registered one: its other keys stay.</summary>
    /// <param name="name">The marketplace.</param>
    /// <param name="sourceType"><c>git</c> or <c>local</c>.</param>
    /// <param name="source">The normalised URL, without user information, or the canonical path.</param>
    /// <param name="gitRef">The ref, or null for none; an existing one is then removed.</param>
    /// <param name="sparsePaths">The sparse paths, or null or empty for none; existing ones are then removed.</param>
    /// <returns>Whether the file changed.</returns>
    public bool SetMarketplace(MarketplaceName name, string sourceType, string source, string? gitRef, IReadOnlyList<string>? sparsePaths) => throw new NotImplementedException();

    /// <summary>Removes a marketplace's table with its sub-tables.</summary>
    /// <returns>Whether the file changed.</returns>
    public bool RemoveMarketplace(MarketplaceName name) => throw new NotImplementedException();

    /// <summary>Enables or disables a plugin; a missing table is made.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="enabled">The state wanted.</param>
    /// <returns>Whether the file changed.</returns>
    public bool SetPluginEnabled(PluginId id, bool enabled) => throw new NotImplementedException();

    /// <summary>Removes a plugin's table with its sub-tables.</summary>
    /// <param name="id">The plugin.</param>
    /// <returns>Whether the file changed.</returns>
    public bool RemovePlugin(PluginId id) => throw new NotImplementedException();
}
