using PluginMarket.Toml;

namespace PluginMarket.Policies;

/// <summary>The plugins that <c>managed_config.toml</c> turns off: no layer of Codex's configuration is above it, so Codex loads none
/// of them whatever a user does.</summary>
internal sealed class CodexKillSwitch
{
    private readonly HashSet<string> _plugins;

    private CodexKillSwitch(IEnumerable<string> plugins) => _plugins = new HashSet<string>(plugins, StringComparer.Ordinal);

    /// <summary>Their ids, sorted.</summary>
    internal IEnumerable<string> Plugins => _plugins.Order(StringComparer.Ordinal);

    /// <summary>What a file turns off; null where it turns nothing off.</summary>
    internal static CodexKillSwitch? Of(TomlFile file)
    {
        var off = (file.Root.Table("plugins") ?? []).Where(pair => pair.Value is TomlTable table && table.Flag("enabled") == false)
            .Select(pair => pair.Key).ToList();
        return off.Count == 0 ? null : new CodexKillSwitch(off);
    }

    internal PolicyVerdict Judge(PolicyLayer layer, PolicySubject subject) =>
        subject.Plugin?.ToString() is { } id && _plugins.Contains(id)
            ? new PolicyVerdict(layer, null, PolicyEffect.Denied) { RuleId = RuleOf(id), Finding = $"the file turns it off" }
            : new PolicyVerdict(layer, null, PolicyEffect.Allowed);

    /// <summary>What an explanation calls the key.</summary>
    internal static string RuleOf(string id) => $"plugins.{TomlText.Quote(id)}.enabled";
}
