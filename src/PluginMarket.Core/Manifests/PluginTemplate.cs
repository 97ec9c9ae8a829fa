using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The files of a new plugin: its manifest, and a working sample of every component asked for.</summary>
/// <remarks>Nothing in a sample does anything before its author changes it: the hook ends at once, and the server is at a name that is
/// kept for examples and is switched off where the format has a switch.</remarks>
internal sealed class PluginTemplate
{
    private const int MostSkillNameCharacters = 64;

    /// <summary>The plugin's name.</summary>
    public required PluginName Name { get; init; }

    /// <summary>What it is for; a sentence to be replaced where null.</summary>
    public string? Description { get; init; }

    /// <summary>Who makes it: a name, or <c>name &lt;mail address&gt;</c>.</summary>
    public string? Author { get; init; }

    /// <summary>The category of its interface.</summary>
    public string? Category { get; init; }

    /// <summary>The format of its manifest.</summary>
    public PluginFormat Format { get; init; }

    /// <summary>Kinds of component: <c>Skill</c>, <c>App</c>, <c>McpServer</c>, <c>Hook</c>.</summary>
    public required IReadOnlyCollection<string> Components { get; init; }

    private string Title => string.Join(' ', Name.Value.Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));

    private string Purpose => string.IsNullOrWhiteSpace(Description) ? $"Say here what {Name} is for." : Description.Trim();

    /// <summary>The files.</summary>
    internal AssembledTree ToTree()
    {
        var isAgent = Format == PluginFormat.Agent;
        var tree = isAgent ? new AssembledTree().Add(ManifestLocation.AgentManifest, AgentManifest())
            : new AssembledTree().Add(".codex-plugin/plugin.json", Manifest());
        foreach (var component in Components)
        {
            _ = component switch
            {
                "Skill" => tree.Add($"skills/{SkillName}/SKILL.md", Skill()),
                "McpServer" when isAgent => tree.Add(AgentMcpReader.File, AgentServers()),
                "McpServer" => tree.Add(".mcp.json",
                    Json("/mcpServers", $$$"""{{{{Quoted}}}:{"url":"https://mcp.example.com/mcp","enabled":false}}""")),
                "App" => tree.Add(".app.json", Json("/apps", $$$"""{{{{Quoted}}}:{"id":"connector_replace_me"}}""")),
                "Hook" => tree.Add("hooks/hooks.json",
                    Json("/hooks", """{"SessionStart":[{"hooks":[{"type":"command","command":"exit 0","timeout":10}]}]}""")),
                _ => throw new ArgumentException($"'{component}' is not a kind of component."),
            };
        }

        return tree;
    }

    private string Quoted => JsonEditor.Quote(Name.Value);

    private string SkillName =>
        Name.Value.Length <= MostSkillNameCharacters ? Name.Value : Name.Value[..MostSkillNameCharacters].TrimEnd('.');

    private string Manifest()
    {
        var (author, mail) = SplitAuthor();
        var file = Empty();
        Set("/name", Name.Value);
        Set("/version", "0.1.0");
        Set("/description", Purpose);
        if (author is not null)
        {
            file = JsonEditor.Set(file, "/author", $"{{\"name\":{JsonEditor.Quote(author)}}}");
            Set("/author/email", mail);
        }

        return TextOf(WithInterface(file, "/interface", author));

        void Set(string pointer, string? text) => file = text is null ? file : JsonEditor.Set(file, pointer, JsonEditor.Quote(text));
    }

    private string AgentManifest()
    {
        var (author, mail) = SplitAuthor();
        var file = JsonEditor.Set(Empty(), "/$schema", JsonEditor.Quote(ManifestLocation.AgentPluginSchema));
        file = JsonEditor.Set(file, "/name", Quoted);
        file = JsonEditor.Set(file, "/version", "\"0.1.0\"");
        file = JsonEditor.Set(file, "/description", JsonEditor.Quote(Purpose));
        if (author is not null)
        {
            file = JsonEditor.Set(file, "/author",
                $"{{\"name\":{JsonEditor.Quote(author)}{(mail is null ? "" : $",\"email\":{JsonEditor.Quote(mail)}")}}}");
        }

        file = JsonEditor.Set(file, "/extensions", $"{{{JsonEditor.Quote(AgentExtension.Name)}:{{}}}}");
        return TextOf(WithInterface(file, $"/extensions/{AgentExtension.Name}/interface", author));
    }

    private string AgentServers() => TextOf(JsonEditor.Set(
        JsonEditor.Set(Empty(), "/$schema", JsonEditor.Quote(ManifestLocation.AgentMcpSchema)),
        "/mcpServers",
        $$$"""{{{{Quoted}}}:{"type":"streamable-http","url":"https://mcp.example.com/mcp"}}"""));

    private JsonFile WithInterface(JsonFile file, string pointer, string? author)
    {
        file = JsonEditor.Set(file, pointer, $"{{\"displayName\":{JsonEditor.Quote(Title)}}}");
        Set("shortDescription", Purpose.Split('\n')[0].TrimEnd());
        Set("developerName", author);
        Set("category", string.IsNullOrEmpty(Category) ? null : Category);
        return file;

        void Set(string name, string? text) =>
            file = text is null ? file : JsonEditor.Set(file, $"{pointer}/{name}", JsonEditor.Quote(text));
    }

    // A JSON text is a YAML text too, whatever the description holds.
    private string Skill() =>
        $"---\nname: {JsonEditor.Quote(SkillName)}\ndescription: {JsonEditor.Quote(Purpose)}\n---\n\n# {Title}\n\nWrite here, "
            + $"step by step, what the agent is to do when this skill is used.\n";

    private (string? Name, string? Mail) SplitAuthor()
    {
        var text = Author?.Trim();
        var open = text?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        return string.IsNullOrEmpty(text) ? (null, null)
            : open > 0 && text.EndsWith('>') ? (text[..open].TrimEnd(), text[(open + 1)..^1].Trim())
            : (text, null);
    }

    private static string Json(string pointer, string value) => TextOf(JsonEditor.Set(Empty(), pointer, value));

    private static JsonFile Empty() => JsonFile.Parse("{}\n"u8.ToArray(), "the new plugin", MarketErrorCode.ManifestInvalid);

    private static string TextOf(JsonFile file) => System.Text.Encoding.UTF8.GetString(file.Utf8.Span);
}
