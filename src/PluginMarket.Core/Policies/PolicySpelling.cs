namespace PluginMarket.Policies;

/// <summary>Both spellings of the policy values: the member's (<c>NotAvailable</c>) and the format's (<c>NOT_AVAILABLE</c>).</summary>
internal static class PolicySpelling
{
    /// <summary>The format's spelling.</summary>
    public static string ToFormat(InstallationPolicy policy) => policy switch
    {
        InstallationPolicy.NotAvailable => "NOT_AVAILABLE",
        InstallationPolicy.InstalledByDefault => "INSTALLED_BY_DEFAULT",
        _ => "AVAILABLE",
    };

    /// <summary>The format's spelling.</summary>
    public static string ToFormat(AuthenticationPolicy policy) => policy == AuthenticationPolicy.OnUse ? "ON_USE" : "ON_INSTALL";

    /// <summary>Reads either spelling, ignoring case; numbers are refused.</summary>
    public static bool TryParse(string? text, out InstallationPolicy policy) => TryParseName(text, out policy);

    /// <summary>Reads either spelling, ignoring case; numbers are refused.</summary>
    public static bool TryParse(string? text, out AuthenticationPolicy policy) => TryParseName(text, out policy);

    private static bool TryParseName<T>(string? text, out T value)
        where T : struct, Enum
    {
        var name = text?.Replace("_", "", StringComparison.Ordinal) ?? "";
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(candidate.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
