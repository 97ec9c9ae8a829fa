using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Marketplaces;

/// <summary>Registers a marketplace: stage, check, publish, then configuration (contract 4.2, docs/reliability.md).</summary>
internal sealed class AddMarketplace(MarketEnvironment environment)
{
    /// <summary>Fails where <see cref="AddAsync"/> would for what can be known without fetching and changing anything.</summary>
    internal void Demand(MarketplaceAddRequest request)
    {
        var (source, layers) = Look(request);
        if (source is LocalMarketplaceSource local)
        {
            Admit(request, local, layers);
        }
    }

    /// <summary>What <see cref="AddAsync"/> would register; what only the source of a git marketplace tells is not known.</summary>
    internal Marketplace Preview(MarketplaceAddRequest request)
    {
        var (source, layers) = Look(request);
        if (source is LocalMarketplaceSource local)
        {
            var (_, catalog) = Admit(request, local, layers);
            var location = new MarketplaceLocation { Scope = MarketplaceScope.User, Root = local.Path, Source = local };
            return MarketplaceDescription.Describe(environment, new OpenMarketplace(location, catalog)).AsPreview();
        }

        return layers.Marketplaces.FirstOrDefault(table => MarketplaceAdmission.IsSame(table, source)) is { } known
            ? RegisteredMarketplace.DescribeAnyway(environment, known).AsPreview()
            : MarketplaceDescription.Describe(environment, (GitMarketplaceSource)source, request.Name).AsPreview();
    }

    internal async Task<MarketplaceAddition> AddAsync(MarketplaceAddRequest request, CancellationToken cancellation)
    {
        var (source, layers) = Look(request);
        environment.Home.Recover();
        return source is GitMarketplaceSource git
            ? await AddGitAsync(request, git, layers, cancellation).ConfigureAwait(false)
            : await AddLocalAsync(request, (LocalMarketplaceSource)source, layers, cancellation).ConfigureAwait(false);
    }

    private (MarketplaceSource Source, ConfigurationLayers Layers) Look(MarketplaceAddRequest request)
    {
        var source = MarketplaceSourceParser.Parse(request.Source, CommitPin.RefOf(request.Ref, request.Sha), request.SparsePaths,
            environment, request.Git.AllowHttp);
        var layers = ConfigurationLayers.Read(environment);
        MarketplacePolicy.Demand(environment, source, null, request.Git);
        if (request.Name is { } asserted)
        {
            MarketplaceAdmission.DemandName(MarketplaceName.Parse(asserted).Value, source.Description);
            MarketplaceAdmission.FindSame(environment, layers, MarketplaceName.Parse(asserted), source);
        }

        return (source, layers);
    }

    private (MarketplaceName Name, MarketplaceCatalog Catalog) Admit(MarketplaceAddRequest request, LocalMarketplaceSource source,
        ConfigurationLayers layers)
    {
        var catalog = new MarketplaceCatalogReader(environment).Read(source.Path, isRemote: false);
        var name = MarketplaceAdmission.Demand(environment, catalog, source.Description, request.Name);
        MarketplacePolicy.Demand(environment, source, name.Value, request.Git);
        if (MarketplaceAdmission.FindSame(environment, layers, name, source) is null)
        {
            AgentConfiguration.Open(environment).DemandMarketplaceSettable(name, source);
        }

        return (name, catalog);
    }

    private async Task<MarketplaceAddition> AddLocalAsync(MarketplaceAddRequest request, LocalMarketplaceSource source,
        ConfigurationLayers layers, CancellationToken cancellation)
    {
        var (name, _) = Admit(request, source, layers);
        MarketplaceAdmission.WarnOfLookalike(environment, layers, name);
        using var home = await environment.Home.State.LockAsync(cancellation).ConfigureAwait(false);
        MarketplacePolicy.Admit(environment, source, name.Value, request.Git);
        if (MarketplaceAdmission.FindSame(environment, ConfigurationLayers.Read(environment), name, source) is { } same)
        {
            DropOtherKeys(same);
            return new MarketplaceAddition(RegisteredMarketplace.Describe(environment, same.Name), AlreadyAdded: true);
        }

        // As with Codex, a root that is listed under another key is added already, and gets its own table all the same.
        var isListed = layers.Marketplaces.Any(
            table => MarketplaceLocations.LocalRoot(environment, table)?.Equals(source.Path, LocalPaths.Comparison) == true);
        AgentConfiguration.Open(environment).SetMarketplace(name, source.SourceType, source.SourceText, null, null);
        environment.Home.NoteMarketplace("AddMarketplace", name.Value, source.Description);
        return new MarketplaceAddition(RegisteredMarketplace.Describe(environment, name.Value), AlreadyAdded: isListed);
    }

