using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;

namespace PluginMarket.Cmdlets;

/// <content>What cmdlets share that change plugins: what was given, and what becomes of it.</content>
public abstract partial class MarketCmdlet
{
    /// <summary>The references of what was given, with the home each belongs to and the lock file's entry of those that are
    /// one; what is none is reported.</summary>
    private protected IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> PluginsOf(
        PluginInput[] given)
    {
        foreach (var input in given)
        {
            if (ParameterSetName == ByInputObject && PipelineObject.IsBlankLine(input.Source))
            {
                continue;
            }

            if (input.Reference is not { } reference)
            {
                var code = ParameterSetName == ByInputObject ? MarketErrorCode.InputNotAPlugin : MarketErrorCode.NameInvalid;
                Report(input.Failure(code), input.Source);
                continue;
            }

            MarketEnvironment? market = null;
            Attempt(reference.Id, () => market = HomeOf(reference.Id, reference.CodexHome, reference.ComputerName));
            if (market is not null)
            {
                yield return (reference, input.Locked, market);
            }
        }
    }

    /// <summary>Emits what a change under -WhatIf would give, of a type that has no status of its own.</summary>
    private protected void WritePreview(object what)
    {
        var shown = new PSObject(what);
        shown.Properties.Add(new PSNoteProperty("Status", "WhatIf"));
        WriteObject(shown);
    }

    /// <summary>Emits a result, and its failure as an error.</summary>
    private protected void Emit(PluginOperationResult result, bool write = true)
    {
        if (write)
        {
            WriteObject(result);
        }

        if (result.GetFailure() is { } failure)
        {
            Report(failure, result.Id);
        }
    }
}
