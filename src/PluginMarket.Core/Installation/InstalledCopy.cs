using PluginMarket.Cache;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Installation.Decision;
using PluginMarket.Manifests;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>What is in the cache under a plugin's name now.</summary>
internal sealed class InstalledCopy
{
    private readonly MarketEnvironment _environment;
    private readonly string _path;
    private readonly FolderTree? _tree;
    private readonly Lazy<PluginManifest?> _manifest;
    private readonly Lazy<bool> _isChangedOutside;

    private InstalledCopy(MarketEnvironment environment, PluginId id, string path, FolderTree? tree)
    {
        _environment = environment;
        _path = path;
        _tree = tree;
        _isChangedOutside = new Lazy<bool>(() => Receipt is { } receipt && !IsAsRecorded(receipt));
        _manifest = new Lazy<PluginManifest?>(
            () => _tree is null ? null : ManifestReader.Read(_tree, _path, id.Plugin.Value, null, _environment.Limits).Manifest);
    }

    /// <summary>The active version's folder name.</summary>
    internal required PluginVersion Version { get; init; }

    /// <summary>The other versions there are.</summary>
    internal required IReadOnlyList<PluginVersion> OtherVersions { get; init; }

    /// <summary>What is recorded, where something readable is.</summary>
    internal required Receipt? Receipt { get; init; }

    /// <summary>When its folder was walked, or before.</summary>
    internal required DateTimeOffset WalkedOn { get; init; }

    /// <summary>The state of its folder, to be recorded; null where nothing tells it.</summary>
    internal string? StampToRecord => _tree is null ? null : FolderStamp.OfSettled(_tree, WalkedOn);

    /// <summary>The state of its folder, to compare with a recorded one; null where nothing tells it.</summary>
    internal string? Stamp => _tree is null ? null : FolderStamp.Of(_tree);

    /// <summary>The folder name that its manifest asks for; null where that cannot be read.</summary>
    internal string? InstallVersion => _manifest.Value?.InstallVersion;

    internal string? ManifestVersion => _manifest.Value?.Version ?? Receipt?.ManifestVersion;

    /// <summary>What it can do; nothing where it cannot be read, so that all of a replacement is new.</summary>
    internal IReadOnlyList<Capability> Capabilities =>
        _tree is null || _manifest.Value is null ? [] : CapabilityReader.Read(_tree, _manifest.Value);

    /// <summary>The same where the stamp of its record still holds, so that no file has to be read for its digest.</summary>
    internal IReadOnlyList<Capability> RecordedCapabilities =>
        _tree is null || _manifest.Value is null ? [] : CapabilityReader.Read(_tree, _manifest.Value,
            Receipt!.GeneratedFiles.Concat(Receipt.Files ?? []).GroupBy(file => file.Path, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Last().Hash, StringComparer.Ordinal));

    /// <summary>Whether its bytes are not those that were recorded when it was installed; false where nothing is recorded.</summary>
    internal bool IsChangedOutside => _isChangedOutside.Value;

    /// <summary>What was last installed by a decision, and is therefore what a change is compared with: what happened to the files
    /// since then is part of the change.</summary>
    internal IReadOnlyList<Capability> Reviewed =>
        !IsChangedOutside ? Capabilities
            : Receipt?.Capabilities is { } recorded ? [.. recorded.Select(record => record.ToCapability())] : [];

    /// <summary>The digest of its files, those that installing generates aside; null where they cannot be read.</summary>
    internal string? SourceHash =>
        Receipt is { } receipt && !IsChangedOutside ? receipt.TreeHash : _tree is null ? null : TreeDigest.Compute(_tree, IsFromSource);

    /// <summary>The digest that a review of its files would name; null where they cannot be read.</summary>
    internal string? ReviewedHash =>
        Receipt is { } receipt && !IsChangedOutside ? ReviewedDigest.Of(receipt.TreeHash, receipt.GeneratedFiles) : SourceHash;

    /// <summary>The files that differ in a staged plugin, those that installing generates aside.</summary>
    internal IReadOnlyList<CapabilityChange> CompareFiles(StagedPlugin staged)
    {
        var generated = (Receipt?.GeneratedFiles.Select(file => file.Path) ?? []).Concat(staged.Generated.Select(file => file.Path))
            .ToHashSet(StringComparer.Ordinal);
        return _tree is null ? [] : FileDifference.Compare(_tree, staged.Tree.Read(TreeLimits.Plugin(_environment.Limits)),
            file => IsFromSource(file) && !generated.Contains(file.Path));
    }

