using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>What to compare, and with what.</summary>
internal sealed record DriftRequest
{
    public IReadOnlyList<DriftReference> References { get; init; } = [];

    /// <summary>The computers that have to report; empty where nobody knows which.</summary>
    public IReadOnlyList<string> ExpectedComputers { get; init; } = [];

    /// <summary>How old a report may be; null for any age.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>Kinds that count; empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Whether homes in order are named too.</summary>
    public bool IncludeInSync { get; init; }
}

/// <summary>Compares homes with references, one home at a time, so that a fleet of any size fits in memory.</summary>
internal sealed class DriftQuery(MarketEnvironment environment, DriftRequest request)
{
    private static readonly TimeSpan ClockError = TimeSpan.FromDays(1);

    private readonly Dictionary<string, bool> _reported = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, int> _byKind = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _byPlugin = new(StringComparer.Ordinal);
    private int _homes;
    private int _inSync;
    private int _drifted;
    private int _unknown;

    /// <summary>Whether there was a home to compare, or a computer to expect.</summary>
    internal bool HasSubject => _homes > 0 || request.ExpectedComputers.Count > 0;

    /// <summary>The failure of a comparison of nothing, which says nothing of anything.</summary>
    internal static PluginMarketException NothingToCompare() => new(MarketErrorCode.NothingToCheck,
        $"There is no home to compare. {Remedy.Use(OperationOption.AllowEmpty, $"accept that")}");

    /// <summary>The drift of one home.</summary>
    internal IReadOnlyList<PluginDrift> Compare(ReportedHome home) => Count(home, Judge(home));

    /// <summary>The drift of one home, not counted; for callers that compare many side by side.</summary>
    internal IReadOnlyList<PluginDrift> Judge(ReportedHome home)
    {
        if (home.Inventory is not { } inventory)
        {
            return [.. Chosen([new Difference(DriftKind.BrokenReport, home.Name, "a whole report", $"{home.Broken}")], home, null)];
        }

        var machine = OfReport(inventory).ToList();
        if (inventory.Problem is not null)
        {
            return [.. Chosen(machine, home, null)];
        }

        var drifts = Chosen(machine, home, null).ToList();
        foreach (var reference in request.References)
        {
            drifts.AddRange(Chosen(reference.Compare(inventory), home, reference.Name));
        }

        // What two references say alike is said once.
        return [.. drifts.DistinctBy(drift => (drift.Subject, drift.Kind, drift.Expected, drift.Actual))];
    }

    /// <summary>Counts what was found of a home, and adds that it is in order where that is wanted.</summary>
    internal IReadOnlyList<PluginDrift> Count(ReportedHome home, IReadOnlyList<PluginDrift> drifts)
    {
        _homes++;
        _reported[home.Name] = true;
        var isUnknown = drifts.Any(drift => DriftSeverity.IsUnknown(drift.KindOf));
        if (drifts.Any(drift => !DriftSeverity.IsUnknown(drift.KindOf) && IsOutOfSync(drift)))
        {
            _drifted++;
        }
        else if (isUnknown)
        {
            _unknown++;
        }
        else
        {
            _inSync++;
        }

        foreach (var drift in drifts)
        {
            Tally(drift);
        }

        return drifts.Count > 0 || !request.IncludeInSync || (request.Kinds.Count > 0 && !request.Kinds.Contains("InSync"))
            ? drifts : [Of(new Difference(DriftKind.InSync, home.Name), home, string.Join(", ", request.References.Select(of => of.Name)))];
    }

    /// <summary>The computers that were expected and did not report.</summary>
    internal IReadOnlyList<PluginDrift> Absent() =>
        [.. request.ExpectedComputers.Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !_reported.ContainsKey(name))
            .SelectMany(name =>
            {
                _unknown++;
                var drifts = Chosen([new Difference(DriftKind.NoReport, name, "a report", "(none)")], new ReportedHome(null, name), null)
                    .ToList();
                drifts.ForEach(Tally);
                return drifts;
            })];

    /// <summary>The numbers, once every home was compared and the absent ones were asked for.</summary>
    internal PluginFleetSummary Summarize() => new()
    {
        Expected = Math.Max(_homes, _inSync + _drifted + _unknown),
        Reporting = _homes,
        InSync = _inSync,
        Drifted = _drifted,
        Unknown = _unknown,
        ByKind = _byKind,
        ByPlugin = _byPlugin,
    };

    /// <summary>Whether a drift keeps its home from being in order; information does not.</summary>
    internal static bool IsOutOfSync(PluginDrift drift) => drift.Severity != "Information";

    /// <summary>Whether a drift is as grave as the caller rejects; that nobody knows counts as an error.</summary>
    internal static bool Fails(PluginDrift drift, string failOn) =>
        drift.KindOf != DriftKind.InSync
        && (DriftSeverity.IsUnknown(drift.KindOf) || DriftSeverity.Rank(drift.Severity) <= DriftSeverity.Rank(failOn));

    private IEnumerable<Difference> OfReport(PluginInventory inventory)
    {
        if (inventory.Problem is { } problem)
        {
            yield return new Difference(DriftKind.HomeUnreadable, inventory.CodexHome, "readable", problem);
        }

        var now = environment.Time.GetUtcNow();
        if (request.MaximumAge is { } age && (now - inventory.CollectedOn > age || inventory.CollectedOn - now > ClockError))
        {
            // A report of tomorrow would never grow too old.
            yield return new Difference(DriftKind.StaleReport, inventory.ComputerName, $"at most {age:c} old",
                Stamp(inventory.CollectedOn));
        }

        if (inventory.ChannelExpires is { } end && end < now)
        {
            yield return new Difference(DriftKind.ChannelExpired, inventory.ComputerName, "a channel that has not ended",
                $"{inventory.ChannelId}, which ended on {Stamp(end)}");
        }
    }

    private static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<PluginDrift> Chosen(IEnumerable<Difference> differences, ReportedHome home, string? reference) =>
        differences.Where(difference => request.Kinds.Count == 0
                || request.Kinds.Contains(difference.Kind.ToString(), StringComparer.OrdinalIgnoreCase))
            .Select(difference => Of(difference, home, reference));

    private static PluginDrift Of(Difference difference, ReportedHome home, string? reference) => new()
    {
        ComputerName = home.Name,
        UserName = home.Inventory?.UserName,
        CodexHome = home.Inventory?.CodexHome,
        Subject = difference.Subject,
        Kind = difference.Kind.ToString(),
        Severity = DriftSeverity.Of(difference.Kind),
        Expected = difference.Expected is { } expected ? DisplayText.Escape(expected) : null,
        Actual = difference.Actual is { } actual ? DisplayText.Escape(actual) : null,
        Advice = DriftRemedy.Of(difference),
        Reference = reference,
        CollectedOn = home.Inventory?.CollectedOn,
    };

    private void Tally(PluginDrift drift)
    {
        _byKind[drift.Kind] = _byKind.GetValueOrDefault(drift.Kind) + 1;
        if (drift.Subject.Contains('@', StringComparison.Ordinal))
        {
            _byPlugin[drift.Subject] = _byPlugin.GetValueOrDefault(drift.Subject) + 1;
        }
    }
}
