namespace PluginMarket;

/// <summary>One <c>SKILL.md</c> that Codex loads (contract 2.4).</summary>
public sealed class Skill
{
    /// <summary>The front matter's name, else the folder's.</summary>
    public required string Name { get; init; }

    /// <summary><c>plugin:skill</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, on one line.</summary>
    public required string Description { get; init; }

    /// <summary>The front matter's <c>metadata.short-description</c>.</summary>
    public string? ShortDescription { get; internal init; }

    /// <summary>The front matter's <c>license</c>.</summary>
    public string? License { get; internal init; }

    /// <summary><c>interface.display_name</c> of <c>agents/openai.yaml</c>.</summary>
    public string? DisplayName { get; internal init; }

    /// <summary><c>interface.default_prompt</c> of <c>agents/openai.yaml</c>.</summary>
    public string? DefaultPrompt { get; internal init; }

    /// <summary><c>policy.allow_implicit_invocation</c> of <c>agents/openai.yaml</c>; true where it says nothing.</summary>
    public bool AllowImplicitInvocation { get; internal init; } = true;

    /// <summary>The file, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The command file it is made from at install (contract 2.8), else null.</summary>
    public string? MigratedFrom { get; internal init; }

    /// <summary>Whether the file has characters that a reader does not see.</summary>
    public bool HasHiddenText { get; internal init; }

    /// <summary>The file's text, for checks; null for a command.</summary>
    internal string? Text { get; init; }

    /// <summary>The file as the tree names it.</summary>
    internal string Path { get; init; } = "";

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
