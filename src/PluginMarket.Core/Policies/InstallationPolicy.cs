namespace PluginMarket;

/// <summary>The values of <c>policy.installation</c> (contract 1.4), for parameters; objects carry the format's spelling.</summary>
public enum InstallationPolicy
{
    /// <summary><c>AVAILABLE</c>: may be installed. What an entry without the key means.</summary>
    Available,
    /// <summary><c>NOT_AVAILABLE</c>: listed, never installed.</summary>
    NotAvailable,
    /// <summary><c>INSTALLED_BY_DEFAULT</c>: may be installed, and is by <c>Install-Plugin -Default</c>.</summary>
    InstalledByDefault,
}
