using System.Collections.Concurrent;
using PluginMarket.Cache;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>Compares what is in the cache with what was recorded outside of it (threat D14, D15).</summary>
/// <remarks>Nothing in a plugin's own tree is taken as a record of it, and the folder's name does not matter: a plugin that Codex laid
/// again under another one is the same plugin.</remarks>
internal sealed class IntegrityCheck
{
    private readonly MarketEnvironment _environment;
    private readonly PluginCache _cache;
    private readonly ReceiptStore _receipts;
    private readonly Lazy<ILookup<PluginId, string>> _written;
    private readonly ConcurrentDictionary<PluginId, StampedPlugin> _stamped = new();
    private readonly ConcurrentDictionary<MarketplaceName, bool> _realFolders = new();

    internal IntegrityCheck(MarketEnvironment environment)
    {
        _environment = environment;
        _cache = environment.Home.Cache;
        _receipts = environment.Home.Receipts;
        _written = new(() => environment.Home.History.Read().Where(record => record is { ReceiptHash: not null, Id: not null })
            .ToLookup(record => record.Id!, record => record.ReceiptHash!));
    }

    /// <summary>Whether a folder whose stamp is the recorded one is taken for unchanged without reading its files, as installing again
    /// takes it (docs/reliability.md).</summary>
    internal bool TrustsStamps { get; init; }

    /// <summary>The record of a plugin whose folder has the recorded stamp; null where only reading tells whether it is as recorded.
    /// It is asked for once: what was found then is what <see cref="Check"/> answers too.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="active">The version that Codex loads.</param>
    internal StampedPlugin? FindStamped(PluginId id, PluginVersion active)
    {
        if (!TrustsStamps)
        {
            return null;
        }

        var findings = new IntegrityFindings();
        var receipt = ReadReceipt(id, findings);
        return receipt is null ? null : FindStamped(id, active, receipt, findings);
    }

    /// <summary>What <see cref="FindStamped(PluginId, PluginVersion)"/> has found before; else null.</summary>
    internal StampedPlugin? Known(PluginId id) => _stamped.GetValueOrDefault(id);

    /// <summary>Checks one plugin.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="locked">What a lock file says of it, or null for the receipt alone.</param>
    internal IntegrityResult Check(PluginId id, PluginLockEntry? locked = null)
    {
        var findings = new IntegrityFindings();
        var receipt = ReadReceipt(id, findings);
        var expected = locked?.TreeHash ?? receipt?.TreeHash;
        if (_cache.ActiveVersion(id) is not { } active)
        {
            findings.Missing.UnionWith(receipt?.Files?.Select(file => file.Path) ?? []);
            return Result(id, null, expected is null ? "NotRecorded" : "NotInstalled", findings, null, expected, locked);
        }

        if (TrustsStamps && locked is null && receipt is not null && FindStamped(id, active, receipt, findings) is { } stamped)
        {
            return stamped.Result;
        }

        DemandRealFolders(id, findings);
        var path = _cache.Layout.VersionPath(id, active);
        var (tree, version) = Open(id, path, expected is null ? null : findings);
        var actual = expected is null || tree is null ? null : Compare(id, tree, path, receipt, locked, findings);
        var state = findings.Any ? "Changed" : expected is null ? "NotRecorded" : "Intact";
        if (expected is null && !findings.Any)
        {
            findings.Reasons.Add($"It has no record, because another tool installed it. "
                + $"{Remedy.Run(Operation.InstallPlugin.With(OperationOption.Reinstall), $"record it")}");
        }

        return Result(id, active, state, findings, actual, expected, locked) with { Version = version };
    }

    private (FolderTree? Tree, string? Version) Open(PluginId id, string path, IntegrityFindings? findings)
    {
        try
        {
            var tree = FolderTree.ReadInstalled(path, _environment.Files, _environment.Limits);
            return (tree, ManifestReader.FindVersion(tree, path, id.Plugin.Value, null, _environment.Limits));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            findings?.Reasons.Add($"Its files cannot be read: {problem}");
            return default;
        }
    }

    private StampedPlugin? FindStamped(PluginId id, PluginVersion active, Receipt receipt, IntegrityFindings findings)
    {
        if (receipt.FolderStamp is not { } stamp || receipt.Version != active || findings.Any || !HasRealFolders(id)
            || stamp != FolderStamp.Look(_cache.Layout.VersionPath(id, active), _environment.Files, _environment.Limits))
        {
            return null;
        }

        var result = Result(id, active, "Intact", findings, receipt.TreeHash, receipt.TreeHash, null) with
        {
            Version = receipt.ManifestVersion,
        };
        return _stamped[id] = new StampedPlugin(receipt, result);
    }

    private bool HasRealFolders(PluginId id) =>
        _realFolders.GetOrAdd(id.Marketplace, name => IsRealFolder(_cache.Layout.MarketplacePath(name)))
        && IsRealFolder(_cache.Layout.PluginPath(id));

    private bool IsRealFolder(string path) => _environment.Files.Kind(path) == FileKind.Directory;

