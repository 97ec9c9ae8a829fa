using System.Text.RegularExpressions;

namespace PluginMarket.Cli.Hosting;

/// <summary>Says in this program's words what a message advises to do next: the core names the cmdlets. What has no verb here keeps its name.</summary>
internal static partial class NextStep
{
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["Add-PluginMarketplace"] = "marketplace add",
        ["Export-PluginLockFile"] = "lock",
        ["Find-Plugin"] = "list",
        ["Get-InstalledPlugin"] = "inventory",
        ["Get-PluginMarketplace"] = "marketplace list",
        ["Get-PluginUpdate"] = "outdated",
        ["Install-Plugin"] = "add",
        ["Remove-PluginMarketplace"] = "marketplace remove",
        ["Test-PluginManifest"] = "validate",
        ["Uninstall-Plugin"] = "remove",
        ["Update-PluginMarketplace"] = "marketplace upgrade",
    };

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["-AcceptCapability"] = "--accept-capability",
        ["-AllowDowngrade"] = "--allow-downgrade",
        ["-AllowHost"] = "--allow-host",
        ["-AllowHttp"] = "--allow-http",
        ["-GitEngine Git"] = "--git-engine git",
        ["-Reinstall"] = "--reinstall",
    };

    public static string Say(string message) =>
        Option().Replace(
            Command().Replace(message, match => Verbs.TryGetValue(match.Groups["name"].Value, out var verb) ? $"`pluginmarket {verb}{match.Groups["rest"].Value}`" : match.Value),
            match => Options[match.Value]);

    // An id and switches of ours behind the name belong to the command.
    [GeneratedRegex("\\b(?<name>[A-Z][a-z]+-(Installed)?Plugin[A-Za-z]*)(?![\\w-])(?<rest>( [\\w.-]+@[\\w.-]*\\w)?( -Reinstall)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex("(?<![\\w-])-(AcceptCapability|AllowDowngrade|AllowHost|AllowHttp|GitEngine Git|Reinstall)\\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Option();
}
