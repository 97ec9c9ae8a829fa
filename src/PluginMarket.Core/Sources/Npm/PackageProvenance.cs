namespace PluginMarket.Sources.Npm;

/// <summary>A package of an npm registry.</summary>
/// <param name="Name">The package.</param>
/// <param name="Version">The version that was fetched.</param>
/// <param name="Registry">The registry that the catalog named; null where the user's npm chose it.</param>
/// <param name="Integrity">The digest of the tarball as npm writes it.</param>
internal sealed record PackageProvenance(string Name, string Version, string? Registry, string Integrity) : Provenance
{
    internal override string Location => Name;
}
