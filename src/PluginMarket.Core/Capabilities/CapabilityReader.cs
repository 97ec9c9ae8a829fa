using System.Globalization;
using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Capabilities;

/// <summary>Lists what a plugin can do once it is loaded.</summary>
internal static partial class CapabilityReader
{
    private static readonly string[] Kinds = ["Hook", "McpServer", "App", "Script", "Skill", "Prompt"];

    /// <summary>Hooks, MCP servers, apps, scripts, skills and prompts, in this order, sorted by file, line and name.</summary>
    /// <remarks>Scripts are the files that hooks and servers name, files that are executable, and files with the
    /// extension of a script or program.</remarks>
    /// <param name="tree">The tree the manifest was read from.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="digests">Digests of the tree's files that are known already, so that they need not be read again; or null.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<Capability> Read(FileTree tree, PluginManifest manifest,
        IReadOnlyDictionary<string, string>? digests = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(manifest);
        using var content = new ContentHash(tree, digests);
        var found = new List<Capability>();
        found.AddRange(manifest.Hooks.Select(h => OfHook(tree, content, h, active: true)));
        found.AddRange(manifest.PassedOverHooks.Select(h => OfHook(tree, content, h, active: false)));
        found.AddRange(manifest.McpServers.Select(s => OfServer(tree, content, s, active: true)));
        found.AddRange(manifest.PassedOverMcpServers.Select(s => OfServer(tree, content, s, active: false)));
        found.AddRange(manifest.Apps.Select(OfApp));
        var named = found.SelectMany(c => c.Scripts).ToHashSet(StringComparer.Ordinal);
        found.AddRange(tree.Files.Where(f => f.Executable || ScriptNames.IsScript(f.Path) || named.Contains(DisplayText.Escape(f.Path)))
            .Select(f => OfScript(content, f)));
        found.AddRange(OfSkills(tree, content, manifest));
        found.AddRange((manifest.Interface?.DefaultPrompts ?? []).Select((prompt, index) => OfPrompt(manifest, prompt, index)));
        return [.. found
            .OrderBy(c => Array.IndexOf(Kinds, c.Component))
            .ThenBy(c => c.File, StringComparer.Ordinal)
            .ThenBy(c => c.Line)
            .ThenBy(c => c.Name, StringComparer.Ordinal)];
    }

    private static Capability OfHook(FileTree tree, ContentHash content, Hook hook, bool active)
    {
        var scripts = ScriptNames.Find(tree, "", hook.Command, hook.CommandWindows);
        var definition = new DefinitionHash("Hook").Add(hook.Event).Add(hook.Matcher).Add(hook.Definition);
        return new Capability
        {
            Component = "Hook",
            Name = hook.Key,
            Event = hook.Event,
            Matcher = hook.Matcher,
            Command = hook.Type switch { "command" => hook.Command, "mcp_tool" => $"{hook.Server}: {hook.Tool}", _ => hook.Prompt },
            Scripts = [.. scripts.Select(DisplayText.Escape)],
            File = hook.File,
            Line = hook.Line,
            IsActive = active,
            HasHiddenText = WasHidden(hook.Command) || WasHidden(hook.Prompt),
            Hash = content.AddTo(definition, scripts).Finish(),
        };
    }

    private static Capability OfPrompt(PluginManifest manifest, string prompt, int index) => new()
    {
        Component = "Prompt",
        Name = string.Create(CultureInfo.InvariantCulture, $"defaultPrompt:{index}"),
        Command = prompt,
        File = manifest.ManifestPath,
        Line = 1,
        HasHiddenText = WasHidden(prompt),
        Hash = new DefinitionHash("Prompt").Add(prompt).Finish(),
    };

    // The model's texts are escaped already: what was hidden is there in digits, and so are tabs and line ends, which are not.
    private static bool WasHidden(string? text) => text is not null && Escaped().EnumerateMatches(text) is var found && found.MoveNext();

    [GeneratedRegex(@"\\u\{(?!000[9CD]\})[0-9A-F]{4,6}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();

    private static Capability OfServer(FileTree tree, ContentHash content, McpServer server, bool active)
    {
        var scripts = ScriptNames.Find(tree, server.WorkingDirectory ?? "", [server.Command, server.HeadersHelper, .. server.Arguments]);
        var definition = new DefinitionHash("McpServer").Add(server.Name).Add(server.Definition);
        return new Capability
        {
            Component = "McpServer",
            Name = server.Name,
            Command = server.Command is null
                ? server.HeadersHelper : string.Join(' ', server.Arguments.Prepend(server.Command).Select(Quote)),
            Url = server.Url,
            Environment = server.EnvironmentNames,
            Headers = server.HeaderNames,
            Scripts = [.. scripts.Select(DisplayText.Escape)],
            File = server.File,
            Line = server.Line,
            IsActive = active,
            HasHiddenText = new[] { server.Name, server.Command, server.HeadersHelper, server.Url }.Concat(server.Arguments).Any(WasHidden),
            Hash = content.AddTo(definition, scripts).Finish(),
        };
    }

    private static Capability OfApp(App app) => new()
    {
        Component = "App",
        Name = app.Name,
        Url = app.Id,
        File = app.File,
        Line = app.Line,
        HasHiddenText = WasHidden(app.Name) || WasHidden(app.Id),
        Hash = new DefinitionHash("App").Add(app.Name).Add(app.Definition).Finish(),
    };

    private static Capability OfScript(ContentHash content, TreeEntry file) => new()
    {
        Component = "Script",
        Name = DisplayText.Escape(file.Path),
        File = DisplayText.Escape(file.Path),
        Line = 1,
        Hash = content.AddTo(new DefinitionHash("Script"), [file.Path]).Finish(),
    };

    /// <summary>A skill is its folder: what else is there instructs the model too. A file counts for the deepest skill around
    /// it.</summary>
    private static IEnumerable<Capability> OfSkills(FileTree tree, ContentHash content, PluginManifest manifest)
    {
        var folders = manifest.Skills.ToDictionary(s => FolderOf(s.Path), _ => new List<string>(), StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            for (var folder = FolderOf(file.Path); folders.Count > 0; folder = FolderOf(folder))
            {
                if (folders.TryGetValue(folder, out var members))
                {
                    members.Add(file.Path);
                    break;
                }

                if (folder.Length == 0)
                {
                    break;
                }
            }
        }

        foreach (var skill in manifest.Skills.Concat(manifest.Commands))
        {
            var files = skill.MigratedFrom is null ? folders[FolderOf(skill.Path)] : [skill.Path];
            yield return new Capability
            {
                Component = "Skill",
                Name = skill.Name,
                Description = skill.Description,
                File = skill.MigratedFrom ?? skill.File,
                Line = 1,
                HasHiddenText = skill.HasHiddenText,
                Hash = content.AddTo(new DefinitionHash("Skill").Add(skill.Name), files).Finish(),
            };
        }
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    private static string Quote(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAny(" \t\n\"'")
            ? argument : $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