    private Receipt? ReadReceipt(PluginId id, IntegrityFindings findings)
    {
        Receipt? receipt = null;
        var fileHash = "";
        try
        {
            receipt = _receipts.Find(id, out fileHash);
        }
        catch (PluginMarketException problem)
        {
            findings.Reasons.Add(problem.Said);
        }

        if (receipt is not null && _written.Value[id].Any() && !_written.Value[id].Contains(fileHash, StringComparer.Ordinal))
        {
            findings.Reasons.Add($"Its receipt is not the one that was written when it was installed: it was edited.");
        }

        return receipt;
    }

    // A link in place of a folder leads to files of somebody else, whatever their bytes are now.
    private void DemandRealFolders(PluginId id, IntegrityFindings findings)
    {
        foreach (var folder in new[] { _cache.Layout.MarketplacePath(id.Marketplace), _cache.Layout.PluginPath(id) })
        {
            if (!IsRealFolder(folder))
            {
                findings.Reasons.Add($"'{folder}' is a link, not a folder.");
            }
        }
    }

    private string? Compare(PluginId id, FolderTree tree, string path, Receipt? receipt, PluginLockEntry? locked,
        IntegrityFindings findings)
    {
        // The receipt names files; where the lock demands other bytes than it records, the names would be of the wrong tree.
        var record = locked is null || receipt?.TreeHash == locked.TreeHash ? receipt : null;
        try
        {
            var comparison = new TreeComparison(tree, record, locked, () => Generate(id, tree, path));
            comparison.Run(findings);
            if (locked is not null && !findings.Any)
            {
                CompareDescription(id, tree, path, locked, findings);
            }

            return comparison.TreeHash;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            findings.Reasons.Add($"Its files cannot be read: {problem}");
            return null;
        }
    }

    // A reviewer reads what the lock file says of the bytes, not the bytes.
    private void CompareDescription(PluginId id, FolderTree tree, string path, PluginLockEntry locked, IntegrityFindings findings)
    {
        if (ManifestReader.Read(tree, path, id.Plugin.Value, null, _environment.Limits).Manifest is not { } manifest)
        {
            return;
        }

        if (manifest.Version != locked.Version)
        {
            findings.Reasons.Add(
                $"The lock file gives it the version {locked.Version ?? "(none)"}; its manifest says {manifest.Version ?? "(none)"}.");
        }

        if (LockedCapabilities.FindDifference(locked, CapabilityReader.Read(tree, manifest), []) is { } difference)
        {
            findings.Reasons.Add($"{char.ToUpperInvariant(difference[0])}{difference[1..]}.");
        }
    }

    // What installing would generate from this tree: Codex's own rendering is accepted where it is the same as ours would be now.
    private IReadOnlyList<GeneratedFile> Generate(PluginId id, FolderTree tree, string path)
    {
        try
        {
            return ManifestReader.Read(tree, path, id.Plugin.Value, null, _environment.Limits).Manifest is { } manifest
                ? MigratedCommands.Generate(tree, manifest, _environment.Limits) : [];
        }
        catch (PluginMarketException)
        {
            return [];
        }
    }

    private IntegrityResult Result(PluginId id, PluginVersion? active, string state, IntegrityFindings findings, string? actual,
        string? expected, PluginLockEntry? locked)
    {
        var isCompared = actual is not null || findings.AnyFile;
        return new IntegrityResult
        {
            Name = id.Plugin.Value,
            Marketplace = id.Marketplace.Value,
            CacheVersion = active?.Value,
            State = state,
            Modified = isCompared ? IntegrityFindings.Shown(findings.Modified) : null,
            Missing = isCompared ? IntegrityFindings.Shown(findings.Missing) : null,
            Unexpected = isCompared ? IntegrityFindings.Shown(findings.Unexpected) : null,
            Said = findings.Reasons.Count == 0 ? null : Message.Sentences(findings.Reasons),
            Path = active is null ? null : _cache.Layout.VersionPath(id, active),
            TreeHash = actual,
            ExpectedTreeHash = expected,
            LockFile = locked?.LockFile,
            CheckedOn = _environment.Time.GetUtcNow(),
            ComputerName = Origin.ComputerName,
            UserName = _environment.UserName,
            CodexHome = DisplayText.Escape(_environment.CodexHome),
        };
    }
}

/// <summary>A plugin whose folder is as it was recorded, as far as its stamp tells.</summary>
/// <param name="Receipt">Its record.</param>
/// <param name="Result">What a check of it comes to.</param>
internal sealed record StampedPlugin(Receipt Receipt, IntegrityResult Result);

/// <summary>What a check found, as raw paths.</summary>
internal sealed class IntegrityFindings
{
    internal SortedSet<string> Modified { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Unexpected { get; } = new(StringComparer.Ordinal);

    internal List<Message> Reasons { get; } = [];

    internal bool Any => Modified.Count + Missing.Count + Unexpected.Count + Reasons.Count > 0;

    internal bool AnyFile => Modified.Count + Missing.Count + Unexpected.Count > 0;

    internal static string[] Shown(IEnumerable<string> paths) => [.. paths.Select(DisplayText.Escape)];
}
