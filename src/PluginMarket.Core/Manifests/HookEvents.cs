namespace PluginMarket.Manifests;

/// <summary>The events of hooks that Codex knows (contract 2.7).</summary>
internal static class HookEvents
{
    /// <summary>In the order in which Codex declares them; a file that writes its events as an array means this order.</summary>
    internal static readonly string[] Names =
    [
        "PreModelRequest", "PostModelRequest", "PreToolUse", "PermissionRequest", "PostToolUse", "PreCompact", "PostCompact",
        "SessionStart", "SessionEnd", "UserPromptSubmit", "SubagentStart", "SubagentStop", "Stop", "Interrupt",
    ];

    /// <summary>Whether the event has nothing to match, so that Codex ignores its matcher.</summary>
    internal static bool IgnoresMatcher(string name) =>
        name is "PreModelRequest" or "PostModelRequest" or "UserPromptSubmit" or "Stop" or "Interrupt";

    /// <summary>Whether the event comes when Codex is about to end, so that its hooks get seconds, not minutes.</summary>
    internal static bool IsFinal(string name) => name is "SessionEnd" or "Interrupt";

    /// <summary>The name in Codex's hook keys.</summary>
    internal static string SnakeName(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
