using System.Text.RegularExpressions;
using PluginMarket.Policies.Rules;
using PluginMarket.Toml;

namespace PluginMarket.Policies;

/// <summary>One entry of Codex's list of sources.</summary>
/// <param name="Kind"><c>git</c>, <c>local</c> or <c>host_pattern</c>.</param>
/// <param name="Value">The address, the folder or the pattern.</param>
/// <param name="Ref">The only ref; null for any.</param>
internal sealed record CodexSource(string Kind, string Value, string? Ref)
{
    /// <summary>The host, where a pattern is of one.</summary>
    internal string? Host { get; init; }

    /// <summary>A marketplace as it is configured.</summary>
    internal static CodexSource Of(MarketplaceFacts facts) => new(facts.SourceType, facts.SourceText, facts.Ref);

    /// <summary>Whether a list allows all that this entry allows.</summary>
    internal bool IsIn(IReadOnlyList<CodexSource> list)
    {
        var restriction = new CodexRestriction(new Home.MarketplaceRequirements(true,
            [.. list.Select(source => new Home.AllowedSource("", source.Kind, source.Value, source.Ref))], null, null, null));
        return list.Any(source => source.Kind == Kind && source.Value == Value && (source.Ref is null || source.Ref == Ref))
            || Kind switch
            {
                "host_pattern" => Host is not null && list.Any(source => source.Kind == Kind && Regex.IsMatch(Host, source.Value)),
                "git" => restriction.Allows(new MarketplaceFacts { SourceType = "git", SourceText = Value, Ref = Ref }),
                _ => restriction.Allows(new MarketplaceFacts { SourceText = Value, LocalRoot = Value }),
            };
    }

    /// <summary>The entry as Codex reads it.</summary>
    internal string ToTable(string key) =>
        $"[marketplaces.allowed_sources.{key}]\nsource = {TomlText.Quote(Kind)}\n"
            + $"{(Kind switch { "git" => "url", "local" => "path", _ => "host_pattern" })} = {TomlText.Quote(Value)}\n"
            + (Ref is null ? "" : $"ref = {TomlText.Quote(Ref)}\n");
}

/// <summary>Says places of marketplaces as entries of Codex's list.</summary>
internal sealed class CodexSourceList
{
    private readonly List<CodexSource> _more = [];

    /// <summary>Adds an entry that every list allows, in another spelling.</summary>
    internal void Add(CodexSource source) => _more.Add(source);

    /// <summary>What all lists allow: Codex has one list only, which allows what one of its entries does.</summary>
    internal IEnumerable<CodexSource> Intersect(IReadOnlyList<IReadOnlyList<CodexSource>> lists) =>
        lists.SelectMany(list => list).Where(source => lists.All(source.IsIn)).Concat(_more).Distinct();

    /// <summary>The entries of a list of places.</summary>
    internal static IReadOnlyList<CodexSource> Of(IEnumerable<MarketplaceRule.Place> places) => [.. places.SelectMany(Of).Distinct()];

    /// <summary>How much of a place an entry can say.</summary>
    internal static (Fidelity Fidelity, string Note) FidelityOf(MarketplaceRule.Place place) =>
        place.IsOfNameOrScope ? (Fidelity.None, "Codex compares no names, scopes or pins.")
            : place.Root is not null ? place.Source.Url is null && place.Source.Host is null && place.Refs is null
                ? (Fidelity.Tighter, "Codex takes this folder alone, and none below it.")
                : (Fidelity.None, "Codex has no entry for a folder and an address.")
            : place.Source.Host is not null ? place.Source.Url is null && place.Refs is null
                ? (Fidelity.Looser, "Codex takes http and every port of the host too.")
                : (Fidelity.None, "Codex has no entry for a host and more.")
            : place.Source.Url is not { } url || IsPattern(url.Text) || place.Refs?.Any(reference => IsPattern(reference.Text)) == true
                ? (Fidelity.None, "Codex has no patterns of addresses and refs.")
            : (Fidelity.Exact, "Codex takes the spellings that are listed.");

    private static IEnumerable<CodexSource> Of(MarketplaceRule.Place place)
    {
        if (FidelityOf(place).Fidelity == Fidelity.None)
        {
            return [];
        }

        if (place.Root is { } root)
        {
            return [new CodexSource("local", root, null)];
        }

        if (place.Source.Host is { } host)
        {
            var pattern = Regex.Escape(host.Text).Replace("\\*\\*", ".*", StringComparison.Ordinal)
                .Replace("\\*", "[^.]*", StringComparison.Ordinal);
            return [new CodexSource("host_pattern", $"^{pattern}$", null) { Host = IsPattern(host.Text) ? null : host.Text }];
        }

        return from spelling in Spellings(place.Source.Url!.Text, place.Source.Written ?? "", place.Source.Transports)
               from reference in place.Refs?.Select(glob => glob.Text) ?? [null!]
               select new CodexSource("git", spelling, reference);
    }

    // Codex compares texts: a path in capitals is another one to it, so that the path is listed as the policy has it, too.
    private static IEnumerable<string> Spellings(string address, string written, IReadOnlyList<string> transports)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = (address[..slash], address[(slash + 1)..]);
        var at = written.LastIndexOf(path, StringComparison.OrdinalIgnoreCase);
        return new[] { path, at < 0 ? path : written.Substring(at, path.Length) }.Distinct()
            .SelectMany(one => SpellingsOf(host, one, transports));
    }

    private static IEnumerable<string> SpellingsOf(string host, string path, IReadOnlyList<string> transports)
    {
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

    private static bool IsPattern(string text) => text.Contains('*', StringComparison.Ordinal);
}
