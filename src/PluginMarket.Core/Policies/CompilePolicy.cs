using System.Text.RegularExpressions;
using PluginMarket.Policies.Rules;
using PluginMarket.Toml;

namespace PluginMarket.Policies;

/// <summary>How much of a rule an agent's own format can say, from the best to the worst.</summary>
internal enum Fidelity
{
    Exact,
    Tighter,
    Looser,
    None,
}

/// <summary>The formats that a policy can be written in.</summary>
internal enum PolicyFormat
{
    /// <summary><c>requirements.toml</c>.</summary>
    CodexRequirements,
    /// <summary><c>managed_config.toml</c>.</summary>
    CodexManagedConfig,
    /// <summary><c>config.toml</c>.</summary>
    CodexConfig,
}

/// <summary>What the compiler has to know of this computer.</summary>
/// <param name="Plugins">The ids that are known, installed or listed.</param>
/// <param name="Servers">The MCP servers of installed plugins.</param>
/// <param name="Marketplaces">The marketplaces that are configured, by name.</param>
internal sealed record CompileFacts(IReadOnlyList<PluginId> Plugins, IReadOnlyList<(PluginId Id, Capability Server)> Servers,
    IReadOnlyDictionary<string, MarketplaceFacts> Marketplaces);

/// <summary>Says a policy in the words of Codex: each rule as far as Codex has words for it.</summary>
internal sealed partial class CompilePolicy(PolicyDocument document, CompileFacts facts)
{
    private readonly List<string> _keys = [];
    private readonly List<string> _tables = [];
    private readonly List<(PolicyRule Rule, Fidelity Fidelity, string Note)> _coverage = [];
    private int _sources;

    /// <summary>The keys that stand above every table, the tables, and what becomes of each rule.</summary>
    internal (string Keys, string Tables, IReadOnlyList<(PolicyRule Rule, Fidelity Fidelity, string Note)> Coverage) Compile(
        PolicyFormat format)
    {
        var places = document.Rules.OfType<MarketplaceRule>().Where(rule => rule.Effect == RuleEffect.Allow && Enforces(rule)).ToList();
        if (format == PolicyFormat.CodexRequirements && places.Count > 0)
        {
            _tables.Add("[marketplaces]\nrestrict_to_allowed_sources = true\n");
        }

        foreach (var rule in document.Rules)
        {
            var (fidelity, note) = !Enforces(rule) ? (Fidelity.None, "It only reports, which no agent does.") : (rule, format) switch
            {
                (MarketplaceRule { Effect: RuleEffect.Allow } place, PolicyFormat.CodexRequirements) => Allow(place),
                (PluginRule { Effect: RuleEffect.Deny } plugin, PolicyFormat.CodexManagedConfig) => Deny(plugin),
                (PluginRule { Effect: RuleEffect.Require } plugin, _) => Require(plugin, format, places.Count > 0),
                (CapabilityRule { Effect: RuleEffect.Deny } hooks, PolicyFormat.CodexRequirements) => DenyHooks(hooks),
                (CapabilityRule { Effect: RuleEffect.Allow } servers, PolicyFormat.CodexRequirements) => AllowServers(servers),
                _ => (Fidelity.None, "This file has no words for it."),
            };
            _coverage.Add((rule, fidelity, note));
        }

        return (string.Concat(_keys.Distinct()), string.Join("\n", _tables.Distinct()), _coverage);
    }

    private bool Enforces(PolicyRule rule) => !document.IsAudit && !rule.IsAudit;

    private (Fidelity, string) Allow(MarketplaceRule rule)
    {
        var worst = (Fidelity: Fidelity.Exact, Note: "Codex takes the spellings that are listed.");
        foreach (var place in rule.Places)
        {
            var one = Allow(place);
            worst = one.Item1 > worst.Fidelity ? one : worst;
        }

        return worst;
    }

    private (Fidelity, string) Allow(MarketplaceRule.Place place)
    {
        if (place.IsOfNameOrScope)
        {
            return (Fidelity.None, "Codex compares no names, scopes or pins.");
        }

        if (place.Root is { } root)
        {
            Source("local", "path", root, null);
            return (Fidelity.Tighter, "Codex takes this folder alone, and none below it.");
        }

        if (place.Source.Host is { } host)
        {
            var pattern = Regex.Escape(host.Text).Replace("\\*\\*", ".*", StringComparison.Ordinal)
                .Replace("\\*", "[^.]*", StringComparison.Ordinal);
            Source("host_pattern", "host_pattern", $"^{pattern}$", null);
            return (Fidelity.Looser, "Codex takes http and every port of the host too.");
        }

        if (place.Source.Url is not { } url || url.Text.Contains('*', StringComparison.Ordinal)
            || place.Refs?.Any(reference => reference.Text.Contains('*', StringComparison.Ordinal)) == true)
        {
            return (Fidelity.None, "Codex has no patterns of addresses and refs.");
        }

        foreach (var spelling in Spellings(url.Text, place.Source.Transports))
        {
            foreach (var reference in place.Refs?.Select(glob => glob.Text) ?? [null!])
            {
                Source("git", "url", spelling, reference);
            }
        }

        return (Fidelity.Exact, "Codex takes the spellings that are listed.");
    }

