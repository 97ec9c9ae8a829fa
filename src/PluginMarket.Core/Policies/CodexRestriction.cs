using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Policies;

/// <summary>Codex's own list of marketplace sources, with Codex's meaning: texts are compared, patterns fit anywhere in a host, and under a
/// restriction the catalogs of the home and of the repository are out (contract 5).</summary>
internal sealed class CodexRestriction
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly MarketplaceRequirements _requirements;
    private readonly IReadOnlyList<(AllowedSource Source, Func<MarketplaceFacts, bool> Fits)> _sources;

    /// <param name="requirements">What the file says.</param>
    /// <param name="real">Resolves the links of a folder, which Codex does to both sides; null to compare folders as they are
    /// written.</param>
    internal CodexRestriction(MarketplaceRequirements requirements, Func<string, string>? real = null)
    {
        _requirements = requirements;
        _sources = [.. requirements.AllowedSources.Select(source => (source, FitOf(source, real ?? (path => path))))];
    }

    /// <summary>Whether there is a restriction.</summary>
    internal bool IsActive => _requirements.Restricted;

    /// <summary>What is allowed under the restriction; empty where there is none.</summary>
    internal IReadOnlyList<AllowedSource> Sources => IsActive ? _requirements.AllowedSources : [];

    /// <summary>Whether Codex uses a marketplace of that source.</summary>
    internal bool Allows(MarketplaceFacts facts) =>
        !IsActive || (facts.Scope is not ("Personal" or "Repository") && FindFor(facts) is not null);

    internal PolicyVerdict Judge(PolicyLayer layer, PolicySubject subject)
    {
        if (!IsActive)
        {
            return new PolicyVerdict(layer, null, PolicyEffect.Allowed);
        }

        if (subject.Marketplace is not { } facts)
        {
            return new PolicyVerdict(layer, null, PolicyEffect.Unknown) { Finding = $"its marketplace is not known" };
        }

        return Allows(facts)
            ? new PolicyVerdict(layer, null, PolicyEffect.Allowed) { RuleId = FindFor(facts)!.Key }
            : new PolicyVerdict(layer, null, PolicyEffect.Denied)
            {
                RuleId = "restrict_to_allowed_sources",
                Finding = _requirements.Refusal is { } refusal ? (Message)$"{refusal}"
                    : facts.Scope is "Personal" or "Repository" ? (Message)$"the catalogs of homes and repositories are not used"
                    : (Message)$"its marketplace source '{GitUrl.Redact(facts.SourceText)}' is not on the list",
            };
    }

    private AllowedSource? FindFor(MarketplaceFacts facts) =>
        _requirements.Refusal is null ? _sources.FirstOrDefault(one => one.Fits(facts)).Source : null;

    private static Func<MarketplaceFacts, bool> FitOf(AllowedSource source, Func<string, string> real)
    {
        switch (source.Kind)
        {
            case "git":
                var text = Normalize(source.Value);
                return facts => facts.SourceType == "git" && Normalize(facts.SourceText) == text
                    && (source.Ref is null || source.Ref == facts.Ref);
            case "local":
                // Where a path begins that is not absolute, nothing says: it allows no folder.
                var path = Path.IsPathFullyQualified(source.Value) ? real(LocalPaths.Normalize(source.Value)) : null;
                return facts => facts.SourceType == "local" && path is not null && facts.LocalRoot == path;
            default:
                var pattern = Compile(source.Value);
                return facts => facts.SourceType == "git" && pattern is not null && HostOf(Normalize(facts.SourceText)) is { } host
                    && Fits(pattern, host);
        }
    }

    // A pattern that cannot be read allows nothing.
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool Fits(Regex pattern, string host)
    {
        try
        {
            return pattern.IsMatch(host);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string? HostOf(string source) =>
        GitUrl.TryParse(source, out var url, out _) && url is { IsFile: false } ? url.Host : null;

    // As Codex writes a source into its configuration when it is added.
    private static string Normalize(string source)
    {
        var text = source.Trim();
        if (CatalogGitUrl.OwnerAndRepository().IsMatch(text))
        {
            return $"https://github.com/{text}.git";
        }

        text = text.Contains("://", StringComparison.Ordinal) && !text.StartsWith("file://", StringComparison.Ordinal)
            ? text.TrimEnd('/') : text;
        return text.StartsWith("https://github.com/", StringComparison.Ordinal) && !text.EndsWith(".git", StringComparison.Ordinal)
            ? text + ".git" : text;
    }
}
