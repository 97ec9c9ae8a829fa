using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Brings snapshots up to date (contract 4.4): ask, fetch where something changed, exchange.</summary>
internal sealed class UpdateMarketplace(MarketEnvironment environment)
{
    internal async Task<MarketplaceUpdateOutcome> UpdateAsync(MarketplaceUpdateRequest request, CancellationToken cancellation)
    {
        var layers = ConfigurationLayers.Read(environment);
        var failures = new List<PluginMarketException>();
        var wanted = Select(request, layers, failures);
        if (wanted.Count == 0)
        {
            return new MarketplaceUpdateOutcome([], failures);
        }

        if (request.IsPreview)
        {
            environment.Home.State.DemandUsable();
        }
        else
        {
            environment.Home.Recover();
        }

        environment = FetchLimit.Begin(environment, request.Git);
        using var throttle = new SemaphoreSlim(Math.Max(1, request.ThrottleLimit));
        var questions = new MarketplaceQuestions(environment, request.Git, request.ThrottleLimit);
        (MarketplaceUpdateResult Result, PluginMarketException? Failure)[] outcomes;
        await using (questions.ConfigureAwait(false))
        {
            outcomes = await Task.WhenAll(wanted.Select(table => UpdateOneAsync(table, layers, request, questions, throttle, cancellation)))
                .ConfigureAwait(false);
        }

        failures.AddRange(outcomes.Select(outcome => outcome.Failure).OfType<PluginMarketException>());
        return new MarketplaceUpdateOutcome([.. outcomes.Select(outcome => outcome.Result)], failures);
    }

    private static List<ConfiguredMarketplace> Select(MarketplaceUpdateRequest request, ConfigurationLayers layers,
        List<PluginMarketException> failures)
    {
        var known = layers.Marketplaces.Where(table => !NameRules.IsReservedMarketplace(table.Name))
            .OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var patterns = NamePattern.ReadAll(request.Names);
        foreach (var missing in patterns.Where(pattern => pattern.IsLiteral && !known.Exists(table => pattern.Matches(table.Name))))
        {
            failures.Add(MarketplaceRegistry.NotFound(missing.ToString(), known.Select(table => table.Name)));
        }

        // A local folder has nothing to fetch; it is worth a word only where it was asked for by its name.
        return known.FindAll(table => table.SourceType == "local"
            ? patterns.Any(pattern => pattern.IsLiteral && pattern.Matches(table.Name))
            : NamePattern.MatchesAny(patterns, table.Name));
    }

    private async Task<(MarketplaceUpdateResult Result, PluginMarketException? Failure)> UpdateOneAsync(
        ConfiguredMarketplace table, ConfigurationLayers layers, MarketplaceUpdateRequest request, MarketplaceQuestions questions,
        SemaphoreSlim throttle, CancellationToken cancellation)
    {
        var started = environment.Time.GetTimestamp();
        var name = DisplayText.Escape(table.Name);
        try
        {
            var location = new MarketplaceLocations(environment, layers, new MarketplaceCatalogReader(environment)).Configured(table);
            if (!location.IsSnapshot)
            {
                return (Result(table, location, started, "Skipped") with
                {
                    Said = $"Marketplace '{name}' is a local folder, which is read in place.",
                }, null);
            }

            // A URL that is not accepted fails here with its own code.
            var source = location.Source as GitMarketplaceSource
                ?? new GitMarketplaceSource(GitUrl.Parse(table.Source), table.Ref, table.SparsePaths);
            if (request.IsPreview)
            {
                MarketplacePolicy.Demand(environment, source, table.Name, request.Git);
                await new GitAccess(environment.ForPrograms(), request.Git).DemandAsync(source.Url, SourceOrigin.User, cancellation)
                    .ConfigureAwait(false);
                return (Result(table, location, started, "WhatIf") with
                {
                    OldCommit = SnapshotCommit.Read(environment, location.Root),
                    Said = $"Its source is not contacted in a preview.",
                }, null);
            }

            MarketplacePolicy.Demand(environment, source, table.Name, request.Git);
            var revision = await questions.AskAsync(source, cancellation).ConfigureAwait(false);
            return (FindUnchanged(table, location, source, revision, started)
                ?? await FetchAsync(table, location, source, revision, request.Git, throttle, started, cancellation)
                    .ConfigureAwait(false), null);
        }
        catch (Exception problem) when (problem is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            var failure = problem as PluginMarketException ?? MarketplaceRegistry.Unwritable(environment, problem);
            var named = new PluginMarketException(failure.Code, $"Marketplace '{name}' was not updated: {failure}", name, failure)
            {
                File = failure.File,
                Line = failure.Line,
                Column = failure.Column,
            };
            return (Result(table, null, started, "Failed") with { Said = failure.Said, Error = failure.Code.ToString() }, named);
        }
    }

