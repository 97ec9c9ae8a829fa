using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>One home of a comparison: its inventory, or why there is none.</summary>
/// <param name="Inventory">What it reported; null where its report cannot be trusted.</param>
/// <param name="Name">The computer, or the file of the report.</param>
/// <param name="Broken">Why the report cannot be trusted, or null.</param>
internal sealed record ReportedHome(PluginInventory? Inventory, string Name, Message? Broken = null);

/// <summary>Reports that lie in files.</summary>
internal static class ReportFile
{
    /// <summary>Reads one; a report that cannot be trusted is one too.</summary>
    internal static ReportedHome Read(MarketEnvironment environment, string path)
    {
        try
        {
            var inventory = InventoryFile.Read(environment, path);
            return new ReportedHome(inventory, inventory.ComputerName);
        }
        catch (PluginMarketException problem)
        {
            // The name of the file is all that is left to tell whose report it is.
            var name = Path.GetFileName(path);
            return new ReportedHome(null, name.Split('.')[0], $"{name}: {problem.Statement}");
        }
    }
}

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
    private readonly Dictionary<string, bool> _reported = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, int> _byKind = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _byPlugin = new(StringComparer.Ordinal);
    private int _homes;
    private int _inSync;
    private int _drifted;
    private int _unknown;

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
        _reported[home.Inventory?.ComputerName ?? home.Name] = true;
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

        if (request.MaximumAge is { } age && environment.Time.GetUtcNow() - inventory.CollectedOn > age)
        {
            yield return new Difference(DriftKind.StaleReport, inventory.ComputerName, $"at most {age:c} old",
                inventory.CollectedOn.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private IEnumerable<PluginDrift> Chosen(IEnumerable<Difference> differences, ReportedHome home, string? reference) =>
        differences.Where(difference => request.Kinds.Count == 0
                || request.Kinds.Contains(difference.Kind.ToString(), StringComparer.OrdinalIgnoreCase))
            .Select(difference => Of(difference, home, reference));

    private static PluginDrift Of(Difference difference, ReportedHome home, string? reference) => new()
    {
        ComputerName = home.Inventory?.ComputerName ?? home.Name,
        UserName = home.Inventory?.UserName,
        CodexHome = home.Inventory?.CodexHome,
        Subject = difference.Kind == DriftKind.InSync ? home.Inventory?.ComputerName ?? home.Name : difference.Subject,
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

/// <summary>What helps against each kind of drift.</summary>
internal static class DriftRemedy
{
    internal static Remedy? Of(Difference difference) => difference.Kind switch
    {
        DriftKind.Missing or DriftKind.Version or DriftKind.Commit or DriftKind.Content or DriftKind.Capability
            or DriftKind.StateOutdated or DriftKind.MarketplaceMissing or DriftKind.MarketplaceSource or DriftKind.MarketplaceRef =>
            Remedy.Run(Operation.Sync, $"apply the desired state"),
        DriftKind.Modified => Remedy.Run(Operation.RepairPlugin.On(difference.Subject), $"restore the recorded bytes"),
        DriftKind.Unverified => Remedy.Run(Operation.InstallPlugin.On(difference.Subject).With(OperationOption.Reinstall), $"record it"),
        DriftKind.Unexpected => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        DriftKind.Disabled => Remedy.Run(Operation.EnablePlugin.On(difference.Subject), $"turn it on"),
        DriftKind.Enabled => Remedy.Run(Operation.Sync, $"turn it off"),
        DriftKind.Hold => Remedy.Run(Operation.Sync, $"set the hold"),
        DriftKind.MarketplaceUnreadable => Remedy.Run(Operation.UpdateMarketplace.On(difference.Subject), $"fetch it"),
        DriftKind.MarketplaceUnexpected => Remedy.Run(Operation.RemoveMarketplace.On(difference.Subject), $"remove it"),
        DriftKind.NoReport => Remedy.Do($"Check that the machine runs, and that it can deliver its report."),
        DriftKind.StaleReport or DriftKind.BrokenReport => Remedy.Do($"Run the inventory on that machine again."),
        DriftKind.HomeUnreadable => Remedy.Run(Operation.CheckEnvironment, $"find out why on that machine"),
        DriftKind.PolicyViolation => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        DriftKind.Refreshable => Remedy.Run(Operation.SetMarketplace.With(OperationOption.Sha), $"pin its marketplace"),
        DriftKind.Duplicate => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        _ => null,
    };
}
