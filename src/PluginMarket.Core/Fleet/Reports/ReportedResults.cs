using PluginMarket.Messages;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Fleet.Reports;

/// <summary>What each kind of result comes to in a report. What nobody could tell is never told as in order.</summary>
internal static class ReportedResults
{
    /// <summary>One difference, or that there is none.</summary>
    internal static ReportedItem Of(PluginDrift drift, Face face = Face.PowerShell) => new()
    {
        Kind = "Drift",
        ComputerName = drift.ComputerName,
        Place = drift.CodexHome is { } home ? $"{home} {drift.UserName}".TrimEnd() : drift.ComputerName,
        Subject = drift.Subject,
        Finding = drift.Kind,
        Outcome = DriftSeverity.IsUnknown(drift.KindOf) ? ReportOutcome.Unknown
            : drift.KindOf == DriftKind.InSync ? ReportOutcome.Passed
            : DriftQuery.IsOutOfSync(drift) ? ReportOutcome.Failed : ReportOutcome.Noted,
        Severity = drift.Severity,
        Detail = drift.KindOf == DriftKind.InSync ? "" : $"Expected {drift.Expected ?? "nothing"}, found {drift.Actual ?? "nothing"}.",
        Remedy = drift.GetRemedy()?.In(face),
        Fields =
        [
            new("ComputerName", drift.ComputerName), new("UserName", drift.UserName), new("CodexHome", drift.CodexHome),
            new("Subject", drift.Subject), new("Kind", drift.Kind), new("Severity", drift.Severity), new("Expected", drift.Expected),
            new("Actual", drift.Actual), new("Remedy", drift.GetRemedy()?.In(face)), new("Reference", drift.Reference),
            new("CollectedOn", drift.CollectedOn),
        ],
    };

    /// <summary>The plugins of a home; one without a plugin is a result too.</summary>
    internal static IEnumerable<ReportedItem> Of(PluginInventory inventory)
    {
        ReportField[] owner =
        [
            new("ComputerName", inventory.ComputerName), new("UserName", inventory.UserName), new("CodexHome", inventory.CodexHome),
            new("Os", inventory.Os), new("ToolVersion", inventory.ToolVersion), new("CodexVersion", inventory.CodexVersion),
            new("StateId", inventory.StateId), new("StateRevision", inventory.StateRevision), new("StateResult", inventory.StateResult),
            new("Problem", inventory.Problem), new("CollectedOn", inventory.CollectedOn),
        ];
        var home = new ReportedItem
        {
            Kind = "Inventory",
            ComputerName = inventory.ComputerName,
            Place = $"{inventory.CodexHome} {inventory.UserName}".TrimEnd(),
            Subject = inventory.CodexHome,
            Finding = inventory.Problem ?? "NoPlugins",
            Outcome = inventory.Problem is null ? ReportOutcome.Passed : ReportOutcome.Unknown,
            Severity = inventory.Problem is null ? "Information" : "Error",
            Detail = inventory.Problem is null ? "" : $"The home could not be read: {inventory.Problem}.",
            Owner = owner,
        };
        return inventory.Problem is not null || inventory.Plugins.Length == 0 ? [home]
            : inventory.Plugins.Select(plugin => Of(plugin, home));
    }

    /// <summary>A comparison of a plugin with its record or a lock file.</summary>
    internal static ReportedItem Of(IntegrityResult result)
    {
        string[] others =
        [
            .. (result.Modified ?? []).Select(file => $"modified {file}"), .. (result.Missing ?? []).Select(file => $"missing {file}"),
            .. (result.Unexpected ?? []).Select(file => $"unexpected {file}"),
        ];
        return new()
        {
            Kind = "Integrity",
            ComputerName = result.ComputerName,
            Place = $"{result.CodexHome} {result.UserName}".TrimEnd(),
            Subject = result.Id,
            Finding = result.State,
            Outcome = result.State switch
            {
                "Intact" => ReportOutcome.Passed,
                "NotRecorded" => ReportOutcome.Unknown,
                _ => ReportOutcome.Failed,
            },
            Severity = result.IsIntact ? "Information" : "Error",
            Detail = string.Join(" ", new[] { result.Reason, others.Length == 0 ? null : string.Join("; ", others) }.OfType<string>()),
            Fields =
            [
                new("ComputerName", result.ComputerName), new("UserName", result.UserName), new("CodexHome", result.CodexHome),
                new("Id", result.Id), new("Version", result.Version), new("State", result.State), new("IsIntact", result.IsIntact),
                new("Modified", result.Modified), new("Missing", result.Missing), new("Unexpected", result.Unexpected),
                new("Reason", result.Reason), new("TreeHash", result.TreeHash), new("ExpectedTreeHash", result.ExpectedTreeHash),
                new("LockFile", result.LockFile), new("Path", result.Path), new("CheckedOn", result.CheckedOn),
            ],
        };
    }

