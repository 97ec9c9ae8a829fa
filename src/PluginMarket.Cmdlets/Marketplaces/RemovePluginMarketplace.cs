using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Remove-PluginMarketplace</c>: takes marketplaces out of the configuration, and their snapshots out of the home.</summary>
[Cmdlet(VerbsCommon.Remove, "PluginMarketplace", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    HelpUri = OnlineHelp.Pages + "Remove-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class RemovePluginMarketplaceCommand : MarketCmdlet
{
    /// <summary>The registered names, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplaces: what Get-PluginMarketplace gives, or names, without blank lines
    /// and lines starting with <c>#</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

    /// <summary>Uninstalls the plugins installed from it first; otherwise they stay and keep loading.</summary>
    [Parameter]
    public SwitchParameter UninstallPlugin { get; set; }

    /// <summary>Does not ask about the plugins.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the marketplaces as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; no policy prevents removing a marketplace.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override void Process()
    {
        // A pipe of plugins that ends here was meant for Uninstall-Plugin.
        foreach (var (name, market) in (ParameterSetName == ByName ? Registered(Name).Select(name => (name, Market))
            : MarketplacesOf(InputObject, takesPlugins: false)).ToList())
        {
            Attempt(name, () => Remove(name, market));
        }
    }

    private void Remove(string name, MarketEnvironment market)
    {
        var request = new MarketplaceRemoveRequest { Name = name };
        new MarketplaceRegistry(market).DemandRemovable(request);
        var isApproved = Approve(DisplayText.Escape(name), "Remove marketplace");
        if (!isApproved && !IsWhatIf)
        {
            return;
        }

        // Literally that name: brackets of a hand-written one are not wildcards.
        var plugins = Run(token => Task.FromResult(new InstalledPluginQuery(market).List(
            new InstalledPluginRequest { Marketplaces = [WildcardPattern.Escape(name)] }, token))).Plugins;
        if (!isApproved)
        {
            Preview(request, plugins, market);
            return;
        }

        if (plugins.Count > 0 && UninstallPlugin
            && (!Ask(name, $"{plugins.Count} plugins installed from '{name}' are uninstalled: {string.Join(", ", plugins)}.", Force)
                || !Uninstall(plugins, market)))
        {
            return;
        }

        var removal = Run(token => new MarketplaceRegistry(market).RemoveAsync(request, token));
        if (plugins.Count > 0 && !UninstallPlugin)
        {
            Message warning = $"{plugins.Count} plugins installed from '{name}' stay and keep loading: {string.Join(", ", plugins)}. "
                + $"{Remedy.Run(Operation.UninstallPlugin, $"remove them")}";
            WriteWarning(warning.In(Face.PowerShell));
        }

        if (PassThru && removal.Marketplace is not null)
        {
            WriteObject(removal.Marketplace);
        }
    }

    private void Preview(MarketplaceRemoveRequest request, IReadOnlyList<InstalledPlugin> plugins, MarketEnvironment market)
    {
        foreach (var plugin in UninstallPlugin ? plugins : [])
        {
            Emit(new PluginUninstaller(market).Preview(PluginReference.Parse(plugin.Id)));
        }

        if (new MarketplaceRegistry(market).PreviewRemove(request) is { } marketplace)
        {
            WriteObject(marketplace);
        }
    }

    private bool Uninstall(IReadOnlyList<InstalledPlugin> plugins, MarketEnvironment market)
    {
        var uninstaller = new PluginUninstaller(market);
        var done = true;
        foreach (var plugin in plugins)
        {
            var result = Run(token => uninstaller.UninstallAsync(PluginReference.Parse(plugin.Id), purge: false, token));
            if (result.GetFailure() is { } failure)
            {
                Report(failure, plugin.Id);
                done = false;
            }
        }

        return done;
    }
}
