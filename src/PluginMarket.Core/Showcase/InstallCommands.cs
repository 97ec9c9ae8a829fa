using System.Text.RegularExpressions;

namespace PluginMarket.Showcase;

/// <summary>Commands to copy, only made of texts that every shell takes as one plain word.</summary>
internal sealed partial record InstallCommands(string PowerShell, string Codex, string Shell)
{
    /// <summary>How a plugin is installed, or null where its entry cannot be.</summary>
    internal static InstallCommands? ForPlugin(Plugin plugin) =>
        plugin is { Status: "Available", Installation: not "NOT_AVAILABLE" } && PluginId.TryParse(plugin.Id, out _, out _)
        && PlainId().IsMatch(plugin.Id)
            ? new InstallCommands($"Install-Plugin {plugin.Id}", $"codex plugin add {plugin.Id}", $"pluginmarket add {plugin.Id}")
            : null;

    /// <summary>How a marketplace is registered elsewhere, or null where its source is not for others.</summary>
    internal static InstallCommands? ForMarketplace(Marketplace marketplace)
    {
        if (marketplace.SourceType != "git" || !PlainAddress().IsMatch(marketplace.Source)
            || (marketplace.Ref is { } named && !PlainReference().IsMatch(named)))
        {
            return null;
        }

        var (cmdlet, option) = marketplace.Ref is { } reference ? ($" -Ref {reference}", $" --ref {reference}") : ("", "");
        return new InstallCommands(
            $"Add-PluginMarketplace {marketplace.Source}{cmdlet}",
            $"codex plugin marketplace add {marketplace.Source}{option}",
            $"pluginmarket marketplace add {marketplace.Source}{option}");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9_][A-Za-z0-9._-]*\z")]
    private static partial Regex PlainId();

    [GeneratedRegex(@"\A(https|ssh)://([A-Za-z0-9_-]+@)?[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/~-]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainAddress();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/-]*\z")]
    private static partial Regex PlainReference();
}
