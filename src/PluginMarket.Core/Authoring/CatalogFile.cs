using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Authoring;

/// <summary>The catalog file of a local marketplace that its author edits.</summary>
internal sealed class CatalogFile
{
    private const int Tries = 20;

    // Parallel edits of one process wait for each other; those of others are found by comparing the bytes right before the rename.
    private static readonly object Gate = new();

    private readonly MarketEnvironment _environment;
    private readonly MarketplaceCatalogReader _reader;
    private readonly MarketplaceLocation _location;
    private readonly string _catalogPath;
    private readonly string _file;

    private CatalogFile(MarketEnvironment environment, MarketplaceCatalogReader reader, MarketplaceLocation location,
        ConfigurationLayers layers, string catalogPath, string file)
    {
        _environment = environment;
        _reader = reader;
        _location = location;
        _catalogPath = catalogPath;
        _file = file;
        Layers = layers;
    }

    /// <summary>The configuration of the home.</summary>
    internal ConfigurationLayers Layers { get; }

    /// <summary>The marketplace's root, absolute.</summary>
    internal string Root => _location.Root;

    /// <summary>Finds the catalog of a root, or the one named by its own path.</summary>
    /// <exception cref="PluginMarketException">CatalogUnreadable, SourceInvalid for a snapshot of a git marketplace,
    /// PathEscapesRoot for a link out of the root.</exception>
    internal static CatalogFile Open(MarketEnvironment environment, string path)
    {
        var (layers, reader, location) = DemandEditable(environment, path);
        var catalogPath = location.CatalogPath ?? reader.FindCatalog(location.Root)
            ?? throw MarketplaceCatalogReader.NoCatalog(location.Root, environment.Files.Kind(location.Root) == FileKind.Missing);
        var file = environment.Files.RealPath(catalogPath);
        return FolderTree.IsWithin(file, environment.Files.RealPath(location.Root))
            ? new CatalogFile(environment, reader, location, layers, catalogPath, file)
            : throw new PluginMarketException(MarketErrorCode.PathEscapesRoot, $"The catalog '{catalogPath}' is a link that points outside "
                + $"its marketplace.{Remedy.Do($"Use a text editor to change the file that it points to.")}", catalogPath);
    }

    /// <summary>The place of a catalog that its author may edit.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid for a snapshot of a git marketplace, CatalogUnreadable for a file
    /// where no catalog is looked for.</exception>
    internal static (ConfigurationLayers Layers, MarketplaceCatalogReader Reader,
        MarketplaceLocation Location) DemandEditable(MarketEnvironment environment, string path)
    {
        var layers = ConfigurationLayers.Read(environment);
        var reader = new MarketplaceCatalogReader(environment);
        var location = new MarketplaceLocations(environment, layers, reader).FromPath(path);
        return location.IsSnapshot
            ? throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{location.Root}' is the snapshot of a git marketplace, "
                + $"which its next update replaces.{Remedy.Do($"Change the catalog in its repository.")}", location.Root)
            : (layers, reader, location);
    }

    /// <summary>The catalog as it is now.</summary>
    internal OpenMarketplace Read() => Parse(Load());

    /// <summary>Fails where <see cref="Change"/> would for what the file says, and writes nothing.</summary>
    /// <returns>The catalog as it would be.</returns>
    internal OpenMarketplace Demand(Func<MarketplaceCatalog, JsonFile> edit, Action<MarketplaceCatalog> check)
    {
        var open = Read();
        var edited = edit(open.Catalog);
        var after = ReferenceEquals(edited, open.Catalog.Json) ? open : Parse(edited.Utf8.ToArray());
        check(after.Catalog);
        return after;
    }

    /// <summary>Edits the catalog as it is on the disk at that moment, as a whole or not at all.</summary>
    /// <param name="edit">Makes the new text; the same where there is nothing to do.</param>
    /// <param name="check">Sees the result before it is written, and throws where it must not be.</param>
    /// <returns>The catalog afterwards.</returns>
    /// <exception cref="PluginMarketException">What the two functions throw; StateLocked where others change the file all the
    /// time; DiskFull, HomeNotWritable.</exception>
    internal OpenMarketplace Change(Func<MarketplaceCatalog, JsonFile> edit, Action<MarketplaceCatalog> check)
    {
        lock (Gate)
        {
            Recovery.SweepTemporaryFiles(_environment, Path.GetDirectoryName(_file)!);
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                var before = Load();
                var open = Parse(before);
                var edited = edit(open.Catalog);
                var after = ReferenceEquals(edited, open.Catalog.Json) ? open : Parse(edited.Utf8.ToArray());
                check(after.Catalog);
                if (after == open
                    || AtomicFile.Write(_environment.Files, _file, edited.Utf8.Span, confirm: () => Load().AsSpan().SequenceEqual(before)))
                {
                    WarnOfByteOrderMark(after.Catalog);
                    return after;
                }
            }
        }

        throw new PluginMarketException(MarketErrorCode.StateLocked,
            $"Other programs keep changing '{_catalogPath}'.{Remedy.Do($"Run the command again when they have finished.")}", _catalogPath);
    }

    private void WarnOfByteOrderMark(MarketplaceCatalog catalog)
    {
        if (catalog.HadBom)
        {
            _environment.Log.Warn($"'{_catalogPath}' starts with a byte order mark, which Codex does not read. It was kept. "
                + $"{Remedy.Do($"Save the file as UTF-8 without one.")}");
        }
    }

    private OpenMarketplace Parse(byte[] utf8)
    {
        var catalog = _reader.Parse(utf8, _catalogPath, _location.Root, _location.IsRemote);
        return new OpenMarketplace(_location, catalog);
    }

    private byte[] Load()
    {
        try
        {
            return _environment.Files.ReadAllBytes(_file, _environment.Limits.CatalogBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.CatalogUnreadable, $"The catalog '{_catalogPath}' cannot be read: "
                + $"{problem} {Remedy.Do($"Check that the file exists and that you can read it.")}", _catalogPath, problem)
            {
                File = _catalogPath,
            };
        }
    }
}
