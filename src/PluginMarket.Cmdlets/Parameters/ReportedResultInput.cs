using System.Management.Automation;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Drift, integrity, environment checks and updates, live or deserialized from a job, a file or JSON.</summary>
internal static class ReportedResultInput
{
    /// <summary>The drift that an object is, or null.</summary>
    internal static PluginDrift? Drift(PSObject source) => source.BaseObject as PluginDrift
        ?? (PipelineObject.Text(source, "Kind") is { } kind && Enum.TryParse<DriftKind>(kind, out _)
            && PipelineObject.Text(source, "Subject") is { } subject && PipelineObject.Text(source, "ComputerName") is { } computer
            && PipelineObject.Text(source, "Severity") is { } severity
            ? new PluginDrift
            {
                ComputerName = computer,
                UserName = PipelineObject.Text(source, "UserName"),
                CodexHome = PipelineObject.Text(source, "CodexHome"),
                Subject = subject,
                Kind = kind,
                Severity = severity,
                Expected = PipelineObject.Text(source, "Expected"),
                Actual = PipelineObject.Text(source, "Actual"),
                Advice = PipelineObject.Text(source, "Remedy") is { } remedy ? Remedy.Do($"{remedy}") : null,
                Reference = PipelineObject.Text(source, "Reference"),
                CollectedOn = InventoryInput.Moment(source, "CollectedOn"),
            }
            : null);

    /// <summary>The comparison of a plugin with its record that an object is, or null.</summary>
    internal static IntegrityResult? Integrity(PSObject source) => source.BaseObject as IntegrityResult
        ?? (source.Properties["ExpectedTreeHash"] is not null && source.Properties["IsIntact"] is not null
            && PipelineObject.Text(source, "Name") is { } name && PipelineObject.Text(source, "Marketplace") is { } marketplace
            && PipelineObject.Text(source, "State") is { } state
            ? new IntegrityResult
            {
                Name = name,
                Marketplace = marketplace,
                Version = PipelineObject.Text(source, "Version"),
                State = state,
                Modified = Texts(source, "Modified"),
                Missing = Texts(source, "Missing"),
                Unexpected = Texts(source, "Unexpected"),
                Said = PipelineObject.Text(source, "Reason") is { } reason ? (Message)$"{reason}" : null,
                Path = PipelineObject.Text(source, "Path"),
                TreeHash = PipelineObject.Text(source, "TreeHash"),
                ExpectedTreeHash = PipelineObject.Text(source, "ExpectedTreeHash"),
                LockFile = PipelineObject.Text(source, "LockFile"),
                CheckedOn = InventoryInput.Moment(source, "CheckedOn") ?? default,
                ComputerName = PipelineObject.Text(source, "ComputerName") ?? "",
                UserName = PipelineObject.Text(source, "UserName") ?? "",
                CodexHome = PipelineObject.Text(source, "CodexHome") ?? "",
            }
            : null);

    /// <summary>The check of the prerequisites that an object is, or null.</summary>
    internal static EnvironmentCheck? Environment(PSObject source) => source.BaseObject as EnvironmentCheck
        ?? (source.Properties["Fix"] is not null && PipelineObject.Text(source, "Name") is { } name
            && PipelineObject.Text(source, "Status") is { } status && PipelineObject.Text(source, "Message") is { } message
            ? new EnvironmentCheck
            {
                Name = name,
                Status = status,
                Message = message,
                Fix = PipelineObject.Text(source, "Fix"),
                Target = PipelineObject.Text(source, "Target"),
                Subjects = Texts(source, "Subjects") ?? [],
                ComputerName = PipelineObject.Text(source, "ComputerName") ?? "",
                UserName = PipelineObject.Text(source, "UserName") ?? "",
                CodexHome = PipelineObject.Text(source, "CodexHome") ?? "",
            }
            : null);

    /// <summary>The update that an object is, or null.</summary>
    internal static PluginUpdate? Update(PSObject source) => source.BaseObject as PluginUpdate
        ?? (source.Properties["CapabilityChange"] is not null && source.Properties["ToTreeHash"] is not null
            && PipelineObject.Text(source, "Name") is { } name && PipelineObject.Text(source, "Marketplace") is { } marketplace
            && PipelineObject.Text(source, "Change") is { } change
            ? new PluginUpdate
            {
                Name = name,
                Marketplace = marketplace,
                Change = change,
                Risk = PipelineObject.Text(source, "Risk"),
                Said = PipelineObject.Text(source, "Reason") is { } reason ? (Message)$"{reason}" : null,
                FromVersion = PipelineObject.Text(source, "FromVersion"),
                ToVersion = PipelineObject.Text(source, "ToVersion"),
                FromTreeHash = PipelineObject.Text(source, "FromTreeHash"),
                ToTreeHash = PipelineObject.Text(source, "ToTreeHash"),
                FromCommit = PipelineObject.Text(source, "FromCommit"),
                ToCommit = PipelineObject.Text(source, "ToCommit"),
                IsHeld = ValidationResultInput.Value(source, "IsHeld") is true,
                IsAllowedByPolicy = ValidationResultInput.Value(source, "IsAllowedByPolicy") as bool?,
                Source = PipelineObject.Text(source, "Source"),
                CollectedOn = InventoryInput.Moment(source, "CollectedOn") ?? default,
                ComputerName = PipelineObject.Text(source, "ComputerName") ?? "",
                UserName = PipelineObject.Text(source, "UserName") ?? "",
                CodexHome = PipelineObject.Text(source, "CodexHome") ?? "",
            }
            : null);

    // Null is not an empty list: it says that nothing was compared.
    private static string[]? Texts(PSObject source, string property) =>
        ValidationResultInput.Value(source, property) is null ? null : [.. PipelineObject.Texts(source, property)];
}
