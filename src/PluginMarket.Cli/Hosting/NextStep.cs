using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PluginMarket.Cli.Hosting;

/// <summary>Says in this program's words what a message advises to do next: the core names the cmdlets. What has no verb or option here keeps its name, and where it is found.</summary>
internal static partial class NextStep
{
    private const string Elsewhere = " (in PowerShell)";

    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["Add-PluginMarketplace"] = "marketplace add",
        ["Compare-Plugin"] = "diff",
        ["Disable-Plugin"] = "disable",
        ["Enable-Plugin"] = "enable",
        ["Export-PluginLockFile"] = "lock",
        ["Find-Plugin"] = "list",
        ["Get-InstalledPlugin"] = "inventory",
        ["Get-PluginMarketplace"] = "marketplace list",
        ["Get-PluginUpdate"] = "outdated",
        ["Install-Plugin"] = "add",
        ["Remove-PluginMarketplace"] = "marketplace remove",
        ["Resume-PluginUpdate"] = "release",
        ["Suspend-PluginUpdate"] = "hold",
        ["Test-PluginIntegrity"] = "verify",
        ["Test-PluginManifest"] = "validate",
        ["Test-PluginMarketplace"] = "validate",
        ["Undo-PluginUpdate"] = "rollback",
        ["Uninstall-Plugin"] = "remove",
        ["Update-Plugin"] = "update",
        ["Update-PluginMarketplace"] = "marketplace upgrade",
    };

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["-AcceptCapability"] = "--accept-capability",
        ["-AllowDowngrade"] = "--allow-downgrade",
        ["-AllowHost"] = "--allow-host",
        ["-AllowHttp"] = "--allow-http",
        ["-CacheVersion Manifest"] = "--cache-version manifest",
        ["-CodexHome"] = "--codex-home",
        ["-Format"] = "--format",
        ["-GitEngine Git"] = "--git-engine git",
        ["-Marketplace"] = "--marketplace",
        ["-Ref"] = "--ref",
        ["-Exact"] = "--exact",
        ["-LockFile"] = "--lock-file",
        ["-Refresh"] = "--refresh",
        ["-Reinstall"] = "--reinstall",
        ["-Enable"] = "--enable",
    };

    [return: NotNullIfNotNull(nameof(message))]
    public static string? Say(string? message) => message is null ? null : Named().Replace(message.Replace(InternalFault.Details, "Run the command again with --verbose to see the details, and report them.", StringComparison.Ordinal), match =>
    {
        var options = match.Groups["option"].Captures.Select(option => option.Value).ToList();
        if (!options.TrueForAll(Options.ContainsKey))
        {
            return match.Value + Elsewhere;
        }

        var said = options.Select(option => Options[option]);
        return match.Groups["name"] is not { Success: true, Value: var name } ? string.Join(' ', said)
            : Verbs.TryGetValue(name, out var verb) ? $"`{string.Join(' ', [$"pluginmarket {verb}{match.Groups["id"].Value}", .. said])}`"
            : match.Value + Elsewhere;
    });

    // An id and parameters behind the name belong to the command. What a message shows of a file or of another program may look like a parameter: only those count that messages of the core name.
    [GeneratedRegex("(?<![\\w-])(?>(?<name>[A-Z][a-z]+-(Installed)?Plugin[A-Za-z]*)(?![\\w-])(?<id> [\\w.-]+@[\\w.-]*\\w)?( (?<option>" + Parameters + "))*|(?<option>" + Parameters + "))(?! \\(?in PowerShell)", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    private const string Parameters = "-(AcceptCapability|AllowDowngrade|AllowHost|AllowHttp|CacheVersion Manifest|CodexHome|Credential|Default|Force|Format|GitEngine Git|IncludeSkipped|Marketplace|Path|Enable|Exact|LockFile|Ref|Refresh|Reinstall|ResolveSource|Sha|Strict|TrustMarketplace)\\b";
}
