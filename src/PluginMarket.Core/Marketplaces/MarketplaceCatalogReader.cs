using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Marketplaces;

/// <summary>Reads catalogs, each once: an instance serves one command and remembers what it read (contract 1.1 to 1.3).</summary>
internal sealed class MarketplaceCatalogReader
{
    private static readonly string[][] Places =
    [
        [".agents", "plugins", "marketplace.json"],
        [".agents", "plugins", "api_marketplace.json"],
        [".claude-plugin", "marketplace.json"],
        [".cursor-plugin", "marketplace.json"],
    ];

    private readonly MarketEnvironment _environment;
    private readonly Dictionary<string, MarketplaceCatalog> _read = new(StringComparer.Ordinal);

    /// <summary>Makes a reader that has read nothing yet.</summary>
    public MarketplaceCatalogReader(MarketEnvironment environment) => _environment = environment;

    /// <summary>The four places of a catalog below its root, <c>/</c> separated, the first that exists wins.</summary>
    public static IReadOnlyList<string> CatalogPlaces { get; } = [.. Places.Select(place => string.Join('/', place))];

    /// <summary>Whether local paths in a catalog file need no <c>./</c>: in Cursor's place, and only there.</summary>
    internal static bool AllowsBarePaths(string catalogPath) =>
        string.Equals(Path.GetFileName(Path.GetDirectoryName(catalogPath)), Places[^1][0], LocalPaths.Comparison);

    /// <summary>The root that a catalog file's path implies, or null where the path is none of the four places.</summary>
    public static string? RootOf(string catalogPath)
    {
        foreach (var place in Places)
        {
            var rest = catalogPath;
            var i = place.Length - 1;
            while (i >= 0 && rest is { Length: > 0 } && string.Equals(Path.GetFileName(rest), place[i], LocalPaths.Comparison))
            {
                rest = Path.GetDirectoryName(rest);
                i--;
            }

            if (i < 0 && !string.IsNullOrEmpty(rest))
            {
                return rest;
            }
        }

        return null;
    }

