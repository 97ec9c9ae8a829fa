using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>Hooks.</summary>
internal static partial class HookRules
{
    private const string Run = "\"type\": \"command\", \"command\": \"echo done\"";

    internal static readonly CheckRule[] All =
    [
        new("PM0801", Severity.Error, "The hooks file is rejected")
        {
            Why = "A hooks file has only description and hooks, events hold arrays of groups, and each handler has a known type and fields "
                + "of the right type. One error, and Codex rejects the whole file: none of its hooks runs.",
            Kinds = ["HooksIgnored"],
            Bad = SampleText.Hook("Stop", "", Run + ", \"timeout\": \"5\""),
            Good = SampleText.Hook("Stop", "", Run + ", \"timeout\": 5"),
        },
        new("PM0802", Severity.Warning, "An event is unknown to Codex")
        {
            Why = "Codex ignores the event and its hooks, and uses the rest of the file.",
            Kinds = ["HookEventUnknown"],
            Bad = SampleText.Hook("Notification", "", Run),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0803", Severity.Error, "A hook is skipped")
        {
            Why = "Codex does not run prompt and agent hooks, nor hooks whose command, server or tool is blank.",
            Kinds = ["HookSkipped"],
            Bad = SampleText.Hook("Stop", "", "\"type\": \"prompt\", \"prompt\": \"Was it done?\""),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0804", Severity.Error, "A matcher is not a regular expression")
        {
            Why = "Codex reads a matcher as a regular expression without look-around and back references, "
                + "and skips the hooks of an invalid one.",
            Kinds = ["HookMatcher"],
            Bad = SampleText.Hook("PreToolUse", "\"matcher\": \"(Bash\",\n        ", Run),
            Good = SampleText.Hook("PreToolUse", "\"matcher\": \"Bash\",\n        ", Run),
        },
        new("PM0805", Severity.Warning, "The events are in an array")
        {
            Why = "Codex reads the items as events in an undocumented order.",
            Kinds = ["HookFormUnusual"],
            Bad = SampleText.Manifest("", "hooks/hooks.json", "{ \"hooks\": [[]] }\n"),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0806", Severity.Warning, "A timeout is shortened")
        {
            Why = "Hooks of SessionEnd and Interrupt get at most three seconds.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    if (HookEvents.IsFinal(hook.Event) && definition["timeout"] is { Kind: JsonKind.Number } timeout
                        && timeout.TryGetInt64(out var seconds) && seconds > hook.Timeout)
                    {
                        report.Value(plugin.PathOf(timeout), timeout,
                            $"Codex gives a hook of {hook.Event} {hook.Timeout} seconds, not {seconds}.");
                    }
                }
            },
            Bad = SampleText.Hook("SessionEnd", "", Run + ", \"timeout\": 60"),
            Good = SampleText.Hook("SessionEnd", "", Run + ", \"timeout\": 2"),
        },
        new("PM0807", Severity.Warning, "A variable does not exist in hooks")
        {
            Why = "Hooks have PLUGIN_ROOT, CLAUDE_PLUGIN_ROOT, PLUGIN_DATA and CLAUDE_PLUGIN_DATA: "
                + "Codex replaces ${…} by their values and sets them in the hook's environment. "
                + "Any other, such as CODEX_PLUGIN_ROOT, is empty, and a path after it begins at the root of the disk.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (_, definition) in Hooks(plugin))
                {
                    if (definition["command"] is { Kind: JsonKind.String } command
                        && UnknownVariable().Match(command.GetString()) is { Success: true } variable)
                    {
                        var known = variable.Groups["kind"].Value == "DATA" ? "PLUGIN_DATA" : "PLUGIN_ROOT";
                        report.Value(plugin.PathOf(command), command,
                            $"Hooks have no variable {variable.Groups["name"].Value}.", $"Write ${{{known}}}.");
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls ${CODEX_PLUGIN_ROOT}\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls ${PLUGIN_ROOT}\""),
        },
        new("PM0808", Severity.Warning, "A script does not exist")
        {
            Why = "The command names a file that the plugin does not have: the hook fails each time it runs.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (_, definition) in Hooks(plugin))
                {
                    if (definition["command"] is not { Kind: JsonKind.String } command)
                    {
                        continue;
                    }

                    foreach (Match script in RootedScript().Matches(command.GetString()))
                    {
                        if (PluginPath.Normalise("./" + script.Groups["path"].Value, out _) is { Length: > 0 } path
                            && plugin.Tree.Find(path) is null)
                        {
                            report.Value(plugin.PathOf(command), command, $"The plugin has no \"{path}\".");
                        }
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"${PLUGIN_ROOT}/hooks/done.sh\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh ${PLUGIN_ROOT}/hooks/done.sh\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0809", Severity.Warning, "A matcher is ignored")
        {
            Why = "These events have nothing to match, so their hooks run every time: UserPromptSubmit, Stop, "
                + "Interrupt and the two for model requests.",
            Plugin = static (plugin, report) =>
            {
                var seen = new HashSet<int>();
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    if (HookEvents.IgnoresMatcher(hook.Event) && definition.Parent?.Parent?["matcher"] is { Kind: JsonKind.String } matcher
                        && matcher.GetString() is not ("" or "*" or ".*") && seen.Add(matcher.Start))
                    {
                        report.Value(plugin.PathOf(matcher), matcher, $"Codex ignores the matcher: {hook.Event} has nothing to match.");
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "\"matcher\": \"Bash\",\n        ", Run),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0810", Severity.Information, "The hooks file has no hooks")
        {
            Why = "Codex reads the file and finds no hook.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Reading.Documents.TryGetValue(HookReader.DefaultFile, out var json)
                    && json.Root is { Kind: JsonKind.Object } root
                    && (root["hooks"] is null or { Kind: JsonKind.Null } or { Members.Count: 0, Items.Count: 0 })
                    && !plugin.Reading.Findings.Any(finding => finding.Path == HookReader.DefaultFile))
                {
                    report.Value(HookReader.DefaultFile, root["hooks"] ?? root, "The file lists no hook.", "Remove it.");
                }
            },
            Bad = SampleText.Manifest("", "hooks/hooks.json", "{ \"hooks\": {} }\n"),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0811", Severity.Warning, "Hooks of the Agent Plugin format never run")
        {
            Why = "Codex runs no hooks of a plugin with a root plugin.json of that format: "
                + "neither those of hooks/hooks.json nor any that the manifest, its extension or its overlay names.",
            Suggestion = "Use .codex-plugin/plugin.json without the root manifest.",
            Kinds = ["AgentHooks"],
            Bad = SampleText.Agent("\"extensions\": { \"com.openai\": { \"hooks\": \"./hooks/hooks.json\" } }"),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0812", Severity.Warning, "The shell cannot start a script")
        {
            Why = "A hook runs in a shell. A script that is called by its path ends with exit code 126 unless it is executable, "
                + "and with 127 if its first line ends with a carriage return.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (_, definition) in Hooks(plugin))
                {
                    if (definition["command"] is { Kind: JsonKind.String } command
                        && FirstWord().Match(command.GetString()) is { Success: true } script
                        && PluginPath.Normalise("./" + script.Groups["path"].Value, out _) is { Length: > 0 } path
                        && plugin.Tree.Find(path) is { Kind: TreeEntryKind.File } file
                        && CheckStart(plugin, file) is { } finding)
                    {
                        report.Value(plugin.PathOf(command), command, $"The shell cannot start \"{path}\": {finding.Why}.", finding.Remedy);
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"${PLUGIN_ROOT}/hooks/done.sh\"",
                "hooks/done.sh", "#!/bin/sh\r\necho done\r\n"),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh ${PLUGIN_ROOT}/hooks/done.sh\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0813", Severity.Warning, "An unknown key of a hook that looks like a known one")
        {
            Why = "Codex ignores unknown keys in groups and hooks: a misspelled matcher matches everything, "
                + "a misspelled timeout is not used.",
            Plugin = static (plugin, report) =>
            {
                var seen = new HashSet<int>();
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    ManifestFieldRules.Misspelt(plugin.PathOf(definition), definition,
                        hook.Type == "mcp_tool" ? HookReader.ToolFields : [.. HookReader.CommandFields, "command_windows", "prompt"],
                        report);
                    if (definition.Parent?.Parent is { Kind: JsonKind.Object } group && seen.Add(group.Start))
                    {
                        ManifestFieldRules.Misspelt(plugin.PathOf(group), group, HookReader.GroupFields, report);
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", Run + ", \"timout\": 5"),
            Good = SampleText.Hook("Stop", "", Run + ", \"timeout\": 5"),
        },
    ];

    private static (string Why, string Remedy)? CheckStart(PluginSubject plugin, TreeEntry script)
    {
        var text = plugin.Texts.FirstOrDefault(text => text.Path == script.Path)?.Text;
        return text?.StartsWith("#!", StringComparison.Ordinal) == true && text.Split('\n')[0].EndsWith('\r')
            ? ("its first line ends with a carriage return", "Save it with LF line ends.")
            : !OperatingSystem.IsWindows() && !script.Executable
            ? ("it is not executable", "Make it executable, or add its interpreter to the command.")
            : null;
    }

    private static IEnumerable<(Hook Hook, JsonValue Definition)> Hooks(PluginSubject plugin) =>
        (plugin.Manifest?.Hooks ?? []).Where(hook => hook.Definition is { Kind: JsonKind.Object }).Select(hook => (hook, hook.Definition!));

    [GeneratedRegex(@"\$\{?(?<name>(?!(?:CLAUDE_)?PLUGIN_(?:ROOT|DATA)\b)[A-Z0-9_]*PLUGIN_(?<kind>ROOT|DATA|DIR|PATH)\b)(?!:?-)")]
    private static partial Regex UnknownVariable();

    [GeneratedRegex(@"\$(?:\{(?:CLAUDE_)?PLUGIN_ROOT(?::?-[^}]*)?\}|(?:CLAUDE_)?PLUGIN_ROOT\b)""?/(?<path>[A-Za-z0-9_./-]+)")]
    private static partial Regex RootedScript();

    [GeneratedRegex(@"^\s*""?\$(?:\{(?:CLAUDE_)?PLUGIN_ROOT(?::?-[^}]*)?\}|(?:CLAUDE_)?PLUGIN_ROOT\b)""?/(?<path>[A-Za-z0-9_./-]+)")]
    private static partial Regex FirstWord();
}
