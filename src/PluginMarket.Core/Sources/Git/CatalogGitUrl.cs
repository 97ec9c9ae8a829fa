using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Sources.Local;

namespace PluginMarket.Sources.Git;

/// <summary>The grammar of <c>url</c> and <c>path</c> of a git source in a catalog (contract 1.5).</summary>
internal static partial class CatalogGitUrl
{
    internal static GitUrl Read(string text, SourceContext context)
    {
        var url = text.Trim();
        if (url.Length == 0)
        {
            throw new UnusableSource("The git URL is empty.");
        }

        if (url.StartsWith("./", StringComparison.Ordinal) || url.StartsWith("../", StringComparison.Ordinal)
            || url.StartsWith(".\\", StringComparison.Ordinal) || url.StartsWith("..\\", StringComparison.Ordinal))
        {
            return RelativePath.TryParse(url, out var path, out var finding)
                ? GitUrl.FromMarketplaceFolder(path.UnderRoot(context.MarketplaceRoot))
                : throw new UnusableSource(finding, MarketErrorCode.PathEscapesRoot);
        }

        if (OwnerAndRepository().IsMatch(url))
        {
            return GitUrl.FromCatalog($"https://github.com/{(url.EndsWith(".git", StringComparison.Ordinal) ? url : url + ".git")}");
        }

        var isFile = url.StartsWith('/') || url.StartsWith("file://", StringComparison.Ordinal);
        if (isFile && context.IsFromNetwork)
        {
            throw new UnusableSource("A catalog that came over the network names a path of this machine.");
        }

        var isKnown = isFile || url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal)
            || url.StartsWith("ssh://", StringComparison.Ordinal)
            || (url.StartsWith("git@", StringComparison.Ordinal) && url.Contains(':', StringComparison.Ordinal));
        if (!isKnown)
        {
            throw new UnusableSource(
                $"'{GitUrl.Redact(url)}' is not a git URL; expected https://…, ssh://…, git@host:path, owner/repo or ./path.");
        }

        if (url.Contains('\\', StringComparison.Ordinal))
        {
            throw new UnusableSource($"The git URL '{GitUrl.Redact(url)}' contains a backslash; write '/'.");
        }

        return GitUrl.FromCatalog(url.StartsWith("https://github.com/", StringComparison.Ordinal)
            && !url.EndsWith(".git", StringComparison.Ordinal) ? url + ".git" : url);
    }

    /// <summary>The path of a folder in a repository, and how Codex spells it back.</summary>
    internal static (RelativePath Path, string Spelling) ReadPath(string text)
    {
        var trimmed = text.Trim();
        var spelling = trimmed.StartsWith("./", StringComparison.Ordinal) ? trimmed[2..] : trimmed;
        return LocalPathGrammar.ReadNames(spelling, out var path) is { } finding
            ? throw new UnusableSource(finding, LocalPathGrammar.CodeOf(spelling))
            : (path!, spelling);
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+\z")]
    internal static partial Regex OwnerAndRepository();
}
