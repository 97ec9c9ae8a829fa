using System.Management.Automation;
using System.Runtime.CompilerServices;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>What <c>-FailOn</c> asks for: the pipeline fails, but after its results are out. Where the results go into a report,
/// they are out when the report is.</summary>
/// <remarks>An error in the end block of a command keeps the commands after it from theirs, in which a report is written; so the
/// report takes the failure over.</remarks>
internal sealed class PendingFailure
{
    private static readonly ConditionalWeakTable<ValidationResult, PendingFailure> OfResults = [];

    private int _failing;
    private bool _takenOver;
    private bool _over;

    /// <summary>Notes a result that is about to leave a check.</summary>
    /// <param name="result">The result.</param>
    /// <param name="failing">How many of its findings are grave enough.</param>
    public void Add(ValidationResult result, int failing)
    {
        if (failing > 0)
        {
            _failing += failing;
            OfResults.Add(result, this);
        }
    }

    /// <summary>Takes over the failure of the check a result has just come from, if that check is to
    /// fail the pipeline and is not over.</summary>
    public static PendingFailure? TakeOver(ValidationResult result)
    {
        if (!OfResults.TryGetValue(result, out var failure) || failure._over)
        {
            return null;
        }

        failure._takenOver = true;
        return failure;
    }

    /// <summary>Ends a check.</summary>
    /// <returns>How many findings it has to fail for itself.</returns>
    public int End()
    {
        _over = true;
        return _takenOver ? 0 : _failing;
    }

    /// <summary>The error.</summary>
    public ErrorRecord ToRecord() => ErrorRecords.From(new PluginMarketException(MarketErrorCode.ValidationFailed,
        $"The check found {_failing} {(_failing == 1 ? "finding" : "findings")} that -FailOn rejects. "
            + $"{Remedy.Do($"Fix what the results before this error name, or accept it in the baseline of a settings file.")}"));
}
