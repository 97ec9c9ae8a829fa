namespace PluginMarket;

/// <summary>The format of a new plugin's manifest.</summary>
public enum PluginFormat
{
    /// <summary><c>.codex-plugin/plugin.json</c>, in which all components work.</summary>
    Codex,

    /// <summary>The Agent Plugin format: <c>plugin.json</c> in the plugin's folder. Codex runs no hooks and
    /// lists no apps of such a plugin.</summary>
    Agent,
}
