using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Set-PluginMarketplace</c>: changes the ref, commit or source of registered marketplaces.</summary>
[Cmdlet(VerbsCommon.Set, "PluginMarketplace", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
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
    public string? Ref { get; set; }

    /// <summary>The full commit to stay at.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Sha { get; set; }

    /// <summary>The new source, in the forms that Add-PluginMarketplace takes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>Accepts plain http.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>A user name and token for the source's host, given to git through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>What reaches git repositories: the git command, libgit2, or by default what PLUGINMARKET_GIT_ENGINE says, else the command where it is installed.</summary>
    [Parameter]
    public GitEngine GitEngine { get; set; }

    /// <summary>Emits the marketplaces.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private string Action => (Source is null ? "" : $" source={DisplayText.Escape(Source)}") + (Ref is null ? "" : $" ref={DisplayText.Escape(Ref)}") + (Sha is null ? "" : $" sha={DisplayText.Escape(Sha)}");

    private protected override void Process()
    {
        foreach (var (name, market) in ParameterSetName == ByName ? Name.Select(name => (name, Market)) : Inputs())
        {
            Attempt(name, () => Set(name, market));
        }
    }

    private void Set(string name, MarketEnvironment market)
    {
        if (!Approve(DisplayText.Escape(name), "Set marketplace" + Action))
        {
            return;
        }

        var hosts = Credential is null ? [] : Source is null ? GitAccess.RegisteredHosts(market) : GitAccess.HostOf(Source, AllowHttp, market);
        var request = new MarketplaceSetRequest { Name = name, Ref = BoundRef(), Sha = Sha, Source = Source, Git = GitAccess.Options(Credential, hosts, AllowHttp, GitEngine) };
        var marketplace = Run(token => new MarketplaceRegistry(market).SetAsync(request, token));
        if (PassThru)
        {
            WriteObject(marketplace);
        }
    }

    private string? BoundRef() => MyInvocation.BoundParameters.ContainsKey(nameof(Ref)) ? Ref ?? "" : null;
}
