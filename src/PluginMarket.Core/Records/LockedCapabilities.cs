using PluginMarket.Sources.Git;

namespace PluginMarket.Records;

/// <summary>Compares what a lock file says a plugin can do with what its files can do, field by field: a reviewer
/// relies on what is written there.</summary>
internal static class LockedCapabilities
{
    /// <summary>The first difference, fit for a message, or null where there is none.</summary>
    /// <param name="entry">What the lock file says.</param>
    /// <param name="capabilities">What the files can do.</param>
    /// <param name="accepted">Kinds that are accepted though the lock file does not list them.</param>
    internal static string? FindDifference(PluginLockEntry entry, IReadOnlyList<Capability> capabilities, IReadOnlyList<string> accepted)
    {
        var listed = entry.Capabilities.ToList();
        foreach (var capability in capabilities)
        {
            var same = listed.FindIndex(other => Differing(other, capability) is null);
            if (same >= 0)
            {
                listed.RemoveAt(same);
                continue;
            }

            // Of one that is there under the same name, the field is told.
            if (listed.Find(other => IsSame(other, capability)) is { } edited)
            {
                return $"the lock file gives another {Differing(edited, capability)} for {Shown(capability)}";
            }

            if (!IsAccepted(capability, accepted) && !IsKnownProgram(entry, capability))
            {
                var detail = capability.Command ?? capability.Url;
                return $"the lock file does not list {Shown(capability)}{(detail is null ? "" : $" ({detail})")}";
            }
        }

        // Without the mark of programs there are fewer scripts than where the lock file was made.
        return listed.Find(other => other.Component != "Script" || !OperatingSystem.IsWindows()) is { } gone
            ? $"the lock file lists {Shown(gone)}, which the files do not have" : null;
    }

    private static bool IsSame(Capability one, Capability other) =>
        (one.Component, one.Name, one.File) == (other.Component, other.Name, other.File);

    // A lock file made on Windows knows programs from the commit alone, and lists them there.
    private static bool IsKnownProgram(PluginLockEntry entry, Capability capability) =>
        capability.Component == "Script" && entry.ExecutableFiles.Contains(capability.Name, StringComparer.Ordinal);

    private static bool IsAccepted(Capability capability, IReadOnlyList<string> accepted) =>
        accepted.Any(kind => kind.Equals(capability.Component, StringComparison.OrdinalIgnoreCase)
            || kind.Equals("All", StringComparison.OrdinalIgnoreCase));

    private static string? Differing(Capability locked, Capability there) =>
        locked.Component != there.Component ? "component"
        : locked.Name != there.Name ? "name"
        : locked.File != there.File ? "file"
        : locked.Event != there.Event ? "event"
        : locked.Matcher != there.Matcher ? "matcher"
        : locked.Command != there.Command ? "command"
        : Redacted(locked.Url) != Redacted(there.Url) ? "url"
        : !locked.Environment.SequenceEqual(there.Environment, StringComparer.Ordinal) ? "list of environment variables"
        : !locked.Headers.SequenceEqual(there.Headers, StringComparer.Ordinal) ? "list of headers"
        : !locked.Scripts.SequenceEqual(there.Scripts, StringComparer.Ordinal) ? "list of scripts"
        : locked.IsActive != there.IsActive ? "state"
        : locked.Hash != there.Hash ? "hash"
        : null;

    private static string? Redacted(string? url) => url is null ? null : GitUrl.Redact(url);

    private static string Shown(Capability capability) => $"{capability.Component} '{capability.Name}'";
}
