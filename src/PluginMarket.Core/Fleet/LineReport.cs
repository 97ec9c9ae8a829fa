using PluginMarket.Validation.Reports;

namespace PluginMarket.Fleet;

/// <summary>One line for engines that show one line: ASCII, the gravest first, never more than 2,000 characters.</summary>
internal static class LineReport
{
    /// <summary>The line of applying a state, or of planning it.</summary>
    /// <param name="state">The state, as <c>id@revision</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="isCheck">Whether nothing was done.</param>
    internal static string OfSync(string state, IReadOnlyList<PluginSyncItem> items, bool isCheck)
    {
        var changes = items.Where(item => item.IsChange).ToList();
        var failures = items.Where(item => item.Error is not null).ToList();
        var skipped = items.Count(item => item.Status == "Skipped");
        var word = failures.Count > 0 ? failures.TrueForAll(item => IsRefusal(item.Error)) ? "REFUSED" : "FAILED"
            : changes.Count == 0 ? "OK" : isCheck ? "DRIFT" : "CHANGED";
        var code = failures.Count > 0 ? $" code={failures[0].Error}" : "";
        return LineText.Join($"{word}{code} {state} plugins={items.Where(IsPlugin).DistinctBy(item => item.Id).Count()} "
                + $"changed={(isCheck ? 0 : changes.Count)} drift={(isCheck ? changes.Count : 0)} unknown=0"
                + (skipped > 0 ? $" skipped={skipped}" : "") + (failures.Count > 0 ? $" failed={failures.Count}" : ""),
            failures.Select(item => $"{item.Error}:{item.Id}").Concat(changes.Select(item => $"{item.Planned}:{item.Id}")));
    }

    /// <summary>The line of a comparison.</summary>
    /// <param name="reference">What was compared with.</param>
    /// <param name="drifts">What was found.</param>
    /// <param name="summary">The numbers.</param>
    /// <param name="plugins">How many plugins were checked.</param>
    internal static string OfDrift(string reference, IReadOnlyList<PluginDrift> drifts, PluginFleetSummary summary, int plugins)
    {
        var unknown = drifts.Count(drift => DriftSeverity.IsUnknown(drift.KindOf));
        var found = drifts.Where(drift => drift.KindOf != DriftKind.InSync).ToList();
        var isInSync = !found.Exists(DriftQuery.IsOutOfSync);
        var many = summary.Expected > 1;
        return LineText.Join($"{(isInSync ? "OK" : "DRIFT")} {reference} plugins={plugins} changed=0 drift={found.Count - unknown} "
                + $"unknown={unknown}" + (many ? $" homes={summary.InSync}/{summary.Expected}" : ""),
            found.OrderBy(drift => DriftSeverity.Rank(drift.Severity))
                .Select(drift => $"{drift.Kind}:{(many ? $"{drift.ComputerName}/" : "")}{drift.Subject}"));
    }

    /// <summary>The line of a command that failed.</summary>
    internal static string OfFailure(PluginMarketException failure) => LineText.Join(
        $"{(IsRefusal(failure.Code.ToString()) ? "REFUSED" : "FAILED")} code={failure.Code}"
            + (failure.File is { } file ? $" file={file}" + (failure.Line is { } line ? $":{line}:{failure.Column}" : "") : ""),
        failure.Target is { } target && target != failure.File ? [target] : []);

    private static bool IsPlugin(PluginSyncItem item) => item.Id.Contains('@', StringComparison.Ordinal);

    private static bool IsRefusal(string? code) => code is nameof(MarketErrorCode.PolicyDenied) or nameof(MarketErrorCode.PolicyUnreadable);
}
