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
    [ArgumentCompleter(typeof(MarketplaceRefCompleter))]
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

    /// <summary>Emits the marketplaces.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private string Action => (Source is null ? "" : $" source={DisplayText.Escape(Source)}")
        + (Ref is null ? "" : $" ref={DisplayText.Escape(Ref)}") + (Sha is null ? "" : $" sha={DisplayText.Escape(Sha)}")
        + (BoundAutoUpdate() is { } value ? $" auto_update={(value ? "true" : "false")}" : "");

    private protected override void Process()
    {
        foreach (var (name, market) in ParameterSetName == ByName ? Name.Select(name => (name, Market)) : MarketplacesOf(InputObject))
        {
            Attempt(name, () => Set(name, market));
        }
    }

    private void Set(string name, MarketEnvironment market)
    {
        var source = Source is null ? null : PathInput.ResolveDrive(this, Source);
        var request = new MarketplaceSetRequest
        {
            Name = name,
            Ref = BoundRef(),
            Sha = Sha,
            Source = source,
            AutoUpdate = BoundAutoUpdate(),
            Git = GitOptionsFor(() => source is null ? CredentialHosts.Registered(market) : CredentialHosts.Of(source, AllowHttp, market)),
        };
        var registry = new MarketplaceRegistry(market);
        registry.DemandSettable(request);
        if (!Approve(DisplayText.Escape(name), "Set marketplace" + Action))
        {
            if (IsWhatIf)
            {
                WriteObject(registry.PreviewSet(request));
            }

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
