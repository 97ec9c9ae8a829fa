using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Changes what a registered marketplace is of: its ref, commit or source, and whether Codex may update it by itself.</summary>
internal sealed class SetMarketplace(MarketEnvironment environment)
{
    private const string Action = "SetMarketplace";

    internal async Task<Marketplace> SetAsync(MarketplaceSetRequest request, CancellationToken cancellation)
    {
        var table = Demand(request.Name);
        if (request is { AutoUpdate: not null, Source: null, Ref: null, Sha: null })
        {
            environment.Home.Recover();
        }
        else
        {
            await SetSourceAsync(request, table, cancellation).ConfigureAwait(false);
        }

        if (request.AutoUpdate is { } autoUpdate && table.AutoUpdate != autoUpdate)
        {
            using var locks = await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false);
            Demand(table.Name);
            AgentConfiguration.Open(environment).SetAutoUpdate(MarketplaceName.Parse(table.Name), autoUpdate);
            environment.Home.NoteMarketplace(Action, table.Name, GitUrl.Redact(table.Source ?? ""),
                note: autoUpdate ? "Codex may update it" : "Codex does not update it");
        }

        return RegisteredMarketplace.Describe(environment, table.Name);
    }

    /// <summary>Fails where <see cref="SetAsync"/> would for what can be known without fetching and changing anything.</summary>
    internal void DemandSettable(MarketplaceSetRequest request) =>
        MarketplacePolicy.Demand(environment, NewSource(request, Demand(request.Name)), request.Name, request.Git);

    /// <summary>What <see cref="SetAsync"/> would make of it: a new source is not read.</summary>
    internal Marketplace Preview(MarketplaceSetRequest request)
    {
        DemandSettable(request);
        var table = Demand(request.Name);
        var source = NewSource(request, table);
        var changed = table with
        {
            SourceType = source.SourceType,
            Source = source.SourceText,
            Ref = (source as GitMarketplaceSource)?.Ref,
            SparsePaths = (source as GitMarketplaceSource)?.SparsePaths ?? [],
            AutoUpdate = request.AutoUpdate ?? table.AutoUpdate,
        };
        if (MarketplaceAdmission.IsSame(table, source) && RegisteredMarketplace.TryDescribe(environment, table.Name) is not null)
        {
            var open = RegisteredMarketplace.Open(environment, table.Name);
            return MarketplaceDescription.Describe(environment,
                open with { Location = open.Location with { Configured = changed } }).AsPreview();
        }

        return MarketplaceDescription.Describe(environment, changed, null, MarketplaceDescription.NotContacted).AsPreview();
    }

    private async Task SetSourceAsync(MarketplaceSetRequest request, ConfiguredMarketplace table, CancellationToken cancellation)
    {
        var source = NewSource(request, table);
        MarketplacePolicy.Demand(environment, source, table.Name, request.Git);
        if (MarketplaceAdmission.IsSame(table, source) && RegisteredMarketplace.TryDescribe(environment, table.Name) is not null)
        {
            return;
        }

        environment.Home.Recover();
        if (source is GitMarketplaceSource git)
        {
            await SetGitAsync(table, git, request.Git, cancellation).ConfigureAwait(false);
        }
        else
        {
            await SetLocalAsync(table, (LocalMarketplaceSource)source, request.Git, cancellation).ConfigureAwait(false);
        }
    }

    private async Task SetGitAsync(ConfiguredMarketplace table, GitMarketplaceSource source, GitOptions git, CancellationToken cancellation)
    {
        var snapshot = await StagedSnapshot.BeginAsync(environment, source, git, cancellation).ConfigureAwait(false);
        await using (snapshot.ConfigureAwait(false))
        {
            await snapshot.FetchAsync(table.Name, cancellation).ConfigureAwait(false);
            var name = MarketplaceAdmission.Demand(environment, snapshot.Catalog, source.Description, table.Name);
            using var locks = await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false);
            Demand(table.Name);
            MarketplacePolicy.Admit(environment, source, table.Name, git);
            using var note = MarketplaceChangeNote.Write(environment, name);
            snapshot.Publish(MarketplaceLocations.SnapshotPath(environment, name));
            try
            {
                AgentConfiguration.Open(environment).SetMarketplace(name, source.SourceType,
                    source.SourceText, source.Ref, source.SparsePaths);
            }
            catch when (!MarketplaceAdmission.IsSame(Demand(table.Name), source))
            {
                snapshot.Undo();
                throw;
            }

            note.Finish();
            environment.Home.NoteMarketplace(Action, name.Value, source.Description, snapshot.Revision.Commit, Before(table));
        }
    }

    private async Task SetLocalAsync(ConfiguredMarketplace table, LocalMarketplaceSource source, GitOptions git,
        CancellationToken cancellation)
    {
        var catalog = new MarketplaceCatalogReader(environment).Read(source.Path, isRemote: false);
        var name = MarketplaceAdmission.Demand(environment, catalog, source.Description, table.Name);
        using var locks = await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false);
        Demand(table.Name);
        MarketplacePolicy.Admit(environment, source, table.Name, git);
        using var note = table.SourceType == source.SourceType ? null : MarketplaceChangeNote.Write(environment, name);
        AgentConfiguration.Open(environment).SetMarketplace(name, source.SourceType, source.SourceText, null, null);
        if (table.SourceType != source.SourceType)
        {
            SnapshotRemoval.Remove(environment, name);
        }

        note?.Finish();
        environment.Home.NoteMarketplace(Action, name.Value, source.Description, note: Before(table));
    }

    private static string Before(ConfiguredMarketplace table) =>
        $"It came from {GitUrl.Redact(table.Source ?? "")}{(table.Ref is null ? "" : $" at {table.Ref}")}";

    private ConfiguredMarketplace Demand(string name)
    {
        var layers = ConfigurationLayers.Read(environment);
        var table = layers.FindMarketplace(name)
            ?? throw MarketplaceRegistry.NotFound(name, layers.Marketplaces.Select(known => known.Name));
        layers.DemandUserMarketplace(name);
        return table;
    }

    private MarketplaceSource NewSource(MarketplaceSetRequest request, ConfiguredMarketplace table)
    {
        var reference = CommitPin.RefOf(request.Ref, request.Sha);
        if (request.Source is { } text)
        {
            var source = MarketplaceSourceParser.Parse(text, reference is { Length: > 0 } ? reference : null, null,
                environment, request.Git.AllowHttp);
            return source is GitMarketplaceSource git
                ? git with { SparsePaths = request.SparsePaths ?? table.SparsePaths } : source;
        }

        if (table.SourceType == "local")
        {
            return reference is null
                ? new LocalMarketplaceSource(table.Source ?? "")
                : throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                    $"Marketplace '{table.Name}' is a local folder and has no ref. "
                        + $"{Remedy.Do($"Use a git repository as its source, or remove the ref.")}", table.Name);
        }

        var kept = reference is null ? table.Ref : reference.Length == 0 ? null : reference;
        return MarketplaceSourceParser.FromConfiguration("git", table.Source ?? "", kept,
            request.SparsePaths ?? table.SparsePaths);
    }
}
