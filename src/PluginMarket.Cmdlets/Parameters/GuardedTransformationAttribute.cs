using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>A transformation whose own faults reach the user as such, and not as the bare exception of a library.</summary>
internal abstract class GuardedTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return Read(inputData);
        }
        catch (Exception exception) when (Unexpected.Is(exception))
        {
            return Carry(Unexpected.Failure(exception));
        }
    }

    /// <summary>Makes the parameter's value of what was given.</summary>
    private protected abstract object Read(object? argument);

    /// <summary>Hands a fault on: to the command where the value can carry it, else to PowerShell.</summary>
    private protected virtual object Carry(PluginMarketException failure) =>
        throw new ArgumentTransformationMetadataException(failure.Message, failure);
}
