using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>Hooks.</summary>
internal static class HookRules
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
        new("PM0817", Severity.Warning, "A group of an event has no hooks")
        {
            Why = "A group has the key hooks with its hooks in an array. Codex reads a group without it and runs nothing.",
            Kinds = ["HookGroupEmpty"],
            Bad = SampleText.Manifest("", "hooks/hooks.json",
                "{ \"hooks\": { \"Stop\": [{ \"hook\": [{ \"type\": \"command\", \"command\": \"echo done\" }] }] } }\n"),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0815", Severity.Warning, "A matcher matches nothing")
        {
            Why = "A matcher of letters, digits, '_' and '|' is a list of whole names, any other a regular expression. "
                + "SessionStart is matched against startup, resume, clear and compact, PreCompact and PostCompact against manual and auto. "
                + "The shell is called Bash, whatever its tool is called, and patterns of permissions such as Bash(git *) are not read.",
            Plugin = static (plugin, report) =>
            {
                var seen = new HashSet<int>();
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    if (definition.Parent?.Parent?["matcher"] is { Kind: JsonKind.String } matcher && seen.Add(matcher.Start)
                        && MatcherTargets.FindMistake(hook.Event, matcher.GetString()) is { } mistake)
                    {
                        report.Value(plugin.PathOf(matcher), matcher, mistake.Message,
                            mistake.Meant is null ? null : $"Write \"{mistake.Meant}\".");
                    }
                }
            },
            Bad = SampleText.Hook("PreToolUse", "\"matcher\": \"bash\",\n        ", Run),
            Good = SampleText.Hook("PreToolUse", "\"matcher\": \"Bash\",\n        ", Run),
        },
    ];

    internal static IEnumerable<(Hook Hook, JsonValue Definition)> Hooks(PluginSubject plugin) =>
        (plugin.Manifest?.Hooks ?? []).Where(hook => hook.Definition is { Kind: JsonKind.Object }).Select(hook => (hook, hook.Definition!));
}
