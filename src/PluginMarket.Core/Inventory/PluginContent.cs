using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Records;

namespace PluginMarket.Inventory;

/// <summary>Where a plugin that is named is looked for.</summary>
internal enum PluginContentPlace
{
    /// <summary>What is installed, else what the catalogs list.</summary>
    InstalledOrCatalog,
    /// <summary>What the catalogs list.</summary>
    Catalog,
}

/// <summary>The files of one plugin with what they say and can do, wherever they are.</summary>
internal sealed class PluginContent
{
    private IReadOnlyList<Capability>? _capabilities;

    internal PluginContent(string name, FileTree files, PluginManifest manifest, Receipt? receipt, string? commit = null,
        string? catalogCommit = null)
    {
        OwnCommit = commit ?? receipt?.Provenance.OwnCommit;
        Commit = OwnCommit ?? catalogCommit ?? receipt?.CatalogCommit;
        Name = name;
        Files = files;
        Manifest = manifest;
        Receipt = receipt;
    }

    /// <summary><c>plugin@marketplace</c>, or the folder.</summary>
    public string Name { get; }

    /// <summary>The files; readable as long as the query that gave them is not disposed.</summary>
    public FileTree Files { get; }

    /// <summary>The manifest.</summary>
    public PluginManifest Manifest { get; }

    /// <summary>What it can do.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<Capability> Capabilities =>
        _capabilities ??= [.. CapabilityReader.Read(Files, Manifest).Select(capability => capability with { Plugin = Name })];

    /// <summary>The commit it is of: that of its repository, for a folder of a marketplace that of the snapshot it is
    /// or was in; null where none is known.</summary>
    public string? Commit { get; }

    private string? OwnCommit { get; }

    private Receipt? Receipt { get; }

    /// <summary>Whether another plugin, or another version of this one, has the same files, and comes from the same commit where both come
    /// from their own repository.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool IsSameAs(PluginContent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (OwnCommit is null || other.OwnCommit is null || OwnCommit == other.OwnCommit) && HasSameFiles(other);
    }

    /// <summary>Whether another plugin has the same files, those aside that installing generates or takes out.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool HasSameFiles(PluginContent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CompareFiles(other).Count == 0;
    }

    /// <summary>What differs in another plugin, or in another version of this one.</summary>
    /// <param name="other">What is compared with it.</param>
    /// <param name="includeFile">Whether every file that differs is listed too; files that installing
    /// generates or takes out do not count.</param>
    /// <param name="includeEqual">Whether equal capabilities are listed too.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<CapabilityChange> CompareTo(PluginContent other, bool includeFile = false, bool includeEqual = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        var changes = CapabilityDifference.Compare(Capabilities, other.Capabilities, includeEqual);
        return includeFile ? [.. changes, .. CompareFiles(other)] : changes;
    }

    private IReadOnlyList<CapabilityChange> CompareFiles(PluginContent other) =>
        FileDifference.Compare(Files, other.Files, file => !IsOfInstalling(file) && !other.IsOfInstalling(file));

    private bool IsOfInstalling(TreeEntry file) =>
        file.Path.StartsWith(MigratedCommands.Folder + "/", StringComparison.Ordinal)
        || (Receipt is not null && (Receipt.GeneratedFiles.Any(generated => generated.Path == file.Path)
            || Receipt.RemovedFiles.Contains(file.Path, StringComparer.Ordinal)));
}
