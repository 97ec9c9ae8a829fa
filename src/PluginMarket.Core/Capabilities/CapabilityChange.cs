namespace PluginMarket;

/// <summary>One difference between what two trees of a plugin can do.</summary>
/// <remarks>Every text is escaped for a terminal.</remarks>
public sealed class CapabilityChange
{
    /// <summary><c>Skill</c>, <c>McpServer</c>, <c>Hook</c>, <c>App</c>, <c>Script</c>, <c>Prompt</c>, or <c>File</c> for any
    /// file.</summary>
    public required string Component { get; init; }

    /// <summary>The capability's name; of a file its path.</summary>
    public required string Name { get; init; }

    /// <summary><c>Added</c>, <c>Changed</c>, <c>Removed</c>, or <c>Equal</c> where that was asked for.</summary>
    public required string Change { get; init; }

    /// <summary><c>High</c> for anything added or changed that runs code, talks to a host or hides text, <c>Low</c> for other text,
    /// <c>None</c> for what is gone or equal.</summary>
    public required string Risk { get; init; }

    /// <summary>What it runs or talks to, or how much of a text changed, in a line.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether what is there now holds characters that a reader does not see.</summary>
    public bool HasHiddenText { get; init; }

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
