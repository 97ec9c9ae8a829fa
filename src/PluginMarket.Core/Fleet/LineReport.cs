using System.Text;

namespace PluginMarket.Fleet;

/// <summary>One line for engines that show one line: ASCII, the gravest first, never more than 2,000 characters.</summary>
internal static class LineReport
{
    internal const int Longest = 2000;

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
        return Join($"{word}{code} {state} plugins={items.Where(IsPlugin).DistinctBy(item => item.Id).Count()} "
                + $"changed={(isCheck ? 0 : changes.Count)} drift={(isCheck ? changes.Count : 0)} unknown=0"
                + (skipped > 0 ? $" skipped={skipped}" : "") + (failures.Count > 0 ? $" failed={failures.Count}" : ""),
            failures.Select(item => $"{item.Error}:{item.Id}").Concat(changes.Select(item => $"{item.Planned}:{item.Id}")));
    }

    /// <summary>The line of a comparison.</summary>
    /// <param name="reference">What was compared with.</param>
    /// <param name="drifts">What was found.</param>
    /// <param name="summary">The numbers.</param>
    /// <param name="plugins">How many plugins were looked at.</param>
    internal static string OfDrift(string reference, IReadOnlyList<PluginDrift> drifts, PluginFleetSummary summary, int plugins)
    {
        var unknown = drifts.Count(drift => DriftSeverity.IsUnknown(drift.KindOf));
        var found = drifts.Where(drift => drift.KindOf != DriftKind.InSync).ToList();
        var isInSync = !found.Exists(DriftQuery.IsOutOfSync);
        var many = summary.Expected > 1;
        return Join($"{(isInSync ? "OK" : "DRIFT")} {reference} plugins={plugins} changed=0 drift={found.Count - unknown} unknown={unknown}"
                + (many ? $" homes={summary.InSync}/{summary.Expected}" : ""),
            found.OrderBy(drift => DriftSeverity.Rank(drift.Severity))
                .Select(drift => $"{drift.Kind}:{(many ? $"{drift.ComputerName}/" : "")}{drift.Subject}"));
    }

    /// <summary>The line of a command that failed.</summary>
    internal static string OfFailure(PluginMarketException failure) => Join(
        $"{(IsRefusal(failure.Code.ToString()) ? "REFUSED" : "FAILED")} code={failure.Code}"
            + (failure.File is { } file ? $" file={file}" + (failure.Line is { } line ? $":{line}:{failure.Column}" : "") : ""),
        failure.Target is { } target && target != failure.File ? [target] : []);

    private static bool IsPlugin(PluginSyncItem item) => item.Id.Contains('@', StringComparison.Ordinal);

    private static bool IsRefusal(string? code) => code is nameof(MarketErrorCode.PolicyDenied) or nameof(MarketErrorCode.PolicyUnreadable);

    // What does not fit is counted, so that nobody takes the line for all of it.
    private static string Join(string head, IEnumerable<string> parts)
    {
        var line = new StringBuilder(Ascii(head));
        var all = parts.Select(Ascii).ToList();
        if (line.Length > Longest / 2)
        {
            line.Length = Longest / 2;
        }

        for (var i = 0; i < all.Count; i++)
        {
            var rest = $" +{all.Count - i}";
            if (line.Length + 1 + all[i].Length + (i == all.Count - 1 ? 0 : rest.Length) > Longest)
            {
                return line.Append(rest).ToString();
            }

            line.Append(' ').Append(all[i]);
        }

        return line.ToString();
    }

    private static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
