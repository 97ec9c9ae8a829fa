using System.Text.RegularExpressions;

namespace PluginMarket;

/// <summary>Hooks.</summary>
internal static partial class HookRules
{
    private const string Run = "\"type\": \"command\", \"command\": \"echo done\"";

    internal static readonly CheckRule[] All =
    [
        new("PM0801", Severity.Error, "The hooks file is rejected")
        {
            Why = "A hooks file has only description and hooks, events hold arrays of groups, and each handler has a known type and fields of the right type. One mistake, and Codex rejects the whole file: no hook of it runs.",
            Kinds = ["HooksIgnored"],
            Bad = SampleText.Hook("Stop", "", Run + ", \"timeout\": \"5\""),
            Good = SampleText.Hook("Stop", "", Run + ", \"timeout\": 5"),
        },
        new("PM0802", Severity.Warning, "An event that Codex does not know")
        {
            Why = "Codex ignores the event and its hooks, and takes the rest of the file.",
            Kinds = ["HookEventUnknown"],
            Bad = SampleText.Hook("Notification", "", Run),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0803", Severity.Error, "A hook that is skipped")
        {
            Why = "Codex does not run prompt and agent hooks yet, nor hooks whose command, server or tool is blank.",
            Kinds = ["HookSkipped"],
            Bad = SampleText.Hook("Stop", "", "\"type\": \"prompt\", \"prompt\": \"Was it done?\""),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0804", Severity.Error, "A matcher that is no regular expression")
        {
            Why = "Codex reads a matcher as a regular expression of its own kind, without look-around and back references, and skips the hooks of one it cannot read.",
            Kinds = ["HookMatcher"],
            Bad = SampleText.Hook("PreToolUse", "\"matcher\": \"(Bash\",\n        ", Run),
            Good = SampleText.Hook("PreToolUse", "\"matcher\": \"Bash\",\n        ", Run),
        },
        new("PM0805", Severity.Warning, "The events stand in an array")
        {
            Why = "Codex reads the items as events in an order that is written nowhere.",
            Kinds = ["HookFormUnusual"],
            Bad = SampleText.Manifest("", "hooks/hooks.json", "{ \"hooks\": [[]] }\n"),
            Good = SampleText.Hook("Stop", "", Run),
        },
        new("PM0806", Severity.Warning, "A timeout that is cut short")
        {
            Why = "Hooks of SessionEnd and Interrupt get three seconds at the most, whatever they ask for.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    if (HookEvents.IsFinal(hook.Event) && definition["timeout"] is { Kind: JsonKind.Number } timeout && timeout.TryGetInt64(out var seconds) && seconds > hook.Timeout)
                    {
                        report.Value(plugin.PathOf(timeout), timeout, $"Codex gives a hook of {hook.Event} {hook.Timeout} seconds, not {seconds}.");
                    }
                }
            },
            Bad = SampleText.Hook("SessionEnd", "", Run + ", \"timeout\": 60"),
            Good = SampleText.Hook("SessionEnd", "", Run + ", \"timeout\": 2"),
        },
        new("PM0807", Severity.Warning, "A variable without braces")
        {
            Why = "Codex substitutes ${PLUGIN_ROOT}, ${CLAUDE_PLUGIN_ROOT} and the two DATA variables in the form with braces only. $PLUGIN_ROOT is left to the shell, which does not have it.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (_, definition) in Hooks(plugin))
                {
                    if (definition["command"] is { Kind: JsonKind.String } command && BareVariable().Match(command.GetString()) is { Success: true } variable)
                    {
                        report.Value(plugin.PathOf(command), command, $"Codex does not substitute {variable.Value}.", $"Write ${{{variable.Value[1..]}}}.");
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls $PLUGIN_ROOT\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls ${PLUGIN_ROOT}\""),
        },
        new("PM0808", Severity.Warning, "A script that is not there")
        {
            Why = "The command names a file of the plugin that the plugin does not have: the hook fails each time it runs.",
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
                        if (PluginPath.Normalise("./" + script.Groups["path"].Value, out _) is { Length: > 0 } path && plugin.Tree.Find(path) is null)
                        {
                            report.Value(plugin.PathOf(command), command, $"The plugin has no \"{path}\".");
                        }
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"${PLUGIN_ROOT}/hooks/done.sh\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"${PLUGIN_ROOT}/hooks/done.sh\"", "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0809", Severity.Warning, "A matcher that is not looked at")
        {
            Why = "These events have nothing to match, so that their hooks run every time: UserPromptSubmit, Stop, Interrupt and the two about model requests.",
            Plugin = static (plugin, report) =>
            {
                var seen = new HashSet<int>();
                foreach (var (hook, definition) in Hooks(plugin))
                {
                    if (HookEvents.IgnoresMatcher(hook.Event) && definition.Parent?.Parent?["matcher"] is { Kind: JsonKind.String } matcher && matcher.GetString() is not ("" or "*" or ".*") && seen.Add(matcher.Start))
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
            Why = "The file is read and gives nothing.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Reading.Documents.TryGetValue(HookReader.DefaultFile, out var json) && json.Root is { Kind: JsonKind.Object } root && (root["hooks"] is null or { Kind: JsonKind.Null } or { Members.Count: 0, Items.Count: 0 }) && !plugin.Reading.Findings.Any(finding => finding.Path == HookReader.DefaultFile))
                {
                    report.Value(HookReader.DefaultFile, root["hooks"] ?? root, "The file names no hook.", "Delete it.");
                }
            },
            Bad = SampleText.Manifest("", "hooks/hooks.json", "{ \"hooks\": {} }\n"),
            Good = SampleText.Hook("Stop", "", Run),
        },
    ];

    private static IEnumerable<(Hook Hook, JsonValue Definition)> Hooks(PluginSubject plugin) =>
        (plugin.Manifest?.Hooks ?? []).Where(hook => hook.Definition is { Kind: JsonKind.Object }).Select(hook => (hook, hook.Definition!));

    [GeneratedRegex(@"\$(?:CLAUDE_)?PLUGIN_(?:ROOT|DATA)\b")]
    private static partial Regex BareVariable();

    [GeneratedRegex(@"\$\{(?:CLAUDE_)?PLUGIN_ROOT\}/(?<path>[A-Za-z0-9_./-]+)")]
    private static partial Regex RootedScript();
}
