using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <content>The homes that are compared, and what leaves the cmdlet.</content>
public sealed partial class GetPluginDriftCommand
{
    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case ByInputObject:
                foreach (var input in InputObject)
                {
                    Attempt(input, () => Take(input));
                }

                break;
            case "InventoryPath":
                foreach (var path in InventoryPath)
                {
                    Attempt(path, () => Stream(path));
                }

                break;
            default:
                var inventory = Run(token => Task.FromResult(new CollectInventory(Market).Collect(token)));
                Emit(_query!.Compare(new ReportedHome(inventory)));
                break;
        }
    }

    // All homes are one comparison, with one summary.
    private protected override bool ProcessHome(PluginHome home)
    {
        BeginOwn();
        Emit(_query!.Compare(new ReportedHome(Run(token => Task.FromResult(new CollectInventory(Open(home)).Collect(token))))));
        return true;
    }

    private protected override void End()
    {
        if (_query is not { } query)
        {
            return;
        }

        foreach (var inventory in _piped.Joined())
        {
            Emit(query.Compare(new ReportedHome(inventory)));
        }

        Emit(query.Absent());
        var isEmpty = !query.HasSubject && FailureCount == 0 && !AllowEmpty;
        if (Summary)
        {
            WriteObject(query.Summarize());
        }
        else if (Quiet)
        {
            // What could not be read is not in order.
            WriteObject(!_isOutOfSync && !isEmpty && FailureCount == 0);
        }

        if (isEmpty)
        {
            Report(DriftQuery.NothingToCompare());
        }

        if (_failing > 0)
        {
            ThrowTerminatingError(ErrorRecords.From(new PluginMarketException(MarketErrorCode.DriftFound,
                $"The comparison found {_failing} {(_failing == 1 ? "difference" : "differences")} that -FailOn rejects. "
                    + $"{Remedy.Do($"Fix what the objects before this error name.")}")));
        }
    }

    private void Take(PSObject input)
    {
        if (_piped.Take(input) is { } inventory)
        {
            Emit(_query!.Compare(new ReportedHome(inventory)));
        }
    }

    private void Stream(string path)
    {
        foreach (var batch in InventoryInput.Files(this, Market, path).Chunk(256))
        {
            var judged = Run(token => Task.FromResult(SideBySide.Select(batch, file =>
            {
                var home = ReportFile.Read(Market, file);
                return (home, Drifts: _query!.Judge(home));
            }, token)));
            foreach (var (home, drifts) in judged)
            {
                Emit(_query!.Count(home, drifts));
            }
        }
    }

    private void Emit(IReadOnlyList<PluginDrift> drifts)
    {
        foreach (var drift in drifts)
        {
            _isOutOfSync |= DriftQuery.IsOutOfSync(drift);
            _failing += FailOn is not null && DriftQuery.Fails(drift, FailOn) ? 1 : 0;
            if (!Summary && !Quiet)
            {
                WriteObject(drift);
            }
        }
    }
}
