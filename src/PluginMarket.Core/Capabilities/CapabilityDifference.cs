namespace PluginMarket.Capabilities;

/// <summary>What one tree of a plugin can do that another cannot, by content and not by name (threat G1, G2).</summary>
internal static class CapabilityDifference
{
    private static readonly string[] GatedKinds = ["Hook", "McpServer", "App", "Script"];

    /// <summary>The differences, sorted by kind, name and change.</summary>
    /// <param name="before">What the installed tree can do.</param>
    /// <param name="after">What the new tree can do.</param>
    /// <param name="includeEqual">Whether capabilities that are equal on both sides are listed too.</param>
    public static IReadOnlyList<CapabilityChange> Compare(IReadOnlyList<Capability> before, IReadOnlyList<Capability> after,
        bool includeEqual = false)
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

            if (includeEqual)
            {
                changes.AddRange(Without(fresh[key], come).Select(same => Change(same, same)));
            }
        }

        return Sort(changes);
    }

    /// <summary>The most that any of the changes risks: <c>High</c>, <c>Low</c> or <c>None</c>.</summary>
    public static string RiskOf(IReadOnlyList<CapabilityChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Any(change => change.Risk == "High") ? "High" : changes.Any(change => change.Risk == "Low") ? "Low" : "None";
    }

    internal static IReadOnlyList<CapabilityChange> Sort(IEnumerable<CapabilityChange> changes) =>
        [.. changes.OrderBy(change => change.Component, StringComparer.Ordinal).ThenBy(change => change.Name, StringComparer.Ordinal)
            .ThenBy(change => change.Change, StringComparer.Ordinal)];

    /// <summary>The changes that somebody has to accept: added or changed hooks, MCP servers, apps and
    /// scripts of a kind that is not accepted.</summary>
    /// <param name="changes">The differences.</param>
    /// <param name="accepted">Kinds that are accepted, or <c>All</c>, ignoring case.</param>
    public static IReadOnlyList<CapabilityChange> Unaccepted(IReadOnlyList<CapabilityChange> changes, IReadOnlyList<string> accepted)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(accepted);
        return [.. Gated(changes).Where(change => !IsAccepted(change.Component, accepted))];
    }

    /// <summary>The changes that add or change a hook, MCP server, app or script.</summary>
    public static IEnumerable<CapabilityChange> Gated(IReadOnlyList<CapabilityChange> changes) =>
        changes.Where(change => change.Change is "Added" or "Changed" && IsGated(change.Component));

    /// <summary>Whether adding or changing a capability of that kind has to be accepted.</summary>
    public static bool IsGated(string component) => GatedKinds.Contains(component, StringComparer.Ordinal);

    private static bool IsAccepted(string component, IReadOnlyList<string> accepted) =>
        accepted.Any(kind => string.Equals(kind, component, StringComparison.OrdinalIgnoreCase)
            || string.Equals(kind, "All", StringComparison.OrdinalIgnoreCase));

    private static (string Component, string Name) Key(Capability capability) => (capability.Component, capability.Name);

    private static List<Capability> Without(IEnumerable<Capability> those, IEnumerable<Capability> these)
    {
        var left = these.Select(capability => capability.Hash).ToList();
        return [.. those.Where(capability => !left.Remove(capability.Hash))];
    }

    private static CapabilityChange Change(Capability? before, Capability? after)
    {
        var shown = after ?? before!;
        var isSame = ReferenceEquals(before, after);
        return new CapabilityChange
        {
            Component = shown.Component,
            Name = shown.Name,
            Change = before is null ? "Added" : after is null ? "Removed" : isSame ? "Equal" : "Changed",
            Risk = after is null || isSame ? "None" : IsGated(shown.Component) || after.HasHiddenText ? "High" : "Low",
            HasHiddenText = after?.HasHiddenText == true,
            Detail = shown.Command ?? shown.Url,
            Before = before?.Hash,
            After = after?.Hash,
            File = shown.File,
            Line = shown.Line,
        };
    }
}
