using System.Management.Automation;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginSecurityContext</c>: approval policy, sandbox, hooks and their trust, each with the layer
/// it comes from; writes nothing.</summary>
[Cmdlet(VerbsCommon.Get, "PluginSecurityContext",
    HelpUri = OnlineHelp.Pages + "Get-PluginSecurityContext.md")]
[OutputType(typeof(PluginSecurityContext))]
public sealed class GetPluginSecurityContextCommand : MarketCmdlet
{
    private protected override void Process() => WriteObject(Run(token => Task.FromResult(new SecurityContextQuery(Market).Read(token))));
}
