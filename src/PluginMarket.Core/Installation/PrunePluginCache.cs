using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Finds and removes what no plugin needs to load: kept versions and the unfinished work of commands that ended.</summary>
internal sealed class PrunePluginCache
{
    private readonly MarketEnvironment _environment;
    private readonly KeptVersionStore _store;
    private readonly StateLayout _layout;

    /// <summary>Works on one home; nothing is touched yet.</summary>
    public PrunePluginCache(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _store = environment.Home.Kept;
        _layout = environment.Home.State.Layout;
    }

    /// <summary>The kept versions beyond a number of the newest of each plugin, installed or not.</summary>
    /// <param name="names">Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</param>
    /// <param name="keepVersion">How many of each stay.</param>
    public IReadOnlyList<PluginCacheItem> FindKept(IReadOnlyList<string> names, int keepVersion) =>
        [.. Kept(names).SelectMany(some => some.Skip(Math.Max(0, keepVersion))).Select(Describe)];

    /// <summary>What names a kept version: the version, and where several builds of it are kept, the digits that tell each apart.</summary>
    /// <param name="names">Wildcard patterns as for <see cref="FindKept"/>.</param>
    internal IReadOnlyList<string> NameKept(IReadOnlyList<string> names) =>
    [
        .. Kept(names).SelectMany(some => some.Where(kept => kept.IsReadable).GroupBy(kept => kept.ShownVersion!))
            .SelectMany(builds => builds.Count() == 1 ? [builds.Key]
                : builds.Select(kept => kept.ShortDigits).OfType<string>().Prepend(builds.Key)),
    ];

    /// <summary>The unfinished work there is, that of commands that still run included.</summary>
    public IReadOnlyList<PluginCacheItem> FindStaging() =>
        [.. new[] { _layout.StagingPath, _layout.TrashPath }.SelectMany(folder => Names(folder).Select(name => Path.Join(folder, name)))
            .Select(path => Item("Staging", path))];

    /// <summary>Removes an item and says what became of it; one that is gone already counts as removed.</summary>
    /// <param name="item">What <see cref="FindKept"/> or <see cref="FindStaging"/> gave.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    /// <exception cref="PluginMarketException">StateLocked, HomeNotWritable.</exception>
    public async Task<PluginCacheItem> RemoveAsync(PluginCacheItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        Recovery.Run(_environment);
        if (item.Kind == "Staging")
        {
            return item with { Status = _environment.Files.Kind(item.Path) == FileKind.Missing ? "Removed" : "InUse" };
        }

        using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
        var id = PluginId.Parse($"{item.Name}@{item.Marketplace}");
        if (_store.List(id).FirstOrDefault(kept => DisplayText.Escape(kept.Folder) == item.Path) is { } found)
        {
            _store.Remove(found);
        }

        return item with { Status = "Removed" };
    }

    /// <summary>What removing an item would come to; nothing is changed.</summary>
    /// <param name="item">What <see cref="FindKept"/> or <see cref="FindStaging"/> gave.</param>
    /// <exception cref="PluginMarketException">What forbids it.</exception>
    public PluginCacheItem Preview(PluginCacheItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _environment.Home.State.DemandUsable();
        return item with { Status = "WhatIf" };
    }

    // Of each plugin all that is kept, the newest first.
    private IEnumerable<IReadOnlyList<KeptVersion>> Kept(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var patterns = names.Select(NamePattern.SplitId).ToList();
        return _store.AllPlugins()
            .Where(id => patterns.Count == 0 || patterns.Exists(
                name => name.Plugin.Matches(id.Plugin.Value) && name.Marketplace?.Matches(id.Marketplace.Value) != false))
            .Select(_store.List);
    }

    private PluginCacheItem Describe(KeptVersion kept) => Item("Kept", kept.Folder) with
    {
        Name = kept.Id.Plugin.Value,
        Marketplace = kept.Id.Marketplace.Value,
        Version = kept.ShownVersion,
        KeptOn = kept.IsReadable ? kept.KeptOn : null,
    };

    private PluginCacheItem Item(string kind, string path) => new()
    {
        Kind = kind,
        Status = "Found",
        Size = SizeOf(path),
        Path = DisplayText.Escape(path),
        ComputerName = Origin.ComputerName,
        UserName = _environment.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    };

    private long? SizeOf(string path)
    {
        try
        {
            return FolderTree.ReadInstalled(path, _environment.Files, _environment.Limits).Files.Sum(file => file.Length);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return null;
        }
    }

    private IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return _environment.Files.List(folder);
        }
        catch (IOException problem) when (problem is DirectoryNotFoundException || _environment.Files.Kind(folder) != FileKind.Directory)
        {
            return [];
        }
    }
}
