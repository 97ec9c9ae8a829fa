using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Update-Plugin</c>: replaces installed plugins by what their sources hold now; a piped update by exactly what was looked at.</summary>
[Cmdlet(VerbsData.Update, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PluginOperationResult))]
public sealed class UpdatePluginCommand : PluginBatchCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        if (ParameterSetName == ByName)
        {
            Select();
            return;
        }

        foreach (var (reference, market) in Inputs())
        {
            ReferencesOf(market).Add(reference);
        }
    }

    private void Select()
    {
        var request = new InstalledPluginRequest { Names = Name, Marketplaces = Marketplace is null ? [] : [Marketplace] };
        var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
        Report(listing.Failures);

        // What a pattern fits and no catalog lists any more has no update; what is named has to have one.
        bool IsNamed(InstalledPlugin plugin) => Name.Any(name => name.Equals(plugin.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(plugin.Id, StringComparison.OrdinalIgnoreCase));
        var usable = listing.Plugins.Where(plugin => plugin.State is "Installed" or "Disabled" || IsNamed(plugin));
        ReferencesOf(Market).AddRange(usable.Select(plugin => PluginReference.Parse(plugin.Id)));
    }

    private protected override InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references) => Conditions(market) with
    {
        References = references,
        Update = true,
        Marketplace = Marketplace is null ? null : MarketplaceName.Parse(Marketplace),
    };
}
