using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Update-PluginMarketplace</c>: brings the snapshots of git marketplaces up to date, side by side.</summary>
[Cmdlet(VerbsData.Update, "PluginMarketplace", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Update-PluginMarketplace.md")]
[OutputType(typeof(MarketplaceUpdateResult))]
public sealed class UpdatePluginMarketplaceCommand : MarketplaceChangeCmdlet
{
    private readonly Dictionary<MarketEnvironment, List<string>> _wanted = new(ReferenceEqualityComparer.Instance);

    /// <summary>The registered names, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>How many marketplaces are fetched at once; six times as many are asked whether they have changed.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    private protected override void Process()
    {
        foreach (var (name, market) in ParameterSetName == ByName
            ? Registered(Name).Select(name => (name, Market)) : MarketplacesOf(InputObject))
        {
            Attempt(name, () =>
            {
                if (Approve(DisplayText.Escape(name), "Update marketplace") || IsWhatIf)
                {
                    (_wanted.TryGetValue(market, out var names) ? names : _wanted[market] = []).Add(name);
                }
            });
        }
    }

    private protected override void End()
    {
        foreach (var (market, names) in _wanted)
        {
            Attempt(market.CodexHome, () => Update(market, names));
        }
    }

    private void Update(MarketEnvironment market, List<string> names)
    {
        var git = GitOptionsFor(() => CredentialHosts.Registered(market));
        var request = new MarketplaceUpdateRequest { Names = names, ThrottleLimit = ThrottleLimit, Git = git, IsPreview = IsWhatIf };
        var outcome = Run(token => new MarketplaceRegistry(market).UpdateAsync(request, token));
        WriteObject(ShownRows.Of(outcome.Results, result => result.Reason), enumerateCollection: true);
        Report(outcome.Failures);
    }
}
