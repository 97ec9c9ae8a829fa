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

/// <summary>What becomes of one rule.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Fidelity">How much of it the format says.</param>
/// <param name="Note">What the agent does with it.</param>
internal sealed record RuleCoverage(PolicyLayer Layer, PolicyRule Rule, Fidelity Fidelity, string Note);

/// <summary>Says the policies of all layers in the words of Codex: each rule as far as Codex has words for it. Where two layers have a list
/// of what is allowed, only what both allow is written, for each layer is judged alone.</summary>
internal sealed partial class CompilePolicy(IReadOnlyList<PolicyLayer> layers, CompileFacts facts)
{
    private readonly List<RuleCoverage> _coverage = [];
    private readonly SortedDictionary<string, bool> _plugins = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _marketplaces = new(StringComparer.Ordinal);
    private readonly CodexSourceList _sources = new();
    private bool _refusesHooks;

    /// <summary>The keys that stand above every table, the tables, and what becomes of each rule.</summary>
    internal (string Keys, string Tables, IReadOnlyList<RuleCoverage> Coverage) Compile(PolicyFormat format)
    {
        foreach (var layer in layers)
        {
            foreach (var rule in layer.Document!.Rules)
            {
                var (fidelity, note) = (rule, format) switch
                {
                    _ when !Enforces(layer, rule) => (Fidelity.None, "It only reports, which no agent does."),
                    (MarketplaceRule { Effect: RuleEffect.Allow } place, PolicyFormat.CodexRequirements) => Allow(place),
                    (PluginRule { Effect: RuleEffect.Deny } plugin, PolicyFormat.CodexManagedConfig) => Deny(plugin),
                    (PluginRule { Effect: RuleEffect.Require } plugin, _) => Require(plugin, format),
                    (CapabilityRule { Effect: RuleEffect.Deny } hooks, PolicyFormat.CodexRequirements) => DenyHooks(hooks),
                    (CapabilityRule { Effect: RuleEffect.Allow } servers, PolicyFormat.CodexRequirements) => AllowServers(servers),
                    _ => (Fidelity.None, "This file has no words for it."),
                };
                _coverage.Add(new RuleCoverage(layer, rule, fidelity, note));
            }
        }

        List<string> tables = [];
        if (format == PolicyFormat.CodexRequirements)
        {
            tables.AddRange(SourceTables());
            tables.AddRange(ServerTables());
        }

        tables.AddRange(_marketplaces.Values);
        tables.AddRange(_plugins.Select(plugin =>
            $"[plugins.{TomlText.Quote(plugin.Key)}]\nenabled = {(plugin.Value ? "true" : "false")}\n"));
        return (_refusesHooks ? "allow_managed_hooks_only = true\n" : "", string.Join("\n", tables), _coverage);
    }

    private static bool Enforces(PolicyLayer layer, PolicyRule rule) => !layer.Document!.IsAudit && !rule.IsAudit;

    // A list refuses where one of its rules enforces; the rules of it that only report allow as much as the others.
    private IEnumerable<IReadOnlyList<T>> Lists<T>(Func<T, bool> isOf)
        where T : PolicyRule =>
        layers.Select(layer => (Layer: layer, Rules: layer.Document!.Rules.OfType<T>()
                .Where(rule => rule.Effect == RuleEffect.Allow && isOf(rule)).ToList()))
            .Where(one => one.Rules.Exists(rule => Enforces(one.Layer, rule))).Select(one => one.Rules);

    // A list that Codex has no words for at all is not written: it would allow nothing.
    private IReadOnlyList<IReadOnlyList<CodexSource>> SourceLists() =>
        [.. Lists<MarketplaceRule>(_ => true).Select(rules => CodexSourceList.Of(rules.SelectMany(rule => rule.Places)))
            .Where(list => list.Count > 0)];

    private IEnumerable<string> SourceTables()
    {
        var lists = SourceLists();
        return lists.Count == 0 ? [] : ["[marketplaces]\nrestrict_to_allowed_sources = true\n", .. _sources.Intersect(lists)
            .Select((source, index) => source.ToTable($"pluginmarket-{index + 1}"))];
    }

    private static (Fidelity, string) Allow(MarketplaceRule rule)
    {
        var worst = (Fidelity: Fidelity.Exact, Note: "Codex takes the spellings that are listed.");
        foreach (var place in rule.Places)
        {
            var one = CodexSourceList.FidelityOf(place);
            worst = one.Fidelity > worst.Fidelity ? one : worst;
        }

        return worst;
    }

