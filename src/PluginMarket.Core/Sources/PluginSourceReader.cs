using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources;

/// <summary>Reads the <c>source</c> of a catalog entry exactly as Codex does (contract 1.5), except where contract 8 differs.</summary>
internal static class PluginSourceReader
{
    private static readonly string[] RepositoryKeys = ["repo", "url", "repository"];

    /// <summary>Reads a source. Never throws for what a catalog says.</summary>
    /// <param name="source">The JSON value of the entry's <c>source</c>.</param>
    /// <param name="context">Which catalog names it.</param>
    public static SourceReading Read(JsonValue? source, SourceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            return new SourceReading(source?.Kind switch
            {
                JsonKind.String => UnusableSource.While("SourcePath", source,
                    () => LocalPathGrammar.Read(source.GetString(), context.AllowsBarePaths)),
                JsonKind.Object => ReadObject(source, context),
                null => throw new UnusableSource("The entry has no source."),
                _ => throw new UnusableSource("The source is neither a text nor an object."),
            }, null);
        }
        catch (UnusableSource unusable)
        {
            return new SourceReading(null, unusable.Message, unusable.Code)
            {
                Kind = KindOf(unusable, context),
                At = unusable.At,
                Suggestion = unusable.Suggestion,
            };
        }
    }

    private static PluginSource ReadObject(JsonValue source, SourceContext context)
    {
        if (source.DuplicateKeys.Count > 0)
        {
            UnusableSource.While<PluginSource>("SourceRepeat", source, () =>
                throw new UnusableSource($"The source has the key '{DisplayText.Escape(source.DuplicateKeys[0].Name)}' more than once."));
        }

        var kind = Required(source, "source");
        switch (kind)
        {
            case "local":
                var folder = Required(source, "path");
                return UnusableSource.While("SourcePath", source["path"]!, () => LocalPathGrammar.Read(folder, context.AllowsBarePaths));
            case "url" or "git-subdir":
                var address = Required(source, "url");
                var url = UnusableSource.While("SourceUrl", source["url"]!, () => CatalogGitUrl.Read(address, context));
                var pathText = kind == "url" ? Optional(source, "path") : Required(source, "path");
                var reference = Trimmed(Optional(source, "ref"));
                var sha = Trimmed(Optional(source, "sha"));
                if (pathText is null)
                {
                    return new GitSource(url, reference, sha);
                }

                var (path, spelling) = UnusableSource.While("SourcePath", source["path"]!, () => CatalogGitUrl.ReadPath(pathText));
                return new GitSubdirectorySource(url, path, reference, sha) { PathText = spelling };
            case "npm":
                var (package, version, registry) = (Required(source, "package"), Optional(source, "version"), Optional(source, "registry"));
                return UnusableSource.While("SourceNpm", source, () => NpmGrammar.Read(package, version, registry));
            default:
                return UnusableSource.While<PluginSource>("SourceKind", source["source"]!, () => throw Unsupported(source, kind));
        }
    }

    private static UnusableSource Unsupported(JsonValue source, string kind)
    {
        if (Repository(source, kind) is { } line)
        {
            return new UnusableSource($"The source kind '{DisplayText.Escape(kind)}' is not supported; write {line}.",
                MarketErrorCode.SourceNotSupported);
        }

        var meant = NearestName.FindTypo(kind, ["local", "url", "git-subdir", "npm"]);
        return new UnusableSource($"The source kind '{DisplayText.Escape(kind)}' is not supported; expected local, url, git-subdir or npm.",
            MarketErrorCode.SourceNotSupported)
        {
            Suggestion = meant is null ? null : $"Write \"{meant}\".",
        };
    }

    // The kinds of other tools that mean a git repository, in the words that Codex reads.
    private static string? Repository(JsonValue source, string kind)
    {
        if (kind is not ("github" or "git" or "gitlab" or "bitbucket"))
        {
            return null;
        }

        var address = RepositoryKeys.Select(key => source[key]?.AsString()?.Trim())
            .FirstOrDefault(text => !string.IsNullOrEmpty(text)) ?? "owner/repo";
        address = kind switch
        {
            "gitlab" or "bitbucket" when IsShort(address) => $"https://{kind}.{(kind == "gitlab" ? "com" : "org")}/{address}.git",
            _ => address,
        };
        var folder = Trimmed(source["path"]?.AsString() ?? source["subdir"]?.AsString())?.TrimEnd('/');
        var isPart = folder is not (null or "" or ".");
        List<(string Key, string? Value)> members =
        [
            ("source", isPart ? "git-subdir" : "url"), ("url", address), ("path", isPart ? folder : null),
            ("ref", Trimmed(source["ref"]?.AsString() ?? source["branch"]?.AsString() ?? source["tag"]?.AsString())),
            ("sha", Trimmed(source["sha"]?.AsString() ?? source["commit"]?.AsString())),
        ];
        return "{" + string.Join(',', members.Where(member => member.Value is not null)
            .Select(member => $"\"{member.Key}\":{JsonEditor.Quote(member.Value!)}")) + "}";
    }

    private static bool IsShort(string address) =>
        address.Split('/') is [{ Length: > 0 } owner, { Length: > 0 }] && !owner.Contains(':', StringComparison.Ordinal);

    // What only we refuse is another mistake than what Codex refuses too.
    private static string KindOf(UnusableSource unusable, SourceContext context)
    {
        if (unusable.At?.AsString() is not { } text || unusable.Kind is not ("SourcePath" or "SourceUrl")
            || text.AsSpan().IndexOfAny("\\:~") < 0)
        {
            return unusable.Kind;
        }

        // The same text with letters in place of the signs that only we refuse.
        var plain = unusable.Kind == "SourceUrl"
            ? text.Trim().Replace('\\', '/') : text.Trim().Replace('\\', '-').Replace(':', '-').Replace('~', '-');
        try
        {
            _ = unusable.Kind == "SourceUrl" ? (object)CatalogGitUrl.Read(plain, new SourceContext("/", SourceOrigin.LocalCatalog))
                : unusable.At.Parent?["source"]?.AsString() is "url" or "git-subdir" ? CatalogGitUrl.ReadPath(plain)
                : LocalPathGrammar.Read(plain, context.AllowsBarePaths);
            return unusable.Kind + "Ours";
        }
        catch (UnusableSource)
        {
            return unusable.Kind;
        }
    }

    private static string Required(JsonValue source, string name) =>
        Optional(source, name) ?? throw new UnusableSource($"The source has no '{name}'.");

    private static string? Optional(JsonValue source, string name) => source[name] switch
    {
        null => null,
        { Kind: JsonKind.Null } => null,
        { Kind: JsonKind.String } value => value.GetString(),
        { } value => UnusableSource.While<string?>("SourceForm", value,
            () => throw new UnusableSource($"'{name}' of the source is not a text.")),
    };

    private static string? Trimmed([AllowNull] string text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
