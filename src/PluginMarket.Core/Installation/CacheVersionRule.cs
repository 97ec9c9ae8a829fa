namespace PluginMarket;

/// <summary>Which folder of the cache a plugin of a local source gets (contract 8).</summary>
public enum CacheVersionRule
{
    /// <summary>The folder <c>local</c>: the documented rule of the format.</summary>
    Local,
    /// <summary>The manifest's version, else <c>local</c>: what Codex itself writes.</summary>
    Manifest,
}
