namespace PluginMarket;

/// <summary>One difference between what two trees of a plugin can do.</summary>
/// <remarks>Every text is escaped for a terminal.</remarks>
public sealed class CapabilityChange
{
    /// <summary><c>Skill</c>, <c>McpServer</c>, <c>Hook</c>, <c>App</c> or <c>Script</c>.</summary>
    public required string Component { get; init; }

    /// <summary>The capability's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Added</c>, <c>Changed</c> or <c>Removed</c>.</summary>
    public required string Change { get; init; }

    /// <summary><c>High</c> for anything added or changed that runs code or talks to a host, <c>Low</c> for text, <c>None</c> for what is gone.</summary>
    public required string Risk { get; init; }

    /// <summary>What it runs or talks to, in a line.</summary>
    public string? Detail { get; init; }

    /// <summary>The hash of the definition before, or null.</summary>
    public string? Before { get; init; }

    /// <summary>The hash of the definition after, or null.</summary>
    public string? After { get; init; }

    /// <summary>The file that defines it, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; init; }

    /// <summary>Change, component and name.</summary>
    public override string ToString() => $"{Change} {Component} {Name}";
}
