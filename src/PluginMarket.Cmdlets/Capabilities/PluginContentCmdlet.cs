using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that look into plugins wherever they are: a folder, what is installed, what a catalog lists.</summary>
public abstract class PluginContentCmdlet : FetchCmdlet
{
    /// <summary>Finds out on the pipeline thread what was given.</summary>
    /// <param name="input">A folder, a path, or what names a plugin.</param>
    /// <param name="marketplace">The marketplace of a plugin given by name alone, or null.</param>
    /// <exception cref="PluginMarketException">InputNotAPlugin, HomeConflict, ForeignComputer, SourceInvalid.</exception>
    private protected PluginPlace Locate(PluginInput input, string? marketplace = null)
    {
        var source = PipelineObject.Unwrap(input.Source);
        if (source is FileSystemInfo file)
        {
            return new PluginPlace(Market, file.FullName, null, default);
        }

        // No plugin id has a separator in it, and every path that is not a bare name has one.
        if (source is string text && (text is "." or ".." || text.AsSpan().IndexOfAny('/', '\\') >= 0))
        {
            return new PluginPlace(Market, PathInput.Resolve(this, text), null, default);
        }

        var reference = input.Reference
            ?? throw input.Failure(ParameterSetName == "Name" ? MarketErrorCode.NameInvalid : MarketErrorCode.InputNotAPlugin);
        reference = InMarketplace(Market, reference, marketplace, takesInstalled: true);
        var isEntry = input.Source is PSObject entry && PipelineObject.Is(entry, "PluginMarket.Plugin");
        return new PluginPlace(HomeOf(reference.Id, reference.CodexHome, reference.ComputerName), null, reference,
            isEntry ? PluginContentPlace.Catalog : PluginContentPlace.InstalledOrCatalog)
        {
            Entry = ((input.Source is PSObject wrapped ? wrapped.BaseObject : input.Source) as Plugin)?.GetEntry(),
        };
    }

    private readonly Dictionary<MarketEnvironment, PluginContentQuery> _queries = new(ReferenceEqualityComparer.Instance);

    /// <summary>Opens plugins and hands them over. Catalogs and repositories are read once for all of the pipeline.</summary>
    private protected T Read<T>(IReadOnlyList<PluginPlace> places, Func<IReadOnlyList<PluginContent>, T> read) => Run(async token =>
    {
        var contents = new List<PluginContent>();
        foreach (var place in places)
        {
            var query = QueryOf(place.Market);
            contents.Add(place switch
            {
                { Folder: { } folder } => query.OpenFolder(folder),
                { Entry: { } entry } => await query.OpenAsync(entry, token).ConfigureAwait(false),
                _ => await query.OpenAsync(place.Reference!, place.Kind, token).ConfigureAwait(false),
            });
        }

        return read(contents);
    });

    private protected override void Release()
    {
        foreach (var query in _queries.Values)
        {
            // On the pool: nothing can be said to a pipeline that is over.
            Task.Run(async () => await query.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
        }

        _queries.Clear();
    }

    private PluginContentQuery QueryOf(MarketEnvironment market) =>
        _queries.TryGetValue(market, out var query)
            ? query : _queries[market] = new PluginContentQuery(market, GitAccess.Options(this, market));

    /// <summary>Where one plugin is: a folder, or a reference in a home.</summary>
    private protected sealed record PluginPlace(MarketEnvironment Market, string? Folder, PluginReference? Reference,
        PluginContentPlace Kind)
    {
        /// <summary>The entry behind the reference, where a listing gave it.</summary>
        internal LocatedEntry? Entry { get; init; }
    }
}
