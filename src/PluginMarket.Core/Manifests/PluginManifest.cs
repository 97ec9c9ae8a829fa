using System.Text;
using PluginMarket.Json;

namespace PluginMarket;

/// <summary>What one plugin says of itself, with its components resolved as Codex resolves them (contract 2).</summary>
/// <remarks>Every text is escaped for a terminal; <see cref="GetRawText"/> keeps the original.</remarks>
public sealed class PluginManifest
{
    /// <summary>The manifest's name; the folder's where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest's version, trimmed; null where it has none (<c>1.0.0</c> in the Agent format).</summary>
    public string? Version { get; internal init; }

    /// <summary>The folder name Codex installs into: <see cref="Version"/>, else <c>local</c> (contract 3.3).</summary>
    public string InstallVersion { get; internal init; } = "local";

    /// <summary>What it is for.</summary>
    public string? Description { get; internal init; }

    /// <summary>Search words.</summary>
    public string[] Keywords { get; internal init; } = [];

    /// <summary>Who made it; null where the manifest does not say so in a usable form.</summary>
    public Author? Author { get; internal init; }

    /// <summary>The home page.</summary>
    public string? Homepage { get; internal init; }

    /// <summary>The source repository; the URL of the object form.</summary>
    public string? Repository { get; internal init; }

    /// <summary>The license, as written.</summary>
    public string? License { get; internal init; }

    /// <summary>How it presents itself; null where the manifest says nothing. In the Agent format Codex's defaults are in: the
    /// plugin's name and the category Other.</summary>
    public PluginInterface? Interface { get; internal init; }

    /// <summary>Kinds of component it brings: <c>Skill</c>, <c>McpServer</c>, <c>App</c>, <c>Hook</c>, <c>Command</c>.</summary>
    public string[] Components { get; internal init; } = [];

    /// <summary>Skills, sorted by file; migrated commands are not among them.</summary>
    public Skill[] Skills { get; internal init; } = [];

    /// <summary>MCP servers, sorted by name.</summary>
    public McpServer[] McpServers { get; internal init; } = [];

    /// <summary>Apps, sorted by name.</summary>
    public App[] Apps { get; internal init; } = [];

    /// <summary>Hook handlers in the order of their files.</summary>
    public Hook[] Hooks { get; internal init; } = [];

    /// <summary>The skills that installing makes of the plugin's Markdown commands (contract 2.8).</summary>
    public Skill[] Commands { get; internal init; } = [];

    /// <summary>The id of the skill shown after installing (<c>extensions["com.openai"].onboardingSkill</c> is its file); null where
    /// none that the plugin has is named.</summary>
    public string? OnboardingSkill { get; internal init; }

    /// <summary>The plugin's folder as it was given to the reader.</summary>
    public required string Path { get; init; }

    /// <summary>The manifest's file, relative to <see cref="Path"/>.</summary>
    public required string ManifestPath { get; init; }

    /// <summary>Whether the manifest is made from the catalog entry because the plugin has none (contract 1.8).</summary>
    public bool IsGenerated { get; internal init; }

    /// <summary><c>Codex</c>, <c>Claude</c>, <c>Cursor</c> or <c>Agent</c>, by the manifest's place.</summary>
    public required string Dialect { get; init; }

    /// <summary>Whether a text of the manifest or of a component has characters that a reader does not see.</summary>
    public bool HasHiddenText { get; internal init; }

    /// <summary>What Codex ignores.</summary>
    public ManifestFinding[] Warnings { get; internal init; } = [];

    /// <summary>The manifest's JSON, for checks that need positions.</summary>
    internal JsonFile Json { get; init; } = null!;

    /// <summary>Servers that Codex drops for a mistake in them: not loaded, but to be seen before another version loads them.</summary>
    internal IReadOnlyList<McpServer> PassedOverMcpServers { get; init; } = [];

    /// <summary>Hooks that Codex ignores (prompt and agent handlers, matchers it cannot read).</summary>
    internal IReadOnlyList<Hook> PassedOverHooks { get; init; } = [];

    /// <summary>The manifest's own text, unescaped. A method, so that no view and no export shows it by accident.</summary>
    public string GetRawText() => Encoding.UTF8.GetString(Json.Utf8.Span);

    internal static string[] ListComponents(int skills, int servers, int apps, int hooks, int commands) =>
        [.. new (string Name, int Count)[] { ("Skill", skills), ("App", apps), ("McpServer", servers), ("Hook", hooks),
            ("Command", commands) }.Where(k => k.Count > 0).Select(k => k.Name)];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
