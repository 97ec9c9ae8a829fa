namespace PluginMarket;

/// <summary>One thing a plugin can do once it is loaded: what an administrator has to see before accepting it.</summary>
/// <remarks>Every text is escaped for a terminal; no value of an environment variable or header is kept.</remarks>
public sealed record Capability
{
    /// <summary><c>Skill</c>, <c>McpServer</c>, <c>Hook</c>, <c>App</c>, <c>Script</c>, or <c>Prompt</c> for a text
    /// that the agent offers to send.</summary>
    public required string Component { get; init; }

    /// <summary>The skill's, server's or app's name, the hook's key, the script's path.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin, <c>plugin@marketplace</c> or the folder it was read from; null where only a tree was checked.</summary>
    public string? Plugin { get; init; }

    /// <summary>What a skill is for, in the words that the model always sees; null for every other component.</summary>
    public string? Description { get; init; }

    /// <summary>The hook's event.</summary>
    public string? Event { get; init; }

    /// <summary>The hook's matcher; null means all.</summary>
    public string? Matcher { get; init; }

    /// <summary>The command line it runs, or the prompt it sends.</summary>
    public string? Command { get; init; }

    /// <summary>The address it talks to; the connector's id of an app.</summary>
    public string? Url { get; init; }

    /// <summary>Names of the environment variables it is given.</summary>
    public string[] Environment { get; init; } = [];

    /// <summary>Names of the headers it sends.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Files of the plugin that it runs, relative to the plugin, sorted.</summary>
    public string[] Scripts { get; init; } = [];

    /// <summary>The file that defines it, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; internal init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the definition and the bytes of the files it runs; equal exactly
    /// when nothing about it changed.</summary>
    public required string Hash { get; init; }

    /// <summary>False where the tree defines it but Codex passes it over, as it does with prompt hooks: another version may not.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Whether a text of it that the model or a reader is given holds characters that nobody sees.</summary>
    public bool HasHiddenText { get; internal init; }

    /// <summary>Component and name.</summary>
    public override string ToString() => $"{Component} {Name}";
}
