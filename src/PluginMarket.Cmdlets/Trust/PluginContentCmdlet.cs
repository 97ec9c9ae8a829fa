using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that look into plugins wherever they lie: a folder, what is installed, what a catalog lists.</summary>
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

        var reference = input.Reference ?? throw input.Failure(MarketErrorCode.InputNotAPlugin);
        if (reference.Marketplace is null && marketplace is not null)
        {
            reference = reference with { Marketplace = MarketplaceName.Parse(marketplace) };
        }

        var isEntry = input.Source is PSObject entry && PipelineObject.Is(entry, "PluginMarket.Plugin");
        return new PluginPlace(HomeOf(reference.Id, reference.CodexHome, reference.ComputerName), null, reference, isEntry ? PluginContentPlace.Catalog : PluginContentPlace.InstalledOrCatalog);
    }

    /// <summary>Opens plugins, hands them over, and removes what was fetched.</summary>
    private protected T Read<T>(IReadOnlyList<PluginPlace> places, Func<IReadOnlyList<PluginContent>, T> read) => Run(async token =>
    {
        var queries = new List<PluginContentQuery>();
        try
        {
            var contents = new List<PluginContent>();
            foreach (var place in places)
            {
                var query = new PluginContentQuery(place.Market, GitAccess.Options(this, place.Market));
                queries.Add(query);
                contents.Add(place.Folder is { } folder ? query.OpenFolder(folder) : await query.OpenAsync(place.Reference!, place.Kind, token).ConfigureAwait(false));
            }

            return read(contents);
        }
        finally
        {
            foreach (var query in queries)
            {
                await query.DisposeAsync().ConfigureAwait(false);
            }
        }
    });

    /// <summary>Where one plugin lies: a folder, or a reference in a home.</summary>
    private protected sealed record PluginPlace(MarketEnvironment Market, string? Folder, PluginReference? Reference, PluginContentPlace Kind);
}
