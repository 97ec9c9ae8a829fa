using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Identity;

namespace PluginMarket.Cache;

/// <summary>One plugin that has at least one version in the cache.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Active">The version that Codex loads.</param>
/// <param name="Versions">All versions there are, ordered as Codex orders them.</param>
internal sealed record CachedPlugin(PluginId Id, PluginVersion Active, IReadOnlyList<PluginVersion> Versions);

/// <summary>The cache of installed plugins on the disk: what is there, and the two ways to change it.</summary>
internal sealed partial class PluginCache
{
    private readonly MarketEnvironment _environment;
    private readonly StateFolder _state;
    private readonly Dictionary<string, (FileFacts Facts, Dictionary<string, List<string>> Names)> _names = new(StringComparer.Ordinal);

    /// <summary>The cache of a home; nothing is touched yet.</summary>
    internal PluginCache(OpenHome home)
    {
        _environment = home.Environment;
        _state = home.State;
        Layout = new CacheLayout(home.State.Layout);
    }

    /// <summary>Its paths.</summary>
    public CacheLayout Layout { get; }

    /// <summary>The versions of a plugin: real folders with legal names (contract 3.5), lowest first; empty where there are none.</summary>
    public IReadOnlyList<PluginVersion> Versions(PluginId id)
    {
        var folder = Layout.PluginPath(id);
        var versions = Folders(folder)
            .Select(name => PluginVersion.TryParse(name, out var version, out _) ? version : null)
            .OfType<PluginVersion>()
            .ToList();
        versions.Sort(PluginVersion.Compare);
        return versions;
    }

    /// <summary>The version that Codex loads: <c>local</c> where it is there, else the highest
    /// (contract 3.5); null where there is none.</summary>
    public PluginVersion? ActiveVersion(PluginId id) => Active(Versions(id));

    /// <summary>The folder of the version that Codex loads, or null.</summary>
    public string? ActivePath(PluginId id) => ActiveVersion(id) is { } version ? Layout.VersionPath(id, version) : null;

    /// <summary>Every plugin that has a version here, ordered by marketplace and name, whether or not any configuration names it; also
    /// behind links, where Codex loads it too.</summary>
    public IReadOnlyList<CachedPlugin> AllPlugins() =>
    [
        .. from marketplace in Marketplaces()
           from name in LinkedFolders(Layout.MarketplacePath(marketplace))
           let plugin = PluginName.TryParse(name, out var parsed, out _) ? Find(new PluginId(parsed, marketplace)) : null
           where plugin is not null
           select plugin,
    ];

    /// <summary>The plugins of one name that have a version here, ordered by marketplace: the same as in <see cref="AllPlugins"/>, and
    /// only their folders are checked.</summary>
    internal IReadOnlyList<PluginId> Named(PluginName name) =>
        [.. Marketplaces().Select(marketplace => new PluginId(name, marketplace))
            .Where(id => IsFolder(Layout.PluginPath(id)) && Find(id) is not null)];

    /// <summary>A plugin that has a version here, or null.</summary>
    internal CachedPlugin? Find(PluginId id) =>
        Versions(id) is { Count: > 0 } versions && !IsWorkOfCodex(id, versions) ? new CachedPlugin(id, Active(versions)!, versions) : null;

    private IEnumerable<MarketplaceName> Marketplaces() =>
        LinkedFolders(Layout.CachePath).Select(folder => MarketplaceName.TryParse(folder, out var marketplace, out _) ? marketplace : null)
            .OfType<MarketplaceName>();

    /// <summary>The folder name of another plugin or marketplace here that is the same name where letter case is ignored, or
    /// null.</summary>
    /// <remarks>Threat B10: on such a system both would be one folder. The caller holds the home's lock, or only looks.</remarks>
    public string? FindNameConflict(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Conflict(Layout.CachePath, id.Marketplace.Value) ?? Conflict(Layout.MarketplacePath(id.Marketplace), id.Plugin.Value);
    }

    /// <summary>Publishes a finished, synced tree as one version, then retires the other versions that were there before.
    /// The caller holds the home's lock.</summary>
    /// <param name="staged">The tree; afterwards it contains what was active, until it is disposed: see
    /// <see cref="StagedTree.ReplacedPath"/>.</param>
    /// <param name="id">The plugin.</param>
    /// <param name="version">The version's folder.</param>
    /// <returns>Whether the version is new or replaced one of the same name.</returns>
    /// <remarks>Steps 7 to 9 of docs/reliability.md. Versions that appear in the meantime stay: two runs without locks would else retire
    /// each other's tree. On failure the old state is back.</remarks>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>,
    /// <see cref="MarketErrorCode.HomeWritableByOthers"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.PluginInUse"/></exception>
    public PublishOutcome Publish(StagedTree staged, PluginId id, PluginVersion version)
    {
        ArgumentNullException.ThrowIfNull(staged);
        ArgumentNullException.ThrowIfNull(version);
        DemandChangeable(id);
        var versions = Versions(id);
        var active = Active(versions);
        // The active one first, so that it is the one that is taken whole.
        var others = versions.Where(v => v != version).OrderBy(v => v != active).ToArray();
        var outcome = staged.Publish(Layout.VersionPath(id, version));
        var retired = new List<(string Path, string Trash)>();
        try
        {
            foreach (var path in others.Select(other => Layout.VersionPath(id, other)))
            {
                if (!staged.TryTake(path) && _state.MoveToTrash(path) is { } trash)
                {
                    retired.Add((path, trash));
                }
            }
        }
        catch (Exception e) when (e is IOException or PluginMarketException)
        {
            foreach (var (path, trash) in retired)
            {
                BestEffort.Try(() => _state.Restore(trash, path));
            }

            BestEffort.Try(staged.GiveBack);
            BestEffort.Try(staged.Undo);
            throw;
        }

        foreach (var (_, trash) in retired)
        {
            _state.Delete(trash);
        }

        Remember(Layout.CachePath, id.Marketplace.Value);
        Remember(Layout.MarketplacePath(id.Marketplace), id.Plugin.Value);
        _environment.Log.Detail($"Wrote '{Layout.VersionPath(id, version)}'.");
        return outcome;
    }

