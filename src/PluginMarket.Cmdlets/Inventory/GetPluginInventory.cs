using System.Management.Automation;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginInventory</c>: what a home has, every plugin compared with its record.</summary>
[Cmdlet(VerbsCommon.Get, "PluginInventory",
    HelpUri = OnlineHelp.Pages + "Get-PluginInventory.md")]
[OutputType(typeof(PluginInventory))]
public sealed class GetPluginInventoryCommand : MarketCmdlet
{
    private protected override void Process() => WriteObject(Run(token => Task.FromResult(new CollectInventory(Market).Collect(token))));
}