    /// <summary>The result where the snapshot is what the server has; null where it has to be fetched.</summary>
    private MarketplaceUpdateResult? FindUnchanged(ConfiguredMarketplace table, MarketplaceLocation location, GitMarketplaceSource source,
        GitRevision revision, long started)
    {
        var record = SnapshotMetadata.Read(environment, location.Root);
        if (record is null || !record.IsOf(source) || !record.IsAt(revision)
            || new MarketplaceCatalogReader(environment).FindCatalog(location.Root) is null
            || (record.CommittedOn is null && PolicyGate.Open(environment).AsksForCommitTime))
        {
            return null;
        }

        environment.Log.Detail($"Marketplace '{table.Name}' is up to date at {revision.Commit}.");
        return Result(table, location, started, "Unchanged") with
        {
            OldCommit = SnapshotCommit.Read(environment, location.Root),
            NewCommit = revision.Commit,
            Added = [],
            Removed = [],
            Changed = [],
        };
    }

    private async Task<MarketplaceUpdateResult> FetchAsync(
        ConfiguredMarketplace table, MarketplaceLocation location, GitMarketplaceSource source, GitRevision revision, GitOptions git,
        SemaphoreSlim throttle, long started, CancellationToken cancellation)
    {
        await throttle.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var oldCommit = SnapshotCommit.Read(environment, location.Root);
            var snapshot = StagedSnapshot.Begin(environment, source, git, revision);
            await using (snapshot.ConfigureAwait(false))
            {
                return await PublishAsync(table, location, source, snapshot, oldCommit, git, started, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            throttle.Release();
        }
    }

    private async Task<MarketplaceUpdateResult> PublishAsync(
        ConfiguredMarketplace table, MarketplaceLocation location, GitMarketplaceSource source, StagedSnapshot snapshot, string? oldCommit,
        GitOptions git, long started, CancellationToken cancellation)
    {
        await snapshot.FetchAsync(table.Name, cancellation).ConfigureAwait(false);
        MarketplaceAdmission.Demand(environment, snapshot.Catalog, source.Description, table.Name);
        var difference = TryRead(new MarketplaceCatalogReader(environment), location) is { } old
            ? CatalogDifference.Between(environment, old, snapshot.Catalog, cancellation) : null;
        using (await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false))
        {
            DemandUnchanged(table, source);
            MarketplacePolicy.Admit(environment, source, table.Name, git);
            snapshot.Publish(location.Root);
            environment.Home.NoteMarketplace("UpdateMarketplace", table.Name, source.Description, snapshot.Revision.Commit,
                oldCommit is null || oldCommit == snapshot.Revision.Commit ? null : $"It was at {oldCommit}");
        }

        var isSame = oldCommit == snapshot.Revision.Commit && difference is { IsEmpty: true };
        return Result(table, location, started, isSame ? "Unchanged" : "Updated") with
        {
            OldCommit = oldCommit,
            NewCommit = snapshot.Revision.Commit,
            Added = difference?.Added,
            Removed = difference?.Removed,
            Changed = difference?.Changed,
        };
    }

    private static MarketplaceCatalog? TryRead(MarketplaceCatalogReader reader, MarketplaceLocation location)
    {
        try
        {
            return reader.Read(location.Root, location.IsRemote);
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    // Another command may have changed or removed the marketplace while this one fetched.
    private void DemandUnchanged(ConfiguredMarketplace table, GitMarketplaceSource source)
    {
        var layers = ConfigurationLayers.Read(environment);
        var now = layers.FindMarketplace(table.Name) ?? throw MarketplaceRegistry.NotFound(table.Name, []);
        if (!MarketplaceAdmission.IsSame(now, source))
        {
            throw new PluginMarketException(MarketErrorCode.StateLocked, $"Another command changed marketplace '{table.Name}' at the same "
                + $"time. {Remedy.Run(Operation.UpdateMarketplace.On(table.Name), $"update it again")}", table.Name);
        }
    }

    private MarketplaceUpdateResult Result(ConfiguredMarketplace table, MarketplaceLocation? location, long started, string status) => new()
    {
        Name = DisplayText.Escape(table.Name),
        Status = status,
        Root = location is { IsSnapshot: true } ? location.Root : null,
        Source = location?.Source?.Description ?? GitUrl.Redact(table.Source ?? ""),
        Duration = environment.Time.GetElapsedTime(started),
        ComputerName = Environment.MachineName,
        UserName = environment.UserName,
        CodexHome = environment.CodexHome,
    };
}
