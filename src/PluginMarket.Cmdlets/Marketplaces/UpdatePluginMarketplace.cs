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

    /// <summary>How many marketplaces are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>Accepts plain http.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>A user name and token for the registered hosts, given to git through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>What reaches git repositories: the git command, libgit2, or by default what PLUGINMARKET_GIT_ENGINE says, else the
    /// command where it is installed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "PLUGINMARKET_GIT_ENGINE, else git if it is installed, else libgit2")]
    public GitEngine GitEngine { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    /// <summary>Seconds that all fetches of the command may take together; by default what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else
    /// no limit: a fetch ends only where nothing comes for some time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [PSDefaultValue(Help = "PLUGINMARKET_TIMEOUT_SEC, else no limit")]
    public int TimeoutSec { get; set; }

    private protected override void Process()
    {
        foreach (var (name, market) in ParameterSetName == ByName ? Registered(Name).Select(name => (name, Market)) : Inputs())
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
        var git = GitAccess.Options(Credential, Credential is null ? [] : CredentialHosts.Registered(market), AllowHttp, GitEngine,
            timeoutSec: TimeoutSec);
        var request = new MarketplaceUpdateRequest { Names = names, ThrottleLimit = ThrottleLimit, Git = git, IsPreview = IsWhatIf };
        var outcome = Run(token => new MarketplaceRegistry(market).UpdateAsync(request, token));
        WriteObject(ShownRows.Of(outcome.Results, result => result.Reason), enumerateCollection: true);
        Report(outcome.Failures);
    }
}