    internal static InstalledCopy? Find(MarketEnvironment environment, PluginCache cache, ReceiptStore receipts, PluginId id)
    {
        if (cache.ActiveVersion(id) is not { } active)
        {
            return null;
        }

        if (!receipts.TryFind(id, out var receipt, out var failure) && failure is not null)
        {
            environment.Log.Warn(failure.Said);
        }

        var path = cache.Layout.VersionPath(id, active);
        var walked = environment.Time.GetUtcNow();
        return new InstalledCopy(environment, id, path, Read(environment, path))
        {
            Version = active,
            WalkedOn = walked,
            OtherVersions = [.. cache.Versions(id).Where(version => version != active)],
            Receipt = receipt,
        };
    }

    /// <summary>The version that the manifest of an installed plugin says, else that of its record; nothing else of it is read.</summary>
    internal static string? ManifestVersionOf(MarketEnvironment environment, PluginId id, PluginVersion version)
    {
        var path = environment.Home.Cache.Layout.VersionPath(id, version);
        try
        {
            var tree = ManifestTree.TryLook(path, environment.Files, environment.Limits) ?? ManifestTree.Look(path, environment.Files);
            if (ManifestReader.Read(tree, path, id.Plugin.Value, null, environment.Limits).Manifest?.Version is { } said)
            {
                return said;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"The manifest in '{path}' cannot be read: {problem}");
        }

        if (!environment.Home.Receipts.TryFind(id, out var receipt, out var failure) && failure is not null)
        {
            environment.Log.Warn(failure.Said);
        }

        return receipt?.ManifestVersion;
    }

    /// <summary>Whether it holds every byte that is staged, generated files included.</summary>
    private bool IsIdenticalTo(StagedPlugin staged)
    {
        try
        {
            return _tree is not null && TreeDigest.Compute(_tree) == staged.ContentHash;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>How its bytes compare with those that are staged.</summary>
    internal BytesMatch Compare(StagedPlugin staged)
    {
        if (_tree is null)
        {
            return BytesMatch.Different;
        }

        try
        {
            // Where Codex installed, its own rendering of commands may differ from ours although the source is the same.
            return IsIdenticalTo(staged) ? BytesMatch.Identical
                : Receipt is null && TreeDigest.Compute(_tree, IsFromSource)
                    == TreeDigest.Compute(staged.Tree.Read(TreeLimits.Plugin(_environment.Limits)), IsFromSource) ? BytesMatch.SameSource
                : BytesMatch.Different;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return BytesMatch.Different;
        }
    }

    /// <summary>Whether it is what a review or an approval names by its digest, down to the last file.</summary>
    internal bool IsReviewed(string digest)
    {
        if (_tree is null || _tree.Entries.Any(entry => entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Directory)))
        {
            return false;
        }

        try
        {
            return Receipt is { } receipt && !IsChangedOutside
                ? ReviewedDigest.Of(receipt.TreeHash, receipt.GeneratedFiles) == digest : IsRenderingOf(_tree, digest);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }

    // Nothing that can be relied on is recorded: then every generated file has to be what installing would make of these bytes.
    private bool IsRenderingOf(FolderTree tree, string digest)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var whole = TreeDigest.Compute(tree, IsFromSource, (entry, hash) => hashes[entry.Path] = hash);
        var isWhole = whole == digest;
        if (!isWhole && !(hashes.TryGetValue(FallbackManifest.ManifestPath, out var manifest)
            && ReviewedDigest.Of(TreeDigest.Compute(tree, entry => IsFromSource(entry) && entry.Path != FallbackManifest.ManifestPath),
                manifest) == digest))
        {
            return false;
        }

        var renderings = _manifest.Value is { } read
            ? MigratedCommands.Generate(tree, read, _environment.Limits).ToDictionary(file => file.Path,
                file => TreeDigest.OfBytes(file.Content), StringComparer.Ordinal)
            : [];
        return tree.Files.Where(file => !IsFromSource(file))
            .All(
                file => renderings.GetValueOrDefault(file.Path) == TreeDigest.OfBytes(tree.ReadBytes(file, _environment.Limits.FileBytes)));
    }

    private bool IsAsRecorded(Receipt receipt)
    {
        try
        {
            // What installing generated counts too: a manifest of its making can be given a hook.
            return _tree is not null && ReceiptMatch.IsOf(receipt, _tree)
                && receipt.GeneratedFiles.All(file => _tree.Find(file.Path) is { Kind: TreeEntryKind.File } found
                    && TreeDigest.OfBytes(_tree.ReadBytes(found, _environment.Limits.FileBytes)) == file.Hash);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsFromSource(TreeEntry entry) => !entry.Path.StartsWith(MigratedCommands.Folder + "/", StringComparison.Ordinal);

    private static FolderTree? Read(MarketEnvironment environment, string path)
    {
        try
        {
            return FolderTree.ReadInstalled(path, environment.Files, environment.Limits);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"'{path}' cannot be read: {problem}");
            return null;
        }
    }
}
