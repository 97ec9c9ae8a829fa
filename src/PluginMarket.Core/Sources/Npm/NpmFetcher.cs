namespace PluginMarket.Sources.Npm;

/// <summary>Opens plugins that are packages of an npm registry.</summary>
internal static class NpmFetcher
{
    /// <summary>Codex reads a package in the folder that npm's tarballs have.</summary>
    private const string PackageName = "package";

    internal static async Task<PluginFiles> OpenAsync(NpmStore npm, NpmSource source, SourceContext context,
        CancellationToken cancellationToken)
    {
        var package = await npm.FetchAsync(source, context.Origin, cancellationToken).ConfigureAwait(false);
        return new PluginFiles(package.Files)
        {
            DisplayRoot = source.Description,
            DefaultName = PackageName,
            IsDefaultNameMadeUp = true,
            Provenance = new PackageProvenance(source.Package, package.Version, source.Registry, package.Integrity),
        };
    }
}
