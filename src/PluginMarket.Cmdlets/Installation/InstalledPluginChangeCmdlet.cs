using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that change installed plugins: names with wildcards, which mean what is installed, or what is
/// piped.</summary>
public abstract class InstalledPluginChangeCmdlet : MarketCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The plugins: what Find-Plugin or Get-InstalledPlugin gives, objects with Name and Marketplace or with Id, or strings
    /// <c>plugin@marketplace</c>. Blank lines and lines starting with <c>#</c> are ignored.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone, wildcards allowed.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    /// <summary>Changes one plugin.</summary>
    /// <param name="reference">The plugin.</param>
    /// <param name="market">Its home.</param>
    private protected abstract void Change(PluginReference reference, MarketEnvironment market);

    private protected sealed override void Process()
    {
        // Listed before the first change, which may be piped from a listing that is still running.
        foreach (var (reference, _, market) in (ParameterSetName == ByName ? Named() : PluginsOf(InputObject)).ToList())
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
            var listing = Run(
                token => Task.FromResult(new InstalledPluginQuery(market).List(new InstalledPluginRequest { Names = [result.Id] }, token)));
            WriteObject(listing.Plugins, enumerateCollection: true);
        }
    }

    private IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> Named()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var request = new InstalledPluginRequest { Names = Name, Marketplaces = Marketplace is null ? [] : [Marketplace] };
        var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
        Report(listing.Failures);
        foreach (var name in Name)
        {
            var plugins = listing.Plugins.Where(plugin => InstalledPluginQuery.Matches(name, plugin)).ToList();
            if (plugins.Count > 1 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                Report(new PluginMarketException(
                    MarketErrorCode.PluginNameAmbiguous,
                    $"'{name}' is installed from more than one marketplace: {string.Join(", ", plugins)}. "
                        + $"{Remedy.Do($"Choose one of them.")}",
                    name));
                continue;
            }

            foreach (var plugin in plugins.Where(plugin => seen.Add(plugin.Id)))
            {
                yield return (PluginReference.Parse(plugin.Id), null, Market);
            }
        }
    }
}
