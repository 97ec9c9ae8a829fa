namespace PluginMarket.Records;

/// <summary>A version that was replaced and can be brought back.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Key">Its folder's name among the plugin's kept versions.</param>
/// <param name="Folder">The folder, absolute: <c>tree</c> and what is recorded.</param>
/// <param name="Version">The folder name it had in the cache; null where the record cannot be read.</param>
/// <param name="ManifestVersion">The manifest's version, or null where it had none.</param>
/// <param name="ContentHash">The digest of every file of the tree; null where the record cannot be read.</param>
/// <param name="KeptOn">When it was replaced, in UTC.</param>
/// <param name="Receipt">What was recorded when it was installed, or null.</param>
internal sealed record KeptVersion(PluginId Id, string Key, string Folder, PluginVersion? Version, string? ManifestVersion,
    string? ContentHash, DateTimeOffset KeptOn, Receipt? Receipt)
{
    /// <summary>Its files.</summary>
    public string TreePath => Path.Join(Folder, "tree");

    /// <summary>Whether it can be brought back.</summary>
    public bool IsReadable => Version is not null && ContentHash is not null;

    /// <summary>The version as people call it: the manifest's, else the folder's.</summary>
    public string? ShownVersion => ManifestVersion ?? Version?.Value;

    /// <summary>Whether a version that was asked for means this one. The first digits of the digest tell builds of one version
    /// apart.</summary>
    public bool Is(PluginVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Version == version || string.Equals(ManifestVersion, version.Value, StringComparison.Ordinal)
            || (version.Value.Length >= ShortDigest && Digits is { } digits
                && digits.StartsWith(version.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The digits of the digest that is told of it: the receipt's, else that of the files.</summary>
    internal string? Digits => (Receipt?.TreeHash ?? ContentHash)?.Split(':')[^1];

    /// <summary>So many digits of it as tell builds apart; null where none are told.</summary>
    internal string? ShortDigits => Digits is { Length: >= ShortDigest } digits ? digits[..ShortDigest] : null;

    /// <summary>Version and digest, for a choice between several.</summary>
    internal string Choice => ShortDigits is { } digits ? $"{ShownVersion} ({digits})" : $"{ShownVersion}";

    private const int ShortDigest = 12;

    /// <summary>Plugin and version.</summary>
    public override string ToString() => $"{Id} {ShownVersion}";
}