    /// <summary>A check of the prerequisites.</summary>
    internal static ReportedItem Of(EnvironmentCheck check) => new()
    {
        Kind = "Environment",
        ComputerName = check.ComputerName,
        Place = $"{check.CodexHome} {check.UserName}".TrimEnd(),
        Subject = check.Target ?? check.Name,
        Finding = check.Name,
        Outcome = check.Status switch
        {
            "Passed" => ReportOutcome.Passed,
            "Failed" => ReportOutcome.Failed,
            _ => ReportOutcome.Noted,
        },
        Severity = check.Status switch
        {
            "Failed" => "Error",
            "Warning" => "Warning",
            _ => "Information",
        },
        Detail = check.Message,
        Remedy = check.Fix,
        Fields =
        [
            new("ComputerName", check.ComputerName), new("UserName", check.UserName), new("CodexHome", check.CodexHome),
            new("Name", check.Name), new("Status", check.Status), new("Message", check.Message), new("Fix", check.Fix),
            new("Target", check.Target), new("Subjects", check.Subjects),
        ],
    };

    /// <summary>An update that there is; one that is held is nobody's fault.</summary>
    internal static ReportedItem Of(PluginUpdate update) => new()
    {
        Kind = "Update",
        ComputerName = update.ComputerName,
        Place = $"{update.CodexHome} {update.UserName}".TrimEnd(),
        Subject = update.Id,
        Finding = update.Change,
        Outcome = update.IsHeld ? ReportOutcome.Skipped
            : update.ToTreeHash is null ? ReportOutcome.Unknown : ReportOutcome.Failed,
        Severity = update.ToTreeHash is null || update.Risk == "High" ? "Error" : "Warning",
        Detail = update.IsHeld ? $"It is held at {update.FromVersion ?? "its version"}."
            : update.Reason ?? $"{update.FromVersion ?? "(no version)"} -> {update.ToVersion ?? "(no version)"}, risk {update.Risk}.",
        Fields =
        [
            new("ComputerName", update.ComputerName), new("UserName", update.UserName), new("CodexHome", update.CodexHome),
            new("Id", update.Id), new("Change", update.Change), new("Risk", update.Risk), new("FromVersion", update.FromVersion),
            new("ToVersion", update.ToVersion), new("FromCommit", update.FromCommit), new("ToCommit", update.ToCommit),
            new("FromTreeHash", update.FromTreeHash), new("ToTreeHash", update.ToTreeHash), new("IsHeld", update.IsHeld),
            new("IsAllowedByPolicy", update.IsAllowedByPolicy), new("Reason", update.Reason), new("Source", update.Source),
            new("CollectedOn", update.CollectedOn),
        ],
    };

    private static ReportedItem Of(PluginInventoryPlugin plugin, ReportedItem home)
    {
        var (outcome, finding, detail) = !plugin.IsInstalled ? (ReportOutcome.Noted, plugin.State, "It is not installed completely.")
            : plugin.Integrity == "Changed" ? (ReportOutcome.Failed, "Modified", "Its files are not those that were recorded.")
            : plugin.IsAllowed == false ? (ReportOutcome.Failed, "PolicyViolation", "The policies do not allow it.")
            : plugin.Integrity != "Intact" ? (ReportOutcome.Skipped, "Unverified", "Its files were not compared with a record.")
            : (ReportOutcome.Passed, plugin.State, "");
        return home with
        {
            Subject = plugin.Id,
            Finding = finding,
            Outcome = outcome,
            Severity = outcome switch
            {
                ReportOutcome.Failed => "Error",
                ReportOutcome.Noted => "Warning",
                _ => "Information",
            },
            Detail = detail,
            Fields =
            [
                new("Id", plugin.Id), new("Version", plugin.Version), new("State", plugin.State), new("Enabled", plugin.Enabled),
                new("EffectiveEnabled", plugin.EffectiveEnabled), new("TreeHash", plugin.TreeHash), new("Commit", plugin.Commit),
                new("Provenance", plugin.Provenance), new("Integrity", plugin.Integrity), new("Held", plugin.Held),
                new("HoldNote", plugin.HoldNote), new("HeldAgainstCodex", plugin.HeldAgainstCodex), new("IsAllowed", plugin.IsAllowed),
            ],
        };
    }
}
