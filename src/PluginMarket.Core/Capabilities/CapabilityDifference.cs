namespace PluginMarket;

/// <summary>What one tree of a plugin can do that another cannot, by content and not by name (design 4 G1, G2).</summary>
public static class CapabilityDifference
{
    private static readonly string[] GatedKinds = ["Hook", "McpServer", "App", "Script"];

    /// <summary>The differences, sorted by kind, name and change; equal capabilities are not listed.</summary>
    /// <param name="before">What the installed tree can do.</param>
    /// <param name="after">What the new tree can do.</param>
    public static IReadOnlyList<CapabilityChange> Compare(IReadOnlyList<Capability> before, IReadOnlyList<Capability> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<CapabilityChange>();
        var old = before.ToLookup(Key);
        var fresh = after.ToLookup(Key);
        foreach (var key in old.Select(group => group.Key).Union(fresh.Select(group => group.Key)))
        {
            // Of several with one name those that are equal on both sides cancel out; the rest pair up in file order.
            var gone = Without(old[key], fresh[key]);
            var come = Without(fresh[key], old[key]);
            for (var i = 0; i < Math.Max(gone.Count, come.Count); i++)
            {
                changes.Add(Change(i < gone.Count ? gone[i] : null, i < come.Count ? come[i] : null));
            }
        }

        return [.. changes.OrderBy(change => change.Component, StringComparer.Ordinal).ThenBy(change => change.Name, StringComparer.Ordinal).ThenBy(change => change.Change, StringComparer.Ordinal)];
    }

    /// <summary>The changes that somebody has to accept: added or changed hooks, MCP servers, apps and scripts of a kind that is not accepted.</summary>
    /// <param name="changes">The differences.</param>
    /// <param name="accepted">Kinds that are accepted, or <c>All</c>, ignoring case.</param>
    public static IReadOnlyList<CapabilityChange> Unaccepted(IReadOnlyList<CapabilityChange> changes, IReadOnlyList<string> accepted)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(accepted);
        return [.. changes.Where(change => change.Change != "Removed" && GatedKinds.Contains(change.Component, StringComparer.Ordinal) && !IsAccepted(change.Component, accepted))];
    }

    private static bool IsAccepted(string component, IReadOnlyList<string> accepted) =>
        accepted.Any(kind => string.Equals(kind, component, StringComparison.OrdinalIgnoreCase) || string.Equals(kind, "All", StringComparison.OrdinalIgnoreCase));

    private static (string Component, string Name) Key(Capability capability) => (capability.Component, capability.Name);

    private static List<Capability> Without(IEnumerable<Capability> those, IEnumerable<Capability> these)
    {
        var left = these.Select(capability => capability.Hash).ToList();
        return [.. those.Where(capability => !left.Remove(capability.Hash))];
    }

    private static CapabilityChange Change(Capability? before, Capability? after)
    {
        var shown = after ?? before!;
        return new CapabilityChange
        {
            Component = shown.Component,
            Name = shown.Name,
            Change = before is null ? "Added" : after is null ? "Removed" : "Changed",
            Risk = after is null ? "None" : GatedKinds.Contains(shown.Component, StringComparer.Ordinal) ? "High" : "Low",
            Detail = shown.Command ?? shown.Url,
            Before = before?.Hash,
            After = after?.Hash,
            File = shown.File,
            Line = shown.Line,
        };
    }
}
