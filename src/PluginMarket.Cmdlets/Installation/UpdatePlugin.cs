using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Update-Plugin</c>: replaces installed plugins by what their sources hold now; a piped update
/// by exactly what was checked.</summary>
[Cmdlet(VerbsData.Update, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Update-Plugin.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed class UpdatePluginCommand : PluginBatchCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Brings the snapshots of the plugins' marketplaces up to date before.</summary>
    [Parameter]
    public SwitchParameter Refresh { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == ByName)
        {
            Select();
            return;
        }

        Asked.Take(PluginsOf(InputObject));
    }

    private void Select()
    {
        var request = new InstalledPluginRequest { Names = Name, Marketplaces = Marketplace is null ? [] : [Marketplace] };
        var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
        Report(listing.Failures);

        // What is named has to have an update; of what a pattern fits it is told that it has no source any more.
        bool IsNamed(InstalledPlugin plugin) => Name.Any(name =>
            name.Equals(plugin.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(plugin.Id, StringComparison.OrdinalIgnoreCase));
        Asked.In(Market).AddRange(listing.Plugins
            .Where(plugin => plugin.State != "NotConfigured" || IsNamed(plugin))
            .Select(plugin => PluginReference.Parse(plugin.Id) with { IsListed = !IsNamed(plugin) }));
    }

    private protected override void Prepare(MarketEnvironment market, IReadOnlyList<PluginReference> references)
    {
        if (Refresh)
        {
            var names = references.Select(reference => reference.Marketplace?.Value).OfType<string>();
            Report(Run(token => SourceRefresh.RunAsync(market, names, ThrottleLimit, GitAccess.Options(this, market), token)));
        }
    }

    private protected override InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references) =>
        Conditions(market) with
        {
            References = references,
            Intent = new InstallIntent.Update { IsRefreshed = Refresh },
            Marketplace = Marketplace is null || WildcardPattern.ContainsWildcardCharacters(Marketplace) ? null
                : MarketplaceName.Parse(Marketplace),
        };

    private protected override InstallRequest LockRequestOf(MarketEnvironment market, IReadOnlyList<PluginLockEntry> entries) =>
        Conditions(market) with
        {
            Intent = new InstallIntent.RestoreLock { Entries = entries, OnlyInstalled = true },
        };
}
