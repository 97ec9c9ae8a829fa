using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>Reads what a person typed as a marketplace's source (contract 4.1), and says what was
/// probably meant where it is none.</summary>
internal static partial class MarketplaceSourceParser
{
    /// <summary>Reads a source.</summary>
    /// <param name="text">A path, <c>owner/repo[@ref]</c>, an https, ssh or file URL, or <c>git@host:path</c>.</param>
    /// <param name="reference">A branch, tag or full commit id; wins over one in the text.</param>
    /// <param name="sparsePaths">The folders wanted of a git repository; empty for all.</param>
    /// <param name="environment">Gives the location relative paths start from, the home for <c>~/</c>, and the disk.</param>
    /// <param name="allowHttp">Whether plain http to other machines is accepted.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/>, <see cref="MarketErrorCode.CredentialInUrl"/>,
    /// <see cref="MarketErrorCode.HttpNotAllowed"/>, <see cref="MarketErrorCode.SourceUnreachable"/> for a missing folder.</exception>
    public static MarketplaceSource Parse(string? text, string? reference, IReadOnlyList<string>? sparsePaths,
        MarketEnvironment environment, bool allowHttp = false)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
        {
            throw Invalid($"The marketplace source is empty.{Remedy.Do($"Use a folder, owner/repo, or a git URL.")}", trimmed);
        }

        var (source, inlineReference) = SplitReference(trimmed);
        reference = Blank(reference) ?? Blank(inlineReference);
        var sparse = sparsePaths ?? [];
        if (IsLocal(source))
        {
            return reference is not null
                ? throw Invalid($"A reference is only supported for git marketplace sources. {Remedy.Do($"Remove it.")}", trimmed)
                : sparse.Count > 0
                ? throw Invalid($"Sparse paths are only supported for git marketplace sources. {Remedy.Do($"Remove them.")}", trimmed)
                : ReadFolder(source, environment);
        }

        var url = ReadUrl(source, trimmed);
        if (url.Scheme == "http" && !url.IsLoopback && !allowHttp)
        {
            throw new PluginMarketException(MarketErrorCode.HttpNotAllowed, $"{url} is plain http, which anyone on the network can change. "
                + $"{Remedy.Do($"Use https.")}{Remedy.Use(OperationOption.AllowHttp, $"allow it")}", url.ToString());
        }