    private static IEnumerable<string> Spellings(string address, IReadOnlyList<string> transports)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = (address[..slash], address[(slash + 1)..]);
        foreach (var suffix in new[] { ".git", "" })
        {
            if (transports.Contains("https") && !(host == "github.com" && suffix.Length == 0))
            {
                yield return $"https://{host}/{path}{suffix}";
            }

            if (transports.Contains("ssh"))
            {
                yield return $"ssh://git@{host}/{path}{suffix}";
                if (!host.Contains(':', StringComparison.Ordinal))
                {
                    yield return $"git@{host}:{path}{suffix}";
                }
            }

            if (transports.Contains("http"))
            {
                yield return $"http://{host}/{path}{suffix}";
            }
        }
    }

    private void Source(string kind, string key, string value, string? reference) => _tables.Add(
        $"[marketplaces.allowed_sources.pluginmarket-{++_sources}]\nsource = {TomlText.Quote(kind)}\n{key} = {TomlText.Quote(value)}\n"
            + (reference is null ? "" : $"ref = {TomlText.Quote(reference)}\n"));

    private (Fidelity, string) Deny(PluginRule rule)
    {
        if (!rule.IsOfIdsAlone)
        {
            return (Fidelity.None, "Codex knows plugins by their ids alone.");
        }

        var isPattern = rule.Patterns.Any(pattern => pattern.Contains('*', StringComparison.Ordinal));
        var ids = facts.Plugins.Where(rule.Names).Select(id => id.ToString())
            .Concat(rule.Patterns.Where(pattern => !pattern.Contains('*', StringComparison.Ordinal)));
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            _tables.Add($"[plugins.{TomlText.Quote(id)}]\nenabled = false\n");
        }

        return isPattern ? (Fidelity.Looser, "Codex turns off the ids that are known today.") : (Fidelity.Exact, "Codex loads none of it.");
    }

    private (Fidelity, string) Require(PluginRule rule, PolicyFormat format, bool isRestricted)
    {
        if (!rule.IsOfIdsAlone || rule.Patterns.Any(pattern => pattern.Contains('*', StringComparison.Ordinal)))
        {
            return (Fidelity.None, "Codex knows plugins by their ids alone.");
        }

        foreach (var id in rule.Patterns)
        {
            var marketplace = id[(id.IndexOf('@', StringComparison.Ordinal) + 1)..];
            var known = facts.Marketplaces.GetValueOrDefault(marketplace);
            switch (format)
            {
                case PolicyFormat.CodexManagedConfig:
                    _tables.Add($"[plugins.{TomlText.Quote(id)}]\nenabled = true\n");
                    break;
                case PolicyFormat.CodexRequirements when isRestricted && known is not null:
                    Source(known.SourceType, known.SourceType == "git" ? "url" : "path", known.SourceText, known.Ref);
                    break;
                case PolicyFormat.CodexConfig when known is not null:
                    _tables.Add($"[marketplaces.{marketplace}]\nsource_type = {TomlText.Quote(known.SourceType)}\n"
                        + $"source = {TomlText.Quote(known.SourceText)}\n"
                        + (known.Ref is null ? "" : $"ref = {TomlText.Quote(known.Ref)}\n"));
                    break;
                case PolicyFormat.CodexConfig:
                    return (Fidelity.None, $"The marketplace '{marketplace}' is not configured here.");
            }
        }

        return (Fidelity.Exact, "Codex turns it on and keeps its marketplace.");
    }

    private (Fidelity, string) DenyHooks(CapabilityRule rule)
    {
        if (rule.Items.All(item => item.Components is not ["Hook"]))
        {
            return (Fidelity.None, "Codex refuses hooks as a whole, and nothing else.");
        }

        if (!rule.Items.All(item => item.IsOfComponentAlone && item.Components is ["Hook"]))
        {
            return (Fidelity.None, "Codex cannot tell hooks apart.");
        }

        _keys.Add("allow_managed_hooks_only = true\n");
        return (Fidelity.Tighter, "Codex runs none of the user's own hooks either.");
    }

    private (Fidelity, string) AllowServers(CapabilityRule rule)
    {
        if (!rule.Items.All(item => item.Components is ["McpServer"]))
        {
            return (Fidelity.None, "Codex has a list of MCP servers alone.");
        }

        foreach (var (id, server) in facts.Servers.Where(one =>
            rule.Items.Any(item => item.Fits(new CapabilityFacts(one.Server), allows: true))))
        {
            var identity = server.Url is { } url ? $"url = {TomlText.Quote(url)}"
                : $"command = {TomlText.Quote(CapabilityFacts.FirstWord(server.Command ?? ""))}";
            _tables.Add($"[plugins.{TomlText.Quote(id.ToString())}.mcp_servers.{TomlText.Quote(server.Name)}.identity]\n{identity}\n");
        }

        return (Fidelity.Looser, "Codex compares the command or the address of the servers that are known today, and no arguments.");
    }

    /// <summary>A text with our part of a file put in the place of an earlier one; everything else stays.</summary>
    internal static string Splice(string text, string keys, string tables, string mark)
    {
        var rest = OurPart().Replace(text, "");
        var top = keys.Length == 0 ? "" : $"# {mark}\n{keys}{End}";
        var body = tables.Length == 0 ? "" : $"# {mark}\n{tables}{End}";
        return top + (top.Length > 0 && rest.Length > 0 ? "\n" : "") + rest + (rest.Length > 0 && !rest.EndsWith('\n') ? "\n" : "")
            + (body.Length > 0 && rest.Length > 0 ? "\n" : "") + body;
    }

    private const string End = "# end of the policy of PluginMarket\n";

    [GeneratedRegex(@"\n?^\# policy [^\n]* of PluginMarket\r?\n(?s:.*?)^\# end of the policy of PluginMarket\r?\n(\n(?=[^\n]))?",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OurPart();
}
