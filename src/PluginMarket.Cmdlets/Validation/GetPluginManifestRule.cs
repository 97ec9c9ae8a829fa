using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Validation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginManifestRule</c>: the rules of the checks.</summary>
[Cmdlet(VerbsCommon.Get, "PluginManifestRule",
    HelpUri = OnlineHelp.Pages + "Get-PluginManifestRule.md")]
[OutputType(typeof(ManifestRule))]
public sealed class GetPluginManifestRuleCommand : PSCmdlet
{
    /// <summary>Ids, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(RuleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Id { get; set; } = [];

    /// <summary>Severities; all by default.</summary>
    [Parameter]
    public Severity[] Severity { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Write();
        }
        catch (Exception exception) when (Unexpected.Is(exception))
        {
            WriteError(ErrorRecords.From(Unexpected.Failure(exception)));
        }
    }

    private void Write()
    {
        foreach (var unknown in Id.Where(id => RuleSet.Find([id]).Count == 0 && !WildcardPattern.ContainsWildcardCharacters(id)))
        {
            WriteError(ErrorRecords.From(RuleSet.NotFound(unknown)));
        }

        var wanted = Severity.Select(severity => severity.ToString()).ToList();
        WriteObject(RuleSet.Find(Id).Where(rule => wanted.Count == 0 || wanted.Contains(rule.Severity, StringComparer.Ordinal)),
            enumerateCollection: true);
    }
}
