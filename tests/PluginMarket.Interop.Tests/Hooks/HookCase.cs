namespace PluginMarket.Interop.Tests.Hooks;

/// <summary>A plugin with hooks: what Codex must do with them, and what the rules must say.</summary>
/// <param name="Name">The plugin.</param>
/// <param name="Claim">What it shows, as a rule or the contract states it.</param>
/// <param name="Rules">The rules of hooks that must find something, in order.</param>
internal sealed record HookCase(string Name, string Claim, params string[] Rules)
{
    /// <summary>The hooks file; null for a plugin without one.</summary>
    internal string? Hooks { get; init; }

    /// <summary>The manifest's path.</summary>
    internal string ManifestPath { get; init; } = ".codex-plugin/plugin.json";

    /// <summary>Members of the manifest besides name and version, as JSON text with a comma before it.</summary>
    internal string Members { get; init; } = "";

    /// <summary>More files, path and content.</summary>
    internal IReadOnlyList<(string Path, string Text)> Files { get; init; } = [];

    /// <summary>Whether <c>run.sh</c> has its mark.</summary>
    internal bool IsExecutable { get; init; }

    /// <summary>What the hooks leave behind, by the name of the file. <c>ROOT</c> and <c>DATA</c> are the plugin's folders.</summary>
    internal IReadOnlyDictionary<string, string> Left { get; init; } = new Dictionary<string, string>();
}