    private (Fidelity, string) Deny(PluginRule rule)
    {
        if (!rule.IsOfIdsAlone)
        {
            return (Fidelity.None, "Codex knows plugins by their ids alone.");
        }

        var isPattern = rule.Patterns.Any(IsPattern);
        foreach (var id in facts.Plugins.Where(rule.Names).Select(id => id.ToString())
            .Concat(rule.Patterns.Where(pattern => !IsPattern(pattern))))
        {
            _plugins[id] = false;
        }

        return isPattern ? (Fidelity.Looser, "Codex turns off the ids that are known today.") : (Fidelity.Exact, "Codex loads none of it.");
    }

    private (Fidelity, string) Require(PluginRule rule, PolicyFormat format)
    {
        if (!rule.IsOfIdsAlone || rule.Patterns.Any(IsPattern))
        {
            return (Fidelity.None, "Codex knows plugins by their ids alone.");
        }

        var worst = (Fidelity: Fidelity.Exact, Note: "Codex turns it on and keeps its marketplace.");
        foreach (var one in rule.Patterns.Select(id => Require(id, format)))
        {
            worst = one.Fidelity > worst.Fidelity ? one : worst;
        }

        return worst;
    }

    private (Fidelity Fidelity, string Note) Require(string id, PolicyFormat format)
    {
        var marketplace = id[(id.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var known = facts.Marketplaces.GetValueOrDefault(marketplace);
        switch (format)
        {
            case PolicyFormat.CodexManagedConfig when IsDenied(id):
                return (Fidelity.None, $"Another rule denies '{id}'.");
            case PolicyFormat.CodexManagedConfig:
                _plugins[id] = true;
                return (Fidelity.Exact, "Codex keeps it enabled.");
            case PolicyFormat.CodexRequirements when SourceLists().Count == 0:
                return (Fidelity.None, "Nothing in this file restricts its marketplace, and nothing in it can enable a plugin.");
            case PolicyFormat.CodexRequirements when known is not null && CodexSource.Of(known) is var source
                && SourceLists().All(source.IsIn):
                _sources.Add(source);
                return (Fidelity.Exact, "Codex keeps its marketplace.");
            case PolicyFormat.CodexRequirements:
                return (Fidelity.None, $"No list of what is allowed has the marketplace '{marketplace}' as it is configured here.");
            case PolicyFormat.CodexConfig when known is not null:
                _marketplaces[marketplace] = $"[marketplaces.{marketplace}]\nsource_type = {TomlText.Quote(known.SourceType)}\n"
                    + $"source = {TomlText.Quote(known.SourceText)}\n"
                    + (known.Ref is null ? "" : $"ref = {TomlText.Quote(known.Ref)}\n");
                return (Fidelity.Exact, "Codex has its marketplace.");
            default:
                return (Fidelity.None, $"The marketplace '{marketplace}' is not configured here.");
        }
    }

    private bool IsDenied(string id) => PluginId.TryParse(id, out var plugin, out _) && layers.Any(layer => layer.Document!.Rules
        .OfType<PluginRule>().Any(rule => rule is { Effect: RuleEffect.Deny, IsOfIdsAlone: true } && Enforces(layer, rule)
            && rule.Names(plugin)));

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

        _refusesHooks = true;
        return (Fidelity.Tighter, "Codex runs none of the user's own hooks either.");
    }

    private (Fidelity, string) AllowServers(CapabilityRule rule) =>
        !IsOfServers(rule) ? (Fidelity.None, "Codex has a list of MCP servers alone.")
            : !ServerTables().Any() ? (Fidelity.None, "No MCP server that is known here is allowed, so that there is nothing to list.")
            : (Fidelity.Looser, "Codex compares the command or the address of the servers that are known today, and no arguments.");

    private static bool IsOfServers(CapabilityRule rule) => rule.Items.All(item => item.Components is ["McpServer"]);

    private IEnumerable<string> ServerTables()
    {
        var lists = Lists<CapabilityRule>(IsOfServers).ToList();
        return lists.Count == 0 ? [] : facts.Servers
            .Where(one => lists.TrueForAll(rules => rules.Any(rule =>
                rule.Items.Any(item => item.Fits(new CapabilityFacts(one.Server), allows: true)))))
            .Select(one => $"[plugins.{TomlText.Quote(one.Id.ToString())}.mcp_servers.{TomlText.Quote(one.Server.Name)}.identity]\n"
                + (one.Server.Url is { } url ? $"url = {TomlText.Quote(url)}\n"
                    : $"command = {TomlText.Quote(CapabilityFacts.FirstWord(one.Server.Command ?? ""))}\n"))
            .Distinct();
    }

    private static bool IsPattern(string text) => text.Contains('*', StringComparison.Ordinal);

    /// <summary>A text in which our part of a file replaces an earlier one; everything else stays.</summary>
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
