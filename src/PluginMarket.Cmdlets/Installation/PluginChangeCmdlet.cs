using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that change plugins: one pipeline parameter that takes whatever names a plugin.</summary>
public abstract class PluginChangeCmdlet : ChangeCmdlet
{
    /// <summary>The parameter set of names typed as arguments.</summary>
    private protected const string ByName = "Name";

    /// <summary>The parameter set of what comes through the pipeline.</summary>
    private protected const string ByInputObject = "InputObject";

    /// <summary>The plugins: what Find-Plugin or Get-InstalledPlugin gives, objects with Name and Marketplace or with Id, or texts <c>plugin@marketplace</c>, of which blank ones and those behind <c>#</c> are passed over.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    /// <summary>The references of <see cref="InputObject"/> with the home each belongs to; what is none is reported.</summary>
    private protected IEnumerable<(PluginReference Reference, MarketEnvironment Market)> Inputs() => AllInputs().Select(input => (input.Reference, input.Market));

    /// <summary>The same with the lock file's entry of those that are one.</summary>
    private protected IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> AllInputs()
    {
        foreach (var input in InputObject)
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
