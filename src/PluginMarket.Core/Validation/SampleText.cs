using System.Text;
using PluginMarket.Manifests;

namespace PluginMarket.Validation;

/// <summary>Writes the files of a rule's sample as one text: a line <c>--- path</c>, then the file; <c>--- path -> target</c> is a link,
/// <c>--- path (latin-1)</c> a file in that encoding, <c>--- path (git)</c> makes a folder a repository.</summary>
internal static class SampleText
{
    private const string DemoPlugin = "plugins/demo/";

    /// <summary>A plugin whose manifest has some more fields, and more files.</summary>
    /// <param name="fields">Members as JSON text, separated by commas; empty for none.</param>
    /// <param name="files">Path and content in turn.</param>
    internal static string Manifest(string fields = "", params string[] files) =>
        Files([".codex-plugin/plugin.json", ManifestText(fields), .. files]);

    /// <summary>A plugin whose manifest has an interface.</summary>
    internal static string Interface(string fields, params string[] files) =>
        Manifest("\"interface\": {\n    \"displayName\": \"Demo\",\n    \"shortDescription\": \"Shows things.\",\n    " + fields
            + "\n  }", files);

    /// <summary>A plugin of the Agent Plugin format whose manifest has some more fields, and more files.</summary>
    internal static string Agent(string fields, params string[] files) => Files(["plugin.json", AgentManifestText(fields), .. files]);

    /// <summary>A plugin with one skill.</summary>
    internal static string Skill(string frontMatter, string body = "Say hello.\n") =>
        Manifest("", "skills/hello/SKILL.md", $"---\n{frontMatter}\n---\n{body}");

    /// <summary>A plugin with MCP servers.</summary>
    internal static string Mcp(string servers) => Manifest("", ".mcp.json", $"{{\n  \"mcpServers\": {{\n    {servers}\n  }}\n}}\n");

    /// <summary>A plugin with a hooks file.</summary>
    internal static string Hooks(string events, params string[] files) =>
        Manifest("", ["hooks/hooks.json", $"{{\n  \"hooks\": {{\n    {events}\n  }}\n}}\n", .. files]);

    /// <summary>A plugin with one command hook on one event.</summary>
    internal static string Hook(string eventName, string group, string handler, params string[] files) =>
        Hooks($"\"{eventName}\": [\n      {{\n        {group}\"hooks\": [\n          {{ {handler} }}\n        ]\n      }}\n    ]", files);

    /// <summary>A catalog of one plugin, with other top-level members.</summary>
    internal static string Catalog(string members, params string[] files) =>
        Marketplace(members, """{ "name": "demo", "source": "./plugins/demo" }""", files);

    /// <summary>A catalog of these entries beside the plugin <c>plugins/demo</c>.</summary>
    internal static string Entries(string entries, params string[] files) => Marketplace("", entries, files);

    /// <summary>A catalog whose one entry has some more fields.</summary>
    internal static string Entry(string fields, params string[] files) =>
        Entries($$"""{ "name": "demo", "source": "./plugins/demo", {{fields}} }""", files);

    /// <summary>A catalog whose one entry has this source.</summary>
    internal static string Source(string source, params string[] files) => Entries($$"""{ "name": "demo", "source": {{source}} }""", files);

    /// <summary>A text of several files, path and content in turn.</summary>
    internal static string Files(params string[] pathsAndContents)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pathsAndContents.Length; i += 2)
        {
            text.Append("--- ").Append(pathsAndContents[i]).Append('\n').Append(pathsAndContents[i + 1]);
            if (pathsAndContents[i + 1] is { Length: > 0 } content && !content.EndsWith('\n'))
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    internal static string ManifestText(string fields = "", string name = "demo") =>
        $"{{\n  \"name\": \"{name}\",\n  \"version\": \"1.0.0\",\n  \"description\": "
            + $"\"Shows what a plugin can be.\"{(fields.Length == 0 ? "" : ",\n  " + fields)}\n}}\n";

    internal static string AgentManifestText(string fields = "", string name = "demo") =>
        $"{{\n  \"$schema\": \"{ManifestLocation.AgentPluginSchema}\",\n  \"name\": \"{name}\",\n  \"version\": "
            + $"\"1.0.0\",\n  \"description\": \"Shows things.\"{(fields.Length == 0 ? "" : ",\n  " + fields)}\n}}\n";

    private static string Marketplace(string members, string entries, string[] files) => Files(
    [
        ".agents/plugins/marketplace.json",
        $"{{\n  \"name\": \"corp\",{(members.Length == 0 ? "" : "\n  " + members + ",")}\n  \"plugins\": [\n    {entries}\n  ]\n}}\n",
        DemoPlugin + ".codex-plugin/plugin.json", ManifestText(),
        .. files,
    ]);
}
