namespace PluginMarket.Home;

/// <summary>The layers of the agent's configuration in ascending order: a later one wins (contract 3.8, 5.2, 5.4).</summary>
internal enum ConfigurationLayer
{
    /// <summary>The system's <c>config.toml</c>.</summary>
    System,
    /// <summary>The user's <c>config.toml</c>, the only one written.</summary>
    User,
    /// <summary>The <c>.codex/config.toml</c> of a trusted project.</summary>
    Project,
    /// <summary>The administrator's <c>managed_config.toml</c>.</summary>
    Managed,
}