    /// <summary>Takes a plugin with all its versions out of the cache, in one step. The caller holds the home's
    /// lock and has disabled it before.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>,
    /// <see cref="MarketErrorCode.HomeWritableByOthers"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.PluginInUse"/></exception>
    public bool Remove(PluginId id)
    {
        DemandRemovable(id);
        if (_environment.Files.Kind(Layout.PluginPath(id)) == FileKind.Missing
            || _state.MoveToTrash(Layout.PluginPath(id)) is not { } trash)
        {
            return false;
        }

        _state.Delete(trash);
        _environment.Log.Detail($"Removed '{Layout.PluginPath(id)}'.");
        return true;
    }

    /// <summary>Demands that a version of a plugin can be published and retired: no link leads out of the cache, and not
    /// everyone can write on the way.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>,
    /// <see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal void DemandChangeable(PluginId id)
    {
        DemandRemovable(id);
        DemandFolder(Layout.PluginPath(id));
    }

    /// <summary>Demands that a plugin's folder, itself perhaps a link, can be taken out of the cache.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>,
    /// <see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal void DemandRemovable(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        DemandUnshared(id);
        DemandFolder(Layout.MarketplacePath(id.Marketplace));
    }

    /// <summary>Demands that not everyone can write in the folders of a plugin and of its marketplace, and that its
    /// records are what they should be.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal void DemandUnshared(PluginId id)
    {
        SharedFolder.Refuse(_environment, Layout.MarketplacePath(id.Marketplace), Layout.PluginPath(id));
        _state.DemandSound(id);
    }

    // A rename follows a link on its way: what a user plants in the cache must not lead root, or anyone, out of it.
    private void DemandFolder(string folder)
    {
        _environment.Files.DemandFolder(folder);
    }

    private static PluginVersion? Active(IReadOnlyList<PluginVersion> versions) =>
        versions.Count == 0 ? null : versions.FirstOrDefault(v => v == PluginVersion.Local)
            ?? versions.Aggregate((a, b) => PluginVersion.Compare(a, b) >= 0 ? a : b);

    // A folder of thousands of plugins is listed once, and again where somebody else changed it.
    private string? Conflict(string folder, string name)
    {
        var facts = _environment.Files.Examine(folder);
        lock (_names)
        {
            if (!_names.TryGetValue(folder, out var known) || known.Facts != facts)
            {
                known = (facts, ListOrNothing(folder).GroupBy(NameRules.FoldKey, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal));
                _names[folder] = known;
            }

            return known.Names.GetValueOrDefault(NameRules.FoldKey(name))?.Find(other => other != name);
        }
    }

    private void Remember(string folder, string name)
    {
        lock (_names)
        {
            if (!_names.TryGetValue(folder, out var known))
            {
                return;
            }

            var key = NameRules.FoldKey(name);
            if (!known.Names.TryGetValue(key, out var names))
            {
                known.Names[key] = names = [];
            }

            if (!names.Contains(name, StringComparer.Ordinal))
            {
                names.Add(name);
            }

            _names[folder] = known with { Facts = _environment.Files.Examine(folder) };
        }
    }

    // Codex makes and sometimes leaves such folders beside the plugins; in them is PLUGIN/VERSION instead of a version.
    private bool IsWorkOfCodex(PluginId id, IReadOnlyList<PluginVersion> versions) =>
        WorkOfCodex().IsMatch(id.Plugin.Value) && versions.All(v => ListOrNothing(Layout.VersionPath(id, v)) is var inside
            && !inside.Any(name => name is "skills" or "plugin.json" or ".codex-plugin" or ".claude-plugin" or ".cursor-plugin"));

    private IReadOnlyList<string> Folders(string folder) => ListOrNothing(folder, _environment.Files.ListFolders);

    // Codex follows links in place of a marketplace's and of a plugin's folder, though not of a version's: what loads by them is shown.
    private IEnumerable<string> LinkedFolders(string folder) =>
        ListOrNothing(folder).Where(name => IsFolder(Path.Join(folder, name)));

    private bool IsFolder(string path)
    {
        var kind = _environment.Files.Kind(path);
        try
        {
            return kind == FileKind.Directory
                || (kind == FileKind.SymbolicLink && _environment.Files.Kind(_environment.Files.RealPath(path)) == FileKind.Directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }

    private IReadOnlyList<string> ListOrNothing(string folder) => ListOrNothing(folder, _environment.Files.List);

    private IReadOnlyList<string> ListOrNothing(string folder, Func<string, IReadOnlyList<string>> list)
    {
        try
        {
            return list(folder);
        }
        catch (IOException e) when (e is DirectoryNotFoundException || _environment.Files.Kind(folder) != FileKind.Directory)
        {
            return [];
        }
    }

    [GeneratedRegex("^plugin-(install|backup)-[A-Za-z0-9]{6,}$", RegexOptions.CultureInvariant)]
    private static partial Regex WorkOfCodex();
}
