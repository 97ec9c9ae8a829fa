namespace PluginMarket.Interop.Tests.Validation;

/// <summary>One plugin made from a valid one by a mutation or two.</summary>
/// <param name="Subject">What was changed.</param>
public sealed record GeneratedPlugin(string Subject)
{
    /// <summary>The members of the manifest as JSON text; a name may occur twice.</summary>
    public List<KeyValuePair<string, string>> Members { get; init; } = [new("name", "\"@\""), new("version", "\"1.0.0\""),
        new("description", "\"A plugin.\"")];

    /// <summary>The manifest's whole text where it is not made of the members.</summary>
    public byte[]? Raw { get; init; }

    public string ManifestPath { get; init; } = ".codex-plugin/plugin.json";

    /// <summary>Further files.</summary>
    public Dictionary<string, string> Files { get; init; } =
        new(StringComparer.Ordinal) { ["skills/hello/SKILL.md"] = "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n" };

    /// <summary>How many skills, MCP servers, hook groups' handlers and apps the author means to bring.</summary>
    public (int Skills, int Servers, int Hooks, int Apps) Meant { get; init; } = (1, 0, 0, 0);

    public GeneratedPlugin With(string key, string json) =>
        this with { Members = [.. Members.Where(member => member.Key != key), new(key, json)] };

    public GeneratedPlugin Also(string key, string json) => this with { Members = [.. Members, new(key, json)] };

    public GeneratedPlugin File(string path, string text) =>
        this with { Files = new Dictionary<string, string>(Files, StringComparer.Ordinal) { [path] = text } };

    public byte[] Manifest(string name) =>
        Raw ?? System.Text.Encoding.UTF8.GetBytes("{\n  " + string.Join(",\n  ",
            Members.Select(member => $"\"{member.Key}\": {member.Value.Replace("@", name, StringComparison.Ordinal)}")) + "\n}\n");
}
