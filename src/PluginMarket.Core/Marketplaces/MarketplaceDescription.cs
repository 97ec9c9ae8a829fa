using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Makes the object users see of a marketplace that was read.</summary>
internal static class MarketplaceDescription
{
    /// <summary>Why a preview does not know what a source says.</summary>
    internal const string NotContacted = "Its source is not contacted in a preview.";

    internal static Marketplace Describe(MarketEnvironment environment, OpenMarketplace open, PolicyGate? policies = null)
    {
        var (location, catalog) = open;
        var gate = policies ?? PolicyGate.Open(environment);
        var decision = gate.Judge(PolicyStage.Publish, gate.IsSilent
            ? new PolicySubject(open.Name) : MarketplacePolicy.Subject(environment, open));
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
            SkipReasons = [.. catalog.Entries.Where(entry => !entry.IsListed)
                .Select(entry => $"{(entry.Name.Length == 0 ? $"Entry {entry.Index + 1}" : entry.Name)}: {entry.SkipReason}")],
            Scope = location.Scope.ToString(),
            IsRegistered = location.IsRegistered,
            ConfigurationSource = location.Configured?.Layer.ToString(),
            ConfigurationFile = location.Configured?.File,
            Root = catalog.Root,
            CatalogPath = catalog.CatalogPath,
            Commit = location.IsSnapshot ? SnapshotCommit.Read(environment, location.Root) : null,
            LastUpdated = SnapshotOn(environment, location),
            IsAllowedByPolicy = decision.IsAllowed,
            PolicyRule = decision.RuleId,
            ComputerName = Environment.MachineName,
            UserName = environment.UserName,
            CodexHome = environment.CodexHome,
        };
    }

    /// <summary>A configured marketplace whose catalog could not be read: what the configuration says of it, and why.</summary>
    internal static Marketplace Describe(MarketEnvironment environment, ConfiguredMarketplace table, MarketplaceLocation? location,
        string reason) => new()
        {
            Name = DisplayText.Escape(table.Name),
            Status = "Unreadable",
            Reason = reason,
            SourceType = table.SourceType is null ? "git" : DisplayText.Escape(table.SourceType),
            Source = location?.Source?.Description ?? GitUrl.Redact(table.Source ?? ""),
            Ref = table.Ref is { } reference ? DisplayText.Escape(reference) : null,
            SparsePaths = [.. table.SparsePaths.Select(DisplayText.Escape)],
            AutoUpdate = table.AutoUpdate,
            Scope = MarketplaceLocations.ScopeOf(table).ToString(),
            IsRegistered = true,
            ConfigurationSource = table.Layer.ToString(),
            ConfigurationFile = table.File,
            Root = location?.Root,
            CatalogPath = null,
            Commit = location is { IsSnapshot: true } ? SnapshotCommit.Read(environment, location.Root) : null,
            LastUpdated = location is null ? null : SnapshotOn(environment, location),
            ComputerName = Environment.MachineName,
            UserName = environment.UserName,
            CodexHome = environment.CodexHome,
        };

    /// <summary>One that is not registered yet: what its source says of itself is not known before it is fetched.</summary>
    internal static Marketplace Describe(MarketEnvironment environment, GitMarketplaceSource source, string? name) => new()
    {
        Name = name is null ? null : DisplayText.Escape(name),
        Reason = NotContacted,
        SourceType = source.SourceType,
        Source = source.Description,
        Ref = source.Ref is { } reference ? DisplayText.Escape(reference) : null,
        SparsePaths = [.. source.SparsePaths.Select(DisplayText.Escape)],
        Scope = MarketplaceScope.User.ToString(),
        Root = null,
        CatalogPath = null,
        ComputerName = Environment.MachineName,
        UserName = environment.UserName,
        CodexHome = environment.CodexHome,
    };

    /// <summary>Of when a marketplace's snapshot is; null for a folder, which is read as it is.</summary>
    internal static DateTimeOffset? SnapshotOn(MarketEnvironment environment, MarketplaceLocation location)
    {
        if (!location.IsSnapshot)
        {
            return null;
        }

        var record = environment.Files.Examine(Path.Join(location.Root, SnapshotMetadata.FileName));
        var facts = record.Kind == FileKind.File ? record : environment.Files.Examine(location.Root);
        return facts.Kind == FileKind.Missing ? null : facts.Modified.ToUniversalTime();
    }
}
