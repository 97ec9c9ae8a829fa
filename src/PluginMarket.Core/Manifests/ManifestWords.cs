namespace PluginMarket.Manifests;

/// <summary>What a manifest says by itself, without what the plugin brings; every text is escaped for a terminal.</summary>
/// <param name="Name">Its name; the folder's where it has none.</param>
/// <param name="Version">Its version, trimmed.</param>
/// <param name="Description">What the plugin is for.</param>
/// <param name="Keywords">Search words.</param>
/// <param name="Author">Who made it.</param>
/// <param name="License">The license, as written.</param>
/// <param name="Interface">How it presents itself.</param>
internal sealed record ManifestWords(string Name, string? Version, string? Description, string[] Keywords, Author? Author, string? License,
    PluginInterface? Interface)
{
    /// <summary>The folder name that installing gives it.</summary>
    internal string InstallVersion => Version ?? PluginVersion.Local.Value;

    /// <summary>The words of a manifest that was read with all that the plugin brings.</summary>
    internal static ManifestWords Of(PluginManifest manifest) => new(manifest.Name, manifest.Version, manifest.Description,
        manifest.Keywords, manifest.Author, manifest.License, manifest.Interface);

    /// <summary>Whether a listing would say the same of both.</summary>
    internal bool SaysWhat(ManifestWords other) =>
        (Name, Version, Description, License) == (other.Name, other.Version, other.Description, other.License)
        && (Author?.Name, Author?.Email, Author?.Url) == (other.Author?.Name, other.Author?.Email, other.Author?.Url)
        && Keywords.AsSpan().SequenceEqual(other.Keywords) && SaysWhat(Interface, other.Interface);

    private static bool SaysWhat(PluginInterface? one, PluginInterface? other) =>
        (one?.DisplayName, one?.ShortDescription, one?.Category) == (other?.DisplayName, other?.ShortDescription, other?.Category)
        && (one?.Capabilities).AsSpan().SequenceEqual(other?.Capabilities);
}
