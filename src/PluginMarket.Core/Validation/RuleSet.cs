using System.Collections.Frozen;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Validation.Rules;

namespace PluginMarket.Validation;

/// <summary>Every rule there is.</summary>
internal static class RuleSet
{
    internal static IReadOnlyList<CheckRule> Checks { get; } =
    [
        .. JsonRules.All, .. ManifestFieldRules.All, .. InterfaceRules.All, .. PathRules.All, .. SkillRules.All, .. McpRules.All,
        .. AppRules.All, .. HookRules.All, .. HookCommandRules.All,
        .. CatalogRules.All, .. EntryRules.All, .. PolicyRules.All, .. SourceRules.All, .. NamingRules.All, .. HiddenTextRules.All,
        .. SecretRules.All,
    ];

    /// <summary>The rules, ordered by id.</summary>
    public static IReadOnlyList<ManifestRule> All { get; } =
        [.. Checks.Select(rule => rule.ToPublic()).OrderBy(rule => rule.Id, StringComparer.Ordinal)];

    private static readonly FrozenDictionary<string, CheckRule> ByKind =
        Checks.SelectMany(rule => rule.Kinds.Select(kind => (kind, rule))).ToFrozenDictionary(pair => pair.kind,
            pair => pair.rule, StringComparer.Ordinal);

    /// <summary>The rules whose ids fit one of some patterns; all where there is no pattern.</summary>
    /// <param name="patterns">Ids, wildcards allowed.</param>
    public static IReadOnlyList<ManifestRule> Find(IReadOnlyList<string> patterns)
    {
        var wanted = NamePattern.ReadAll(patterns);
        return [.. All.Where(rule => NamePattern.MatchesAny(wanted, rule.Id))];
    }

    /// <summary>The failure that no rule fits a pattern.</summary>
    public static PluginMarketException NotFound(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);

        // Two digits of an id that differ are another rule, not a slip.
        var nearest = NearestName.Find(pattern, All.Select(rule => rule.Id), most: 1);
        return new PluginMarketException(
            MarketErrorCode.SettingsInvalid,
            $"There is no rule '{pattern}'. {Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.ListRules, $"list them")}",
            pattern);
    }

    /// <summary>The rule of what a reader noticed.</summary>
    internal static CheckRule OfKind(string kind) => ByKind[kind];
}
