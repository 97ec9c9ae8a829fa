using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Set-PluginMarketplace</c>: changes the ref, commit, source or auto_update of registered marketplaces.</summary>
[Cmdlet(VerbsCommon.Set, "PluginMarketplace", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Set-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class SetPluginMarketplaceCommand : MarketplaceChangeCmdlet
{
    /// <summary>The registered names, exact.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The branch, tag or full commit to follow; an empty text returns to the default branch.</summary>
    [Parameter]
    [AllowEmptyString]
    [PSDefaultValue(Help = "Unchanged")]
    public string? Ref { get; set; }

    /// <summary>The full commit to stay at.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "Unchanged")]
    public string? Sha { get; set; }

    /// <summary>The new source, in the forms that Add-PluginMarketplace takes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "Unchanged")]
    public string? Source { get; set; }

    /// <summary>The value of <c>auto_update</c>, which Codex knows since 0.171.0. What Codex makes of it is up to
    /// Codex: no effect was observed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "Unchanged")]
    public bool AutoUpdate { get; set; }

    /// <summary>Accepts plain http.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>A user name and token for the source's host, given to git through its askpass program only.</summary>
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

    /// <summary>Seconds that all fetches of the command may take together; by default what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else
    /// no limit: a fetch ends only where nothing comes for some time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [PSDefaultValue(Help = "PLUGINMARKET_TIMEOUT_SEC, else no limit")]
    public int TimeoutSec { get; set; }

    /// <summary>Emits the marketplaces.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private string Action => (Source is null ? "" : $" source={DisplayText.Escape(Source)}")
        + (Ref is null ? "" : $" ref={DisplayText.Escape(Ref)}") + (Sha is null ? "" : $" sha={DisplayText.Escape(Sha)}")
        + (BoundAutoUpdate() is { } value ? $" auto_update={(value ? "true" : "false")}" : "");

    private protected override void Process()
    {
        foreach (var (name, market) in ParameterSetName == ByName ? Name.Select(name => (name, Market)) : Inputs())
        {
            Attempt(name, () => Set(name, market));
        }
    }

    private void Set(string name, MarketEnvironment market)
    {
        var source = Source is null ? null : PathInput.ResolveDrive(this, Source);
        var hosts = Credential is null ? []
            : source is null ? CredentialHosts.Registered(market) : CredentialHosts.Of(source, AllowHttp, market);
        var request = new MarketplaceSetRequest
        {
            Name = name,
            Ref = BoundRef(),
            Sha = Sha,
            Source = source,
            AutoUpdate = BoundAutoUpdate(),
            Git = GitAccess.Options(Credential, hosts, AllowHttp, GitEngine, timeoutSec: TimeoutSec),
        };
        var registry = new MarketplaceRegistry(market);
        registry.DemandSettable(request);
        if (!Approve(DisplayText.Escape(name), "Set marketplace" + Action))
        {
            return;
        }

        var marketplace = Run(token => registry.SetAsync(request, token));
        if (PassThru)
        {
            WriteObject(marketplace);
        }
    }

    private bool? BoundAutoUpdate() => MyInvocation.BoundParameters.ContainsKey(nameof(AutoUpdate)) ? AutoUpdate : null;

    private string? BoundRef() => MyInvocation.BoundParameters.ContainsKey(nameof(Ref)) ? Ref ?? "" : null;
}
