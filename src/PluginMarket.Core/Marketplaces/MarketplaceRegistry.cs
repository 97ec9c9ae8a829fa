using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Marketplaces;

/// <summary>The registered marketplaces: list, add, set, update, remove (contract 4).</summary>
/// <remarks>Changing methods recover from killed runs first, hold the home's lock and then Codex's own while they publish, and leave
/// nothing behind when they fail.</remarks>
internal sealed class MarketplaceRegistry
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the registry of one home; nothing is touched.</summary>
    public MarketplaceRegistry(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Lists the marketplaces in view. One that cannot be read is its own failure; the others are listed.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public Task<MarketplaceListing> ListAsync(MarketplaceListRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run(() => List(request), cancellation);
    }

    /// <summary>Registers a marketplace; a git one is fetched into the home first. Repeating it changes nothing.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CatalogUnreadable, NameInvalid, NameReserved, MarketplaceNameMismatch,
    /// MarketplaceAlreadyExists, ManagedByAdministrator, GitRefNotFound and the other failures of fetching, StateLocked, HomeNotWritable,
    /// DiskFull, ConfigInvalid, ConfigFormUnsupported.</exception>
    public Task<MarketplaceAddition> AddAsync(MarketplaceAddRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(() => new AddMarketplace(_environment).AddAsync(request, cancellation), cancellation);
    }

    /// <summary>Changes the ref or the source of a marketplace in the user's configuration, fetching what it names now.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="AddAsync"/>, and MarketplaceNotFound.</exception>
    public Task<Marketplace> SetAsync(MarketplaceSetRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(() => new SetMarketplace(_environment).SetAsync(request, cancellation), cancellation);
    }

    /// <summary>Fails where <see cref="AddAsync"/> would for what can be known without fetching and changing anything.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="AddAsync"/>.</exception>
    public void DemandAddable(MarketplaceAddRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        new AddMarketplace(_environment).Demand(request);
    }

    /// <summary>Fails where <see cref="SetAsync"/> would for what can be known without fetching and changing anything.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="SetAsync"/>.</exception>
    public void DemandSettable(MarketplaceSetRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        new SetMarketplace(_environment).DemandSettable(request);
    }

    /// <summary>Fails where <see cref="RemoveAsync"/> would for what can be known without changing anything.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="RemoveAsync"/>.</exception>
    public void DemandRemovable(MarketplaceRemoveRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        new RemoveMarketplace(_environment).Check(request.Name);
    }

    /// <summary>What <see cref="AddAsync"/> would register, as far as that is known without fetching.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="AddAsync"/>.</exception>
    public Marketplace PreviewAdd(MarketplaceAddRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AddMarketplace(_environment).Preview(request);
    }

    /// <summary>What <see cref="SetAsync"/> would make of a marketplace, as far as that is known without fetching.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="SetAsync"/>.</exception>
    public Marketplace PreviewSet(MarketplaceSetRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new SetMarketplace(_environment).Preview(request);
    }

    /// <summary>What <see cref="RemoveAsync"/> would remove; null for a snapshot that no configuration names.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="RemoveAsync"/>.</exception>
    public Marketplace? PreviewRemove(MarketplaceRemoveRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new RemoveMarketplace(_environment).Check(request.Name).Table is { } table
            ? RegisteredMarketplace.DescribeAnyway(_environment, table).AsPreview() : null;
    }

    /// <summary>Brings snapshots up to date: one question to the server for one that is unchanged.
    /// Installed plugins are not touched.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid; what concerns one marketplace is in the outcome.</exception>
    public Task<MarketplaceUpdateOutcome> UpdateAsync(MarketplaceUpdateRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(() => new UpdateMarketplace(_environment).UpdateAsync(request, cancellation), cancellation);
    }

    /// <summary>Takes a marketplace out of the user's configuration, then its snapshot out of the home. Its installed plugins
    /// stay.</summary>
    /// <exception cref="PluginMarketException">MarketplaceNotFound, ManagedByAdministrator, StateLocked, HomeNotWritable,
    /// ConfigInvalid, ConfigFormUnsupported.</exception>
    public Task<MarketplaceRemoval> RemoveAsync(MarketplaceRemoveRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(() => new RemoveMarketplace(_environment).RemoveAsync(request, cancellation), cancellation);
    }

    internal static PluginMarketException NotFound(string name, IEnumerable<string> known)
    {
        var shown = DisplayText.Escape(name);
        var nearest = NearestName.Find(name, known);
        return new PluginMarketException(
            MarketErrorCode.MarketplaceNotFound,
            $"There is no marketplace '{shown}'. {Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.AddMarketplace, $"register one")}",
            shown);
    }

    /// <summary>The failure of a disk call that nobody nearer to it could explain.</summary>
    internal static PluginMarketException Unwritable(MarketEnvironment environment, Exception failure) => new(
        MarketErrorCode.HomeNotWritable,
        $"The marketplaces of '{environment.CodexHome}' could not be changed: "
            + $"{failure} {Remedy.Do($"Check the home's folders, then run the command again.")}",
        environment.CodexHome,
        failure);

    private Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            try
            {
                return await change().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(_environment, failure);
            }
        },
        cancellation);

    private MarketplaceListing List(MarketplaceListRequest request)
    {
        var view = MarketplaceView.Open(_environment, request.Paths);
        var names = NamePattern.ReadAll(request.Names);
        var shown = view.Marketplaces.Where(
            open => NamePattern.MatchesAny(names, open.Name) && InScope(request, open.Location.Scope.ToString())).ToList();
        var failures = view.Failures.Where(failure => request.Paths.Count > 0
            || (NamePattern.MatchesAny(names, failure.Target) && InScope(request, ScopeOf(view, failure)))).ToList();
        var unreadable = failures.Select(failure => view.Layers.FindMarketplace(failure.Target ?? "") is { } table
            ? RegisteredMarketplace.Describe(_environment, table, failure) : null).OfType<Marketplace>().ToList();
        foreach (var name in names.Where(name => name.IsLiteral && !view.Marketplaces.Any(open => name.Matches(open.Name))
            && !view.Failures.Any(failure => name.Matches(failure.Target))))
        {
            failures.Add(NotFound(name.ToString(), view.Marketplaces.Select(open => open.Name)));
        }

        var policies = PolicyGate.Open(_environment);
        return new MarketplaceListing([.. shown.Select(open => MarketplaceDescription.Describe(_environment, open, policies))], failures)
        {
            Unreadable = unreadable,
        };
    }

    private static bool InScope(MarketplaceListRequest request, string? scope) =>
        request.Scopes.Count == 0 || scope is null || request.Scopes.Contains(scope, StringComparer.OrdinalIgnoreCase);

    private static string? ScopeOf(MarketplaceView view, PluginMarketException failure) =>
        view.Layers.FindMarketplace(failure.Target ?? "") is { } table ? MarketplaceLocations.ScopeOf(table).ToString() : null;
}