        return MakeGit(url, reference, sparse);
    }

    /// <summary>Reads a source as config.toml has it; nothing is resolved and nothing touched.</summary>
    /// <param name="sourceType"><c>local</c> or <c>git</c>.</param>
    /// <param name="source">The path or URL.</param>
    /// <param name="reference">The reference, or null.</param>
    /// <param name="sparsePaths">The sparse paths, or null.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/> or
    /// <see cref="MarketErrorCode.CredentialInUrl"/>.</exception>
    public static MarketplaceSource FromConfiguration(string sourceType, string source, string? reference,
        IReadOnlyList<string>? sparsePaths)
    {
        ArgumentNullException.ThrowIfNull(source);
        return sourceType switch
        {
            "local" => new LocalMarketplaceSource(source),
            "git" => MakeGit(GitUrl.Parse(source), Blank(reference), sparsePaths ?? []),
            _ => throw Invalid($"The source type '{sourceType ?? ""}' is not known. {Remedy.Do($"Use local or git.")}", source),
        };
    }

    private static GitMarketplaceSource MakeGit(GitUrl url, string? reference, IReadOnlyList<string> sparsePaths)
    {
        if (reference is not null && !GitReference.IsFullId(reference) && GitReference.Check(reference) is { } finding)
        {
            throw Invalid($"'{reference}' cannot be a branch, tag or commit: it {finding}. "
                + $"{Remedy.Do($"Choose a branch, tag or commit of the repository.")}", url.ToString());
        }

        foreach (var path in sparsePaths)
        {
            if (!RelativePath.TryParse(path, out _, out var reason))
            {
                throw Invalid($"The sparse path cannot be used. {reason} {Remedy.Do($"Use a folder of the repository.")}", path);
            }
        }

        return new GitMarketplaceSource(url, reference, sparsePaths);
    }

    private static LocalMarketplaceSource ReadFolder(string source, MarketEnvironment environment)
    {
        var isHome = source == "~" || source.StartsWith("~/", StringComparison.Ordinal)
            || (OperatingSystem.IsWindows() && source.StartsWith("~\\", StringComparison.Ordinal));
        var start = isHome ? environment.HomePath : environment.WorkingDirectory;
        if (start is null && !Path.IsPathFullyQualified(source))
        {
            throw Invalid($"'{source}' is a relative path, but there is no current location.{Remedy.Do($"Use an absolute path.")}", source);
        }

        var path = LocalPaths.Normalize(
            Path.GetFullPath(isHome ? Path.Join(start, source[1..]) : source, start ?? Path.GetPathRoot(source)!));
        try
        {
            var real = environment.Files.RealPath(path);
            return environment.Files.Kind(real) == FileKind.Directory
                ? new LocalMarketplaceSource(real)
                : throw Invalid($"'{path}' is not a folder. {Remedy.Do($"Use the folder that contains .agents/plugins/marketplace.json.")}",
                    path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable,
                $"The folder '{path}' cannot be read: {e} {Remedy.Do($"Check the path.")}{Meant(source)}", path, e);
        }
    }

    private static GitUrl ReadUrl(string source, string typed)
    {
        if (source.StartsWith("git@", StringComparison.Ordinal) && source.Contains(':', StringComparison.Ordinal))
        {
            var at = source.LastIndexOf('@');
            return at <= 3 ? GitUrl.Parse(source)
                : throw Invalid($"'{source}' has an '@' in its path. "
                    + $"{Remedy.Do($"Use {source[..at]} with {OperationOption.Ref.Of(source[(at + 1)..])}.")}", typed);
        }

        if (source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || source.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            if (WebPage().Match(source) is { Success: true } page)
            {
                throw Invalid($"'{GitUrl.Redact(source)}' is a page about a repository. {Remedy.Do(
                    $"Did you mean {page.Groups["repository"].Value} with {OperationOption.Ref.Of(page.Groups["reference"].Value)}?")}",
                    GitUrl.Redact(typed));
            }

            var address = source.TrimEnd('/');
            var isBareGitHub = address.StartsWith("https://github.com/", StringComparison.Ordinal)
                && !address.EndsWith(".git", StringComparison.Ordinal);
            return GitUrl.Parse(isBareGitHub ? address + ".git" : address);
        }

        if (source.StartsWith("ssh://", StringComparison.Ordinal))
        {
            return GitUrl.Parse(source.TrimEnd('/'));
        }

        if (source.StartsWith("file://", StringComparison.Ordinal))
        {
            return GitUrl.Parse(source);
        }

        if (CatalogGitUrl.OwnerAndRepository().IsMatch(source))
        {
            return source.EndsWith(".git", StringComparison.Ordinal)
                ? throw Invalid($"'{source}' is not owner/repo. {Remedy.Do($"Did you mean {source[..^4]}?")}", typed)
                : GitUrl.Parse($"https://github.com/{source}.git");
        }

        throw Invalid($"'{GitUrl.Redact(typed)}' is not a marketplace source. "
            + $"{Meant(source) ?? Remedy.Do($"Use owner/repo, a git URL, or a folder.")}", GitUrl.Redact(typed));
    }

    private static Remedy? Meant(string source)
    {
        string? meant = null;
        if (HostAndPath().IsMatch(source))
        {
            meant = "https://" + source;
        }
        else if (source.StartsWith("github:", StringComparison.OrdinalIgnoreCase)
            && CatalogGitUrl.OwnerAndRepository().IsMatch(source[7..]))
        {
            meant = source[7..];
        }
        else if (source.StartsWith("git://", StringComparison.OrdinalIgnoreCase))
        {
            meant = "https://" + source[6..];
        }
        else if (UserHostAndPath().Match(source) is { Success: true } ssh)
        {
            meant = $"ssh://{ssh.Groups["user"].Value}@{ssh.Groups["host"].Value}/{ssh.Groups["path"].Value.TrimStart('/')}";
        }
        else if (BareFolder().IsMatch(source))
        {
            meant = "./" + source;
        }

        return meant is null
            ? null : Remedy.Do($"Did you mean {(meant.StartsWith("ssh://", StringComparison.Ordinal) ? meant : GitUrl.Redact(meant))}?");
    }

    private static (string Source, string? Reference) SplitReference(string text)
    {
        var hash = text.LastIndexOf('#');
        if (hash >= 0)
        {
            return (text[..hash], text[(hash + 1)..]);
        }

        var at = text.LastIndexOf('@');
        var isSplit = at > 0 && !IsLocal(text) && !text.Contains("://", StringComparison.Ordinal)
            && !text.StartsWith("git@", StringComparison.Ordinal) && !UserHostAndPath().IsMatch(text);
        return isSplit ? (text[..at], text[(at + 1)..]) : (text, null);
    }

    private static bool IsLocal(string text) =>
        text is "." or ".." or "~" || text.StartsWith('/')
        || LocalPrefix().IsMatch(text) || text.StartsWith("\\\\", StringComparison.Ordinal)
        || (OperatingSystem.IsWindows() && WindowsPrefix().IsMatch(text));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static PluginMarketException Invalid(Message message, string target) => new(MarketErrorCode.SourceInvalid, message, target);

    [GeneratedRegex(@"^(\.{1,2}[/\\]|~/|[A-Za-z]:[/\\])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LocalPrefix();

    // From the home, from the root of the current drive, and from where one is on another drive.
    [GeneratedRegex(@"^(~?\\|[A-Za-z]:)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex WindowsPrefix();

    [GeneratedRegex(@"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?/[^/\s]+/\S+\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndPath();

    [GeneratedRegex(@"^(?<user>[A-Za-z0-9._-]+)@(?<host>[A-Za-z0-9.-]+):(?<path>[^\s:]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UserHostAndPath();

    [GeneratedRegex(@"^(?<repository>https://[^/]+/[^/]+/[^/]+)/(-/)?(tree|blob|src)/(?<reference>[^/?#]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex WebPage();

    [GeneratedRegex(@"^@?[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareFolder();
}
