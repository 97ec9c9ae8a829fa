using System.Management.Automation;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginPolicy</c>: the layers of policy that have a say here, or their rules.</summary>
[Cmdlet(VerbsCommon.Get, "PluginPolicy", DefaultParameterSetName = "Layer",
    HelpUri = OnlineHelp.Pages + "Get-PluginPolicy.md")]
[OutputType(typeof(PluginPolicy), ParameterSetName = ["Layer"])]
[OutputType(typeof(PluginPolicyRule), ParameterSetName = ["Rule"])]
public sealed class GetPluginPolicyCommand : MarketCmdlet
{
    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Gives the rules instead of the layers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Rule")]
    public SwitchParameter Rule { get; set; }

    /// <summary>Ids of rules, wildcards allowed; all by default.</summary>
    [Parameter(ParameterSetName = "Rule")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override void Process()
    {
        var layers = Run(_ => Task.FromResult(new PolicyTester(Market).Layers));
        if (!Rule)
        {
            WriteObject(layers.Select(layer => DescribePolicy.Of(layer, Market.Time.GetUtcNow())), enumerateCollection: true);
            return;
        }

        var patterns = NamePattern.ReadAll(Id);
        WriteObject(layers.SelectMany(DescribePolicy.RulesOf).Where(rule => NamePattern.MatchesAny(patterns, rule.Id)),
            enumerateCollection: true);

        // The rules of a file that cannot be read are not known.
        Report(layers.Select(layer => layer.Problem).OfType<PluginMarketException>());
    }
}
