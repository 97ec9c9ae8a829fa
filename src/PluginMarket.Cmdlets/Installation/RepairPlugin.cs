using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Repair-Plugin</c>: puts the recorded bytes of changed plugins back and cleans up behind killed runs.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Repair-Plugin.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed class RepairPluginCommand : FetchCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
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

    private protected override void Process()
    {
        foreach (var (reference, _, market) in (ParameterSetName == ByName ? Named() : PluginsOf(InputObject)).ToList())
        {
            Attempt(reference.Id, () =>
            {
                if (Approve(reference.Id, "Repair plugin"))
                {
                    var git = GitAccess.Options(this, market);
                    Emit(Run(token => new PluginRepairer(market).RepairAsync(reference, git, token)));
                }
                else if (IsWhatIf)
                {
                    var git = GitAccess.Options(this, market);
                    Emit(Run(token => new PluginRepairer(market).PreviewAsync(reference, git, token)));
                }
            });
        }
    }

    private IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> Named()
    {
        var request = new InstalledPluginRequest { Names = Name, Marketplaces = Marketplace is null ? [] : [Marketplace] };
        var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
        Report(listing.Failures.Where(failure => failure.Code == MarketErrorCode.PluginNotInstalled));
        return listing.Plugins.Select(plugin => (PluginReference.Parse(plugin.Id), (PluginLockEntry?)null, Market));
    }
}
