using PluginMarket.Messages;
using PluginMarket.Records;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket;

/// <summary>One plugin of a lock file: where its bytes come from and how they are recognised.</summary>
/// <remarks>Texts about capabilities are escaped for a terminal; no URL carries user information.</remarks>
public sealed record PluginLockEntry
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest's version, or null where it has none.</summary>
    public string? Version { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>The folder, absolute, the URL, or the name of the npm package.</summary>
    public required string Source { get; init; }

    /// <summary>The folder in the repository, or null for its root and for local sources.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The full commit, or null for a source without commits.</summary>
    public string? Commit { get; init; }

    /// <summary>The sparse paths of the marketplace that the plugin is a part of, where they leave files
    /// of its folder out; else empty.</summary>
    public string[] SparsePaths { get; init; } = [];

    /// <summary>The version of the npm package that was fetched; null for other sources.</summary>
    public string? PackageVersion { get; init; }

    /// <summary>The digest of the npm package's tarball as npm writes it: <c>sha512-</c> and base 64; null for other sources.</summary>
    public string? Integrity { get; init; }

    /// <summary>The registry that the catalog named; null where the user's npm chose it.</summary>
    public string? Registry { get; init; }

    /// <summary>The digest of the source tree.</summary>
    public required string TreeHash { get; init; }

    /// <summary>Files that are marked as programs, relative to the plugin, sorted; compared where the system has that mark.</summary>
    public string[] ExecutableFiles { get; init; } = [];

    /// <summary>What the plugin can do; listing it here is its acceptance.</summary>
    public Capability[] Capabilities { get; init; } = [];

    /// <summary>The manifest that was made of the catalog's entry, for a source without one; else null.</summary>
    public string? GeneratedManifest { get; init; }

    /// <summary>Whether the agent's own refresh would leave the plugin alone in this home; null where that was not looked into.</summary>
    public bool? HeldAgainstCodex { get; init; }

    /// <summary>Why <see cref="HeldAgainstCodex"/> is what it is.</summary>
    public string? HeldReason => HeldBecause?.ToString();

    /// <summary><see cref="HeldReason"/> for the face that shows it.</summary>
    internal Message? GetHeldReason() => HeldBecause;

    internal Message? HeldBecause { get; init; }

    /// <summary>Whether the policies of this computer allow the plugin; null where they cannot tell, or were not asked because the file was
    /// only read.</summary>
    public bool? IsAllowedByPolicy { get; init; }

    /// <summary>The rule that refuses it, or would; null where none does.</summary>
    public string? PolicyRule { get; init; }

    /// <summary>The lock file, absolute.</summary>
    public required string LockFile { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public string Id => $"{Name}@{Marketplace}";

    internal PluginId PluginId => PluginId.Parse(Id);

    /// <summary>The entry of what a receipt records, without capabilities. A part of a git marketplace's snapshot is named by that
    /// repository and its commit, which mean the same on any machine.</summary>
    internal static PluginLockEntry Of(Receipt receipt, string lockFile)
    {
        var provenance = receipt.Provenance;
        var part = provenance.Part;
        var package = provenance as PackageProvenance;
        return new PluginLockEntry
        {
            Name = receipt.Id.Plugin.Value,
            Marketplace = receipt.Id.Marketplace.Value,
            Version = receipt.ManifestVersion,
            SourceType = part is null ? receipt.SourceType : part.Path is null ? "git" : "git-subdir",
            Source = part?.Url ?? provenance.Location,
            SourcePath = part is null ? (provenance as CommitProvenance)?.Path : part.Path,
            Commit = part?.Commit ?? provenance.OwnCommit,
            SparsePaths = [.. part?.SparsePaths ?? []],
            PackageVersion = package?.Version,
            Integrity = package?.Integrity,
            Registry = package?.Registry,
            TreeHash = receipt.TreeHash,
            ExecutableFiles = [.. receipt.Files?.Where(file => file.Executable).Select(file => file.Path) ?? []],
            LockFile = lockFile,
        };
    }

    /// <summary>Fails where the address was recorded without the login name it needs, as earlier versions did.</summary>
    internal PluginLockEntry DemandWholeAddress() =>
        !Source.Contains("://***@", StringComparison.Ordinal) ? this : throw new PluginMarketException(
            MarketErrorCode.ProvenanceUnknown,
            $"The address {Source} of '{Id}' was recorded without its user name, and cannot be used without it. "
                + $"{Remedy.Run(Operation.InstallPlugin.On(Id).With(OperationOption.Reinstall), $"record it again")}",
            Id);

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