    private async Task DropOtherKeysAsync(ConfiguredMarketplace known, CancellationToken cancellation)
    {
        if (known.InUserLayer && MarketplaceName.TryParse(known.Name, out var name, out _)
            && AgentConfiguration.Open(environment).HasOtherKeys(name))
        {
            using var home = await environment.Home.State.LockAsync(cancellation).ConfigureAwait(false);
            DropOtherKeys(known);
        }
    }

    private void DropOtherKeys(ConfiguredMarketplace known)
    {
        if (known.InUserLayer && MarketplaceName.TryParse(known.Name, out var name, out _))
        {
            AgentConfiguration.Open(environment).DropOtherKeys(name);
        }
    }

    private async Task<MarketplaceAddition> AddGitAsync(MarketplaceAddRequest request, GitMarketplaceSource source,
        ConfigurationLayers layers, CancellationToken cancellation)
    {
        if (layers.Marketplaces.FirstOrDefault(table => MarketplaceAdmission.IsSame(table, source)) is { } known
            && RegisteredMarketplace.TryDescribe(environment, known.Name) is { } present)
        {
            if (request.Name is null || request.Name == known.Name)
            {
                await DropOtherKeysAsync(known, cancellation).ConfigureAwait(false);
                return new MarketplaceAddition(present, AlreadyAdded: true);
            }

            throw new PluginMarketException(
                MarketErrorCode.MarketplaceNameMismatch,
                $"{source.Description} is registered as '{known.Name}', the name in its catalog, not as '{request.Name}'. "
                    + $"{Remedy.Do($"Use the name '{known.Name}'.")}",
                request.Name);
        }

        var snapshot = await StagedSnapshot.BeginAsync(environment, source, request.Git, cancellation).ConfigureAwait(false);
        await using (snapshot.ConfigureAwait(false))
        {
            await snapshot.FetchAsync(null, cancellation).ConfigureAwait(false);
            var name = MarketplaceAdmission.Demand(environment, snapshot.Catalog, source.Description, request.Name);

            // Asked before the locks too, so that what is refused leaves not even a lock file.
            MarketplaceAdmission.WarnOfLookalike(environment, layers, name);
            MarketplacePolicy.Demand(environment, source, name.Value, request.Git);
            if (MarketplaceAdmission.FindSame(environment, layers, name, source) is null)
            {
                AgentConfiguration.Open(environment).DemandMarketplaceSettable(name, source);
            }

            using var locks = await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false);
            MarketplacePolicy.Admit(environment, source, name.Value, request.Git);
            var same = MarketplaceAdmission.FindSame(environment, ConfigurationLayers.Read(environment), name, source);
            if (same is not null && RegisteredMarketplace.TryDescribe(environment, same.Name) is { } added)
            {
                return new MarketplaceAddition(added, AlreadyAdded: true);
            }

            // A folder that no configuration names is left by Codex or by hand: the new snapshot takes its place.
            using var note = same is null ? MarketplaceChangeNote.Write(environment, name) : null;
            snapshot.Publish(MarketplaceLocations.SnapshotPath(environment, name));
            if (same is null)
            {
                try
                {
                    AgentConfiguration.Open(environment).SetMarketplace(name, source.SourceType,
                        source.SourceText, source.Ref, source.SparsePaths);
                }
                catch when (ConfigurationLayers.Read(environment).FindMarketplace(name.Value) is null)
                {
                    snapshot.Undo();
                    throw;
                }
            }

            note?.Finish();
            environment.Home.NoteMarketplace("AddMarketplace", name.Value, source.Description, snapshot.Revision.Commit);
            return new MarketplaceAddition(RegisteredMarketplace.Describe(environment, name.Value), AlreadyAdded: false);
        }
    }
}
