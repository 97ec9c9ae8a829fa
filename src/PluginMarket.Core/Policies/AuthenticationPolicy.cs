namespace PluginMarket;

/// <summary>The values of <c>policy.authentication</c> (contract 1.4), for parameters; objects carry the format's spelling.</summary>
public enum AuthenticationPolicy
{
    /// <summary><c>ON_INSTALL</c>: apps sign in when the plugin is installed. What an entry without the key means.</summary>
    OnInstall,
    /// <summary><c>ON_USE</c>: apps sign in when they are first used.</summary>
    OnUse,
}
