namespace PluginMarket;

/// <summary>Makes the object users see of a marketplace that was read.</summary>
internal static class MarketplaceDescription
{
    internal static Marketplace Describe(MarketEnvironment environment, OpenMarketplace open)
    {
        var (location, catalog) = open;
        var listed = catalog.Entries.Count(entry => entry.IsListed);
        return new Marketplace
        {
            Name = catalog.Name,
            DisplayName = catalog.DisplayName,
            SourceType = location.IsSnapshot ? "git" : "local",
            Source = location.Source?.Description ?? GitUrl.Redact(location.Configured?.Source ?? location.Root),
            Ref = location.Configured?.Ref is { } reference ? DisplayText.Escape(reference) : null,
            SparsePaths = [.. location.Configured?.SparsePaths.Select(DisplayText.Escape) ?? []],
            AutoUpdate = location.Configured?.AutoUpdate,
            Plugins = listed,
            SkippedEntries = catalog.Entries.Count - listed,
            Scope = location.Scope.ToString(),
            IsRegistered = location.IsRegistered,
            ConfigurationSource = location.Configured?.Layer.ToString(),
            ConfigurationFile = location.Configured?.File,
            Root = catalog.Root,
            CatalogPath = catalog.CatalogPath,
            Commit = location.IsSnapshot ? SnapshotCommit.Read(environment, location.Root) : null,
            LastUpdated = location.IsSnapshot ? LastUpdated(environment, location.Root) : null,
            ComputerName = Environment.MachineName,
            UserName = Environment.UserName,
            CodexHome = environment.CodexHome,
        };
    }

    private static DateTimeOffset? LastUpdated(MarketEnvironment environment, string root)
    {
        var record = environment.Files.Examine(Path.Join(root, SnapshotMetadata.FileName));
        var facts = record.Kind == FileKind.File ? record : environment.Files.Examine(root);
        return facts.Kind == FileKind.Missing ? null : facts.Modified.ToUniversalTime();
    }
}
