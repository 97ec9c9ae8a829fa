namespace PluginMarket.Validation.Reports;

/// <summary>One line of a review: what a plugin can do, or what a change of it would bring or take.</summary>
internal sealed record ReviewedCapability
{
    /// <summary>The kind of capability, such as <c>Hook</c>.</summary>
    public required string Component { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin, where it is known.</summary>
    public string? Plugin { get; init; }

    /// <summary><c>Added</c>, <c>Changed</c>, <c>Removed</c> or <c>Equal</c>; null where nothing was compared.</summary>
    public string? Change { get; init; }

    /// <summary><c>High</c>, <c>Low</c> or <c>None</c>; null where nothing was compared.</summary>
    public string? Risk { get; init; }

    /// <summary>When it runs, what it runs and what it reaches.</summary>
    public string? Detail { get; init; }

    /// <summary>The file that defines it, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1; 0 where there is none.</summary>
    public int Line { get; init; }

    /// <summary>Whether a text of it contains characters that a reader does not see.</summary>
    public bool HasHiddenText { get; init; }
}
