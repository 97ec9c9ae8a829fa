using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Installation;

/// <summary>A plugin whose bytes are known in advance: what is fetched is these bytes, or an error.</summary>
/// <param name="Entry">Where they come from and how they are recognised.</param>
/// <param name="Mismatch">The failure of other bytes: of a lock file, or of a record.</param>
/// <param name="Folder">The folder in the cache; null for that of the manifest's version, which Codex's refresh leaves alone.</param>
/// <param name="KnowsPrograms">Whether the entry tells which files are programs.</param>
internal sealed record PinnedPlugin(PluginLockEntry Entry, MarketErrorCode Mismatch = MarketErrorCode.LockFileMismatch,
    PluginVersion? Folder = null, bool KnowsPrograms = true)
{
    internal PluginReference Reference { get; } = new() { Name = Entry.PluginId.Plugin, Marketplace = Entry.PluginId.Marketplace };

    /// <summary>Whether its files come from a repository or a registry; else from a folder.</summary>
    internal bool IsRemote => Entry.SourceType != "local";

    /// <summary>The source at exactly the recorded commit or version; for a folder the folder itself, which is its own root.</summary>
    internal PluginSource Source => Entry switch
    {
        { SourceType: "local" } => new LocalSource(RelativePath.Root),
        { SourceType: "npm" } => new NpmSource(Entry.Source, Entry.PackageVersion, Entry.Registry),
        { SourcePath: { } path } => new GitSubdirectorySource(GitUrl.Parse(Entry.Source), RelativePath.Parse(path), null, Entry.Commit)
        {
            SparsePaths = Entry.SparsePaths,
        },
        _ => new GitSource(GitUrl.Parse(Entry.Source), null, Entry.Commit) { SparsePaths = Entry.SparsePaths },
    };

    internal FallbackManifest? Fallback => Entry.GeneratedManifest is { } text ? FallbackManifest.FromText(text) : null;

    /// <summary>Whether a receipt tells the same source and bytes; one of another source would send the next repair elsewhere.</summary>
    internal bool IsRecordedBy(Receipt receipt) =>
        PluginLockEntry.Of(receipt, Entry.LockFile) is var recorded
        && (recorded.Source, recorded.SourcePath, recorded.Commit, recorded.TreeHash) == (Entry.Source, Entry.SourcePath, Entry.Commit,
            Entry.TreeHash)
        && (recorded.PackageVersion, recorded.Integrity, recorded.Registry) == (Entry.PackageVersion, Entry.Integrity, Entry.Registry);

    /// <summary>Fails where what was fetched is not what is recorded.</summary>
    /// <param name="staged">What was fetched.</param>
    /// <param name="accepted">Kinds of capability that are accepted though the entry does not list them.</param>
    internal void Demand(StagedPlugin staged, IReadOnlyList<string> accepted)
    {
        if ((staged.Origin.Provenance as PackageProvenance)?.Integrity is var integrity && integrity != Entry.Integrity)
        {
            throw Differs($"the package has the integrity {integrity}, not {Entry.Integrity}");
        }

        if (staged.TreeHash != Entry.TreeHash)
        {
            throw Differs($"it has the digest {staged.TreeHash}, not {Entry.TreeHash}");
        }

        if (staged.Manifest.Version != Entry.Version)
        {
            throw Differs($"its manifest has the version {Shown(staged.Manifest.Version)}, not {Shown(Entry.Version)}");
        }

        // A folder on Windows cannot tell which of its files are programs; a commit can, everywhere.
        var knows = KnowsPrograms && (IsRemote || !OperatingSystem.IsWindows());
        var programs = staged.Files.Where(file => file.Executable).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (knows && !programs.SetEquals(Entry.ExecutableFiles))
        {
            programs.SymmetricExceptWith(Entry.ExecutableFiles);
            throw Differs($"these files are programs in one of the two alone: "
                + $"{string.Join(", ", programs.Order(StringComparer.Ordinal).Take(5).Select(DisplayText.Escape))}");
        }

        // What a reviewer reads in the lock file is what the plugin can do.
        if (Mismatch == MarketErrorCode.LockFileMismatch
            && LockedCapabilities.FindDifference(Entry, staged.Capabilities, accepted) is { } difference)
        {
            throw Differs(difference);
        }
    }

    private PluginMarketException Differs(string how) => new(
        Mismatch,
        Mismatch == MarketErrorCode.LockFileMismatch
            ? (Message)($"The source of '{Entry.Id}' differs from the lock file '{Entry.LockFile}': {how}. Nothing was installed. "
                + $"{Remedy.Run(Operation.ExportLockFile, $"lock the new bytes after a review")}")
            : $"The source of '{Entry.Id}' no longer has the bytes that were installed: {how}. Nothing was changed. "
                + $"{Remedy.Run(Operation.InstallPlugin.On(Entry.Id).With(OperationOption.Reinstall), $"take what the source has now")}",
        Entry.Id);

    private static string Shown(string? version) => version is null ? "(none)" : DisplayText.Escape(version);
}
