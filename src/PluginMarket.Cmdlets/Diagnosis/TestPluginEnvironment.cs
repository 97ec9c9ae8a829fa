using System.Collections;
using System.Management.Automation;
using PluginMarket.Diagnosis;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginEnvironment</c>: what commands rely on, each with what to do where it is not in order.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginEnvironment",
    HelpUri = OnlineHelp.Pages + "Test-PluginEnvironment.md")]
[OutputType(typeof(EnvironmentCheck))]
public sealed class TestPluginEnvironmentCommand : MarketCmdlet
{
    /// <summary>Asks the servers of git marketplaces too, each for at most 15 seconds; nothing is fetched.</summary>
    [Parameter]
    public SwitchParameter TestConnection { get; set; }

    private protected override void Process()
    {
        var host = $"PowerShell {((Hashtable)GetVariableValue("PSVersionTable"))["PSVersion"]}";
        foreach (var check in Run(token => new EnvironmentDiagnosis(Market).RunAsync(TestConnection, host, token)))
        {
            WriteObject(check);
        }
    }
}
