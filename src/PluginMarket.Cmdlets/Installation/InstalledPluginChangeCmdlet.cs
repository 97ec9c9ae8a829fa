using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that change installed plugins: names with wildcards, which mean what is installed.</summary>
public abstract class InstalledPluginChangeCmdlet : PluginChangeCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Changes one plugin.</summary>
    /// <param name="reference">The plugin.</param>
    /// <param name="market">Its home.</param>
    private protected abstract void Change(PluginReference reference, MarketEnvironment market);

    private protected sealed override void Process()
    {
        // Listed before the first change, which may be piped from a listing that is still running.
        foreach (var (reference, market) in (ParameterSetName == ByName ? Named() : Inputs()).ToList())
        {
            Attempt(reference.Id, () => Change(reference, market));
        }
    }

    /// <summary>Reports a failure, or emits the plugin as it is now where that was asked for.</summary>
    private protected void EmitChanged(PluginOperationResult result, MarketEnvironment market, bool passThru)
    {
        if (result.GetFailure() is { } failure)
        {
            Report(failure, result.Id);
        }
        else if (passThru)
        {
            var listing = Run(token => Task.FromResult(new InstalledPluginQuery(market).List(new InstalledPluginRequest { Names = [result.Id] }, token)));
            WriteObject(listing.Plugins, enumerateCollection: true);
        }
    }

    private IEnumerable<(PluginReference Reference, MarketEnvironment Market)> Named()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Name)
        {
            var request = new InstalledPluginRequest { Names = [name], Marketplaces = Marketplace is null ? [] : [Marketplace] };
            var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
            Report(listing.Failures);
            if (listing.Plugins.Count > 1 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                Report(new PluginMarketException(
                    MarketErrorCode.PluginNameAmbiguous,
                    $"'{name}' is installed from more than one marketplace: {string.Join(", ", listing.Plugins)}. {Remedy.Do($"Choose one of them.")}",
                    name));
                continue;
            }

            foreach (var plugin in listing.Plugins.Where(plugin => seen.Add(plugin.Id)))
            {
                yield return (PluginReference.Parse(plugin.Id), Market);
            }
        }
    }
}