    /// <summary>The catalog file of a root: the first of the four places with a regular file or a link to
    /// one; null where there is none.</summary>
    public string? FindCatalog(string root)
    {
        foreach (var place in Places)
        {
            var path = Path.Join([root, .. place]);
            if (IsFile(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Reads the catalog of a root.</summary>
    /// <param name="root">The folder, absolute.</param>
    /// <param name="isRemote">Whether the catalog came over the network.</param>
    /// <param name="displayRoot">The folder the root will be known under, where it is read from elsewhere; the same where null.</param>
    /// <exception cref="PluginMarketException">CatalogUnreadable with file, line and column; LimitExceeded.</exception>
    public MarketplaceCatalog Read(string root, bool isRemote, string? displayRoot = null)
    {
        var path = FindCatalog(root) ?? throw NoCatalog(displayRoot ?? root, _environment.Files.Kind(root) == FileKind.Missing);
        return ReadFile(path, root, isRemote, displayRoot);
    }

    /// <summary>Reads one catalog file.</summary>
    /// <param name="catalogPath">The file, absolute.</param>
    /// <param name="root">The folder its relative paths start from, absolute.</param>
    /// <param name="isRemote">Whether the catalog came over the network.</param>
    /// <param name="displayRoot">The folder the root will be known under, where it is read from elsewhere; the same where null.</param>
    /// <exception cref="PluginMarketException">CatalogUnreadable with file, line and column; LimitExceeded.</exception>
    public MarketplaceCatalog ReadFile(string catalogPath, string root, bool isRemote, string? displayRoot = null)
    {
        lock (_read)
        {
            if (!_read.TryGetValue(catalogPath, out var catalog))
            {
                var (shown, path) = (displayRoot ?? root, catalogPath);
                _read[path] = catalog = _environment.Home.Catalogs.Read(path, shown, isRemote, FactsOf(path),
                    () => Parse(Load(path), path, shown, isRemote));
            }

            return catalog;
        }
    }

    internal static PluginMarketException NoCatalog(string root, bool isMissing = false) => new(
        MarketErrorCode.CatalogUnreadable,
        isMissing ? (Message)$"The folder '{root}' does not exist. {Remedy.Do($"Check the path.")}"
            : $"'{root}' is not a marketplace: it contains none of {string.Join(", ", CatalogPlaces)}. "
                + $"{Remedy.Do($"Choose the folder or repository that contains the catalog.")}",
        root,
        isMissing ? new DirectoryNotFoundException() : null);

    private bool IsFile(string path)
    {
        switch (_environment.Files.Kind(path))
        {
            case FileKind.File:
                return true;
            case FileKind.SymbolicLink:
                try
                {
                    return _environment.Files.Kind(_environment.Files.RealPath(path)) == FileKind.File;
                }
                catch (IOException)
                {
                    return false;
                }

            default:
                return false;
        }
    }

    private byte[] Load(string path)
    {
        try
        {
            return _environment.Files.ReadAllBytes(Resolve(path), _environment.Limits.CatalogBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(
                MarketErrorCode.CatalogUnreadable,
                $"The catalog '{path}' cannot be read: {problem} {Remedy.Do($"Check that the file exists and that you can read it.")}",
                path,
                problem)
            {
                File = path,
            };
        }
    }

    private string Resolve(string path) =>
        _environment.Files.Kind(path) == FileKind.SymbolicLink ? _environment.Files.RealPath(path) : path;

    private FileFacts FactsOf(string path)
    {
        try
        {
            return _environment.Files.Examine(Resolve(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>Reads a catalog's text that is not, or not yet, what the file holds.</summary>
    /// <exception cref="PluginMarketException">CatalogUnreadable with file, line and column; LimitExceeded.</exception>
    internal MarketplaceCatalog Parse(byte[] utf8, string path, string displayRoot, bool isRemote)
    {
        var reading = Inspect(utf8, path, displayRoot, isRemote);
        return reading.Catalog ?? throw reading.Failure!;
    }

    /// <summary>Reads one catalog file for the checks: what fails it as a whole does not keep its entries from being read.</summary>
    /// <exception cref="PluginMarketException">CatalogUnreadable or LimitExceeded where the file cannot be read from the disk.</exception>
    internal CatalogReading Inspect(string catalogPath, string root, bool isRemote) =>
        Inspect(Load(catalogPath), catalogPath, root, isRemote);

    /// <summary>The same for a text that is not, or not yet, what the file holds.</summary>
    internal CatalogReading Inspect(byte[] utf8, string path, string displayRoot, bool isRemote)
    {
        var findings = new List<ReaderFinding>();
        JsonFile file;
        try
        {
            file = JsonFile.Parse(utf8, path, MarketErrorCode.CatalogUnreadable, _environment.Limits, tolerateDuplicates: true);
        }
        catch (PluginMarketException failure)
        {
            var outcome = JsonRefusal.Judge(failure, utf8, _environment.Limits, CatalogKeys.Shape);
            var found = new ReaderFinding(outcome.Kind, path, TextPosition.Of(failure), null, failure.Statement);
            var rest = outcome.Relieved is { } relieved ? Inspect(relieved, path, displayRoot, isRemote) : null;
            return new CatalogReading(null, rest?.Json, failure, [found, .. rest?.Findings ?? []]);
        }

        if (file.HadBom)
        {
            findings.Add(new ReaderFinding("ByteOrderMark", path, new TextPosition(1, 1, 1, 1), null,
                "Codex rejects the whole file: it begins with a byte order mark. Save the file as UTF-8 without a byte order mark."));
        }

        var top = new CatalogTopLevel(file.Root, findings);
        if (top.Plugins?.Items.Count > _environment.Limits.CatalogEntries)
        {
            var failure = new PluginMarketException(
                MarketErrorCode.LimitExceeded,
                $"The catalog '{path}' has {top.Plugins.Items.Count} entries; at most {_environment.Limits.CatalogEntries} are read. "
                    + $"{Remedy.Do($"Use several catalogs.")}",
                path)
            {
                File = path,
            };
            return new CatalogReading(null, file, failure,
                [.. findings, new ReaderFinding("JsonLimit", path, top.Plugins.Position, top.Plugins.Pointer, failure.Statement)]);
        }

        var raw = top.Name ?? "";
        var hasName = MarketplaceName.TryParse(raw, out var name, out var nameFinding);
        if (!hasName && top.Name is not null)
        {
            findings.Add(new ReaderFinding("CatalogName", path, top.NameNode!.Position, top.NameNode.Pointer,
                DisplayText.Escape(nameFinding!)));
        }

        var reading = new MarketplaceEntryReader(new SourceContext(displayRoot, isRemote
            ? SourceOrigin.PublicCatalog : SourceOrigin.LocalCatalog)
        {
            AllowsBarePaths = AllowsBarePaths(path),
        }, path);
        var entries = reading.ReadAll(top.Plugins?.Items ?? []);
        findings.AddRange(reading.Findings);
        if (top.Failure is not null)
        {
            return new CatalogReading(null, file, top.Failure, findings);
        }

        var against = file.HadBom
            ? "the catalog starts with a byte order mark, which Codex does not read: save it as UTF-8 without one."
            : hasName && NameRules.CheckPortability(raw) is { } unsafeName ? $"the marketplace's name '{raw}' {unsafeName}." : null;
        var catalog = new MarketplaceCatalog
        {
            Name = DisplayText.Escape(raw),
            ValidName = name,
            DisplayName = top.DisplayName,
            Root = displayRoot,
            CatalogPath = path,
            HadBom = file.HadBom,
            Json = file,
            IsRemote = isRemote,
            Entries = hasName && against is null
                ? entries : [.. entries.Select(entry => Limit(entry, hasName ? null : nameFinding, against, file.HadBom))],
            CodexRefusals = file.HadBom ? ["a byte order mark (line 1, column 1)", .. reading.CodexRefusals] : [.. reading.CodexRefusals],
        };
        return new CatalogReading(catalog, file, null, findings);
    }

    private static MarketplaceEntry Limit(MarketplaceEntry entry, string? skip, string? against, bool bom) => entry with
    {
        SkipReason = entry.SkipReason ?? skip,
        SkipCode = entry.SkipReason is null && skip is not null ? MarketErrorCode.NameInvalid : entry.SkipCode,
        InstallRefusal = entry.InstallRefusal ?? against,
        InstallRefusalCode = entry.InstallRefusal is null && bom ? MarketErrorCode.CatalogUnreadable : entry.InstallRefusalCode,
    };
}
