using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Reads hooks (contract 2.7): the default file, named files, or the manifest's own.</summary>
/// <remarks>Codex also takes an array where it means an object, field by field in its own order; that is read too,
/// since a hook must not hide that way.</remarks>
internal static class HookReader
{
    internal const string DefaultFile = "hooks/hooks.json";
    private const string IgnoredFile = "HooksIgnored";
    private const long FinalSeconds = 3;
    private static readonly string[] FileFields = ["description", "hooks"];
    internal static readonly string[] GroupFields = ["matcher", "hooks"];
    internal static readonly string[] CommandFields = ["type", "command", "commandWindows", "timeout", "async", "statusMessage",
        "additionalContextLimit"];
    internal static readonly string[] ToolFields = ["type", "server", "tool", "input", "timeout", "statusMessage"];

    internal static (List<Hook> Loaded, List<Hook> PassedOver) Read(PluginPass reading, JsonValue? value)
    {
        var found = (Loaded: new List<Hook>(), PassedOver: new List<Hook>());
        switch (value?.Kind)
        {
            case JsonKind.String:
                ReadFiles(reading, [value], found);
                break;
            case JsonKind.Array when value.Items.All(i => i.Kind == JsonKind.String):
                ReadFiles(reading, value.Items, found);
                break;
            case JsonKind.Object or JsonKind.Array when CheckFile(value) is null:
                ReadFile(reading, value, "plugin.json#hooks[0]", found);
                break;
            case JsonKind.Array when value.Items.All(i => CheckFile(i) is null):
                for (var i = 0; i < value.Items.Count; i++)
                {
                    ReadFile(reading, value.Items[i], $"plugin.json#hooks[{i}]", found);
                }

                break;
            case null or JsonKind.Null:
                ReadFiles(reading, [], found);
                break;
            default:
                reading.Warn("FieldIgnored", value, $"Codex ignores \"hooks\": it must be a path, an array of paths, "
                    + $"or the content of a hooks file ({{\"hooks\": …}}).", "ComponentFieldType");
                ReadFiles(reading, [], found);
                break;
        }

        return found;
    }

    private static void ReadFiles(PluginPass reading, IReadOnlyList<JsonValue> values, (List<Hook> Loaded, List<Hook> PassedOver) found)
    {
        var named = values.Select(value => (Path: PluginPath.Read(reading, value, "hooks"), Value: (JsonValue?)value))
            .Where(file => file.Path is not null).ToList();
        foreach (var (path, value) in named.Count > 0 ? named : [(DefaultFile, null)])
        {
            if (reading.Tree.Find(path!) is not { Kind: TreeEntryKind.File } file)
            {
                if (value is not null)
                {
                    reading.Warn(IgnoredFile, value, $"The plugin has no file \"{path}\", and so no hooks of it.", "NamedFileMissing");
                }

                continue;
            }

            if (reading.ReadCompanion(file, IgnoredFile, TypedManifestKeys.OfHooks)?.Root is not { } root)
            {
                continue;
            }

            if (CheckFile(root) is { } finding)
            {
                reading.Warn(IgnoredFile, finding.Value, $"Codex ignores the whole hooks file: {finding.Message}.",
                    suggestion: Missing(finding) ?? Meant(finding.Value));
                continue;
            }

            ReadFile(reading, root, path!, found);
        }
    }

    private static void ReadFile(PluginPass reading, JsonValue root, string source, (List<Hook> Loaded, List<Hook> PassedOver) found)
    {
        var events = Field(root, FileFields, "hooks");
        if (events?.Kind == JsonKind.Array && events.Items.Count > 0)
        {
            reading.Warn("HookFormUnusual", events, "The events are in an array instead of an object; Codex reads them in its own order.");
        }

        foreach (var member in events?.Members ?? [])
        {
            if (!HookEvents.Names.Contains(member.Name, StringComparer.Ordinal))
            {
                reading.Warn("HookEventUnknown", member.Value, $"Codex ignores the unknown event \"{member.Name}\".", atKey: true,
                    suggestion: NearestName.FindTypo(member.Name, HookEvents.Names) is { } meant ? $"Write \"{meant}\"." : null);
            }
        }

        foreach (var name in HookEvents.Names)
        {
            var groups = events is null ? null : Field(events, HookEvents.Names, name);
            for (var g = 0; g < (groups?.Items.Count ?? 0); g++)
            {
                ReadGroup(reading, name, groups!.Items[g], source, g, found);
            }
        }
    }

    private static void ReadGroup(PluginPass reading, string eventName, JsonValue group, string source, int groupIndex,
        (List<Hook> Loaded, List<Hook> PassedOver) found)
    {
        var matcher = HookEvents.IgnoresMatcher(eventName) ? null : Field(group, GroupFields, "matcher");
        var pattern = matcher?.AsString();
        var matcherFinding = pattern is null ? null : MatcherSyntax.Check(pattern);
        if (matcherFinding is not null)
        {
            reading.Warn("HookSkipped", matcher!, $"Codex skips these hooks: "
                + $"the matcher \"{pattern}\" is not a regular expression that it accepts: {matcherFinding}.", "HookMatcher");
        }

        if (Field(group, GroupFields, "hooks") is null)
        {
            reading.Warn("HookGroupEmpty", group, $"This group of \"{eventName}\" has no \"hooks\", so nothing runs.",
                suggestion: MeantFor(group, "hooks"));
        }

        var handlers = Field(group, GroupFields, "hooks")?.Items ?? [];
        for (var i = 0; i < handlers.Count; i++)
        {
            var key = $"{source}:{HookEvents.SnakeName(eventName)}:{groupIndex}:{i}";
            var hook = ReadHandler(handlers[i], eventName, pattern,
                source.StartsWith("plugin.json#", StringComparison.Ordinal) ? reading.ManifestPath : source, key);
            var skipped = FindSkipReason(hook);
            if (skipped is not null)
            {
                reading.Warn("HookSkipped", handlers[i], $"Codex skips this hook: {skipped}.");
            }

            (skipped is null && matcherFinding is null ? found.Loaded : found.PassedOver).Add(hook);
        }
    }

    private static Hook ReadHandler(JsonValue handler, string eventName, string? matcher, string file, string key)
    {
        var type = Field(handler, CommandFields, "type")!.GetString();
        var fields = type == "mcp_tool" ? ToolFields : CommandFields;
        var asked = Field(handler, fields, "timeout");
        var seconds = asked is null || asked.Kind != JsonKind.Number ? (long?)null
            : asked.TryGetInt64(out var whole) ? whole : long.MaxValue;
        var timeout = Math.Max(seconds ?? (HookEvents.IsFinal(eventName) ? 1 : 600), 1);
        return new Hook
        {
            Event = eventName,
            Matcher = ManifestFields.Escaped(matcher),
            Type = type,
            Command = type == "command" ? ManifestFields.Shown(Field(handler, fields, "command")) : null,
            CommandWindows = type == "command"
                ? ManifestFields.Shown(Field(handler, fields, "commandWindows") ?? Field(handler, fields, "command_windows")) : null,
            Prompt = type is "prompt" or "agent" ? ManifestFields.Shown(handler["prompt"]) : null,
            Server = type == "mcp_tool" ? ManifestFields.Shown(Field(handler, fields, "server")) : null,
            Tool = type == "mcp_tool" ? ManifestFields.Shown(Field(handler, fields, "tool")) : null,
            Timeout = HookEvents.IsFinal(eventName) ? Math.Min(timeout, FinalSeconds) : timeout,
            Async = type == "command" && Field(handler, fields, "async") is { Kind: JsonKind.Boolean } asynchronous
                && asynchronous.GetBoolean(),
            StatusMessage = ManifestFields.Shown(Field(handler, fields, "statusMessage")),
            Key = DisplayText.Escape(key),
            File = DisplayText.Escape(file),
            Line = handler.Position.Line,
            Definition = handler,
        };
    }

    private static string? FindSkipReason(Hook hook) => hook.Type switch
    {
        "prompt" or "agent" => $"{hook.Type} hooks are not supported yet",
        "command" when string.IsNullOrWhiteSpace(hook.Command) => "its command is empty",
        "mcp_tool" when string.IsNullOrWhiteSpace(hook.Server) || string.IsNullOrWhiteSpace(hook.Tool) => "its server or tool is empty",
        "mcp_tool" when hook.Event == "SessionEnd" => "MCP tools are not supported for SessionEnd",
        _ => null,
    };

    private static string? Missing((JsonValue Value, string Message) finding) =>
        finding.Message.Split('"') is ["", var name, " is missing"] ? MeantFor(finding.Value, name) : null;

    private static string? MeantFor(JsonValue owner, string name) =>
        owner.Members.FirstOrDefault(member => NearestName.FindTypo(member.Name, [name]) is not null) is { } typed
            ? $"Write \"{name}\" for \"{typed.Name}\"." : null;

    // The value is the type of a handler, or that of a key which is not known.
    private static string? Meant(JsonValue value)
    {
        var key = value.Parent?.Members.FirstOrDefault(member => member.Value.Start == value.Start)?.Name;
        var meant = key == "type" ? NearestName.FindTypo(value.AsString() ?? "", ["command", "mcp_tool", "prompt", "agent"])
            : key is null ? null : NearestName.FindTypo(key, FileFields);
        return meant is null ? null : $"Write \"{meant}\".";
    }

    /// <summary>What makes Codex reject a whole hooks file, or null.</summary>
    private static (JsonValue Value, string Message)? CheckFile(JsonValue root)
    {
        if (CheckFields(root, FileFields, closed: true) is { } shape)
        {
            return shape;
        }

        if (Field(root, FileFields, "description") is { Kind: not (JsonKind.String or JsonKind.Null) } description)
        {
            return (description, "\"description\" must be a string");
        }

        var events = Field(root, FileFields, "hooks");
        if (events is null)
        {
            return null;
        }

        if (CheckFields(events, HookEvents.Names, closed: false) is { } finding)
        {
            return finding;
        }

        foreach (var name in HookEvents.Names)
        {
            if (Field(events, HookEvents.Names, name) is { } groups && CheckGroups(groups) is { } groupsFinding)
            {
                return groupsFinding;
            }
        }

        return null;
    }

    private static (JsonValue Value, string Message)? CheckGroups(JsonValue groups)
    {
        if (groups.Kind != JsonKind.Array)
        {
            return (groups, "an event must contain an array");
        }

        foreach (var group in groups.Items)
        {
            if (CheckFields(group, GroupFields, closed: false) is { } shape)
            {
                return shape;
            }

            if (Field(group, GroupFields, "matcher") is { Kind: not (JsonKind.String or JsonKind.Null) } matcher)
            {
                return (matcher, "\"matcher\" must be a string");
            }

            var handlers = Field(group, GroupFields, "hooks");
            if (handlers is { Kind: not JsonKind.Array })
            {
                return (handlers, "\"hooks\" of a group must be an array");
            }

            foreach (var handler in handlers?.Items ?? [])
            {
                if (HandlerFormat.Check(handler, CommandFields, ToolFields) is { } finding)
                {
                    return finding;
                }
            }
        }

        return null;
    }

    /// <summary>A field by name of an object, or by place of an array.</summary>
    internal static JsonValue? Field(JsonValue value, string[] fields, string name) => value.Kind switch
    {
        JsonKind.Object => value[name],
        JsonKind.Array => Array.IndexOf(fields, name) is var place && place >= 0 && place < value.Items.Count ? value.Items[place] : null,
        _ => null,
    };

    private static (JsonValue Value, string Message)? CheckFields(JsonValue value, string[] fields, bool closed)
    {
        if (value.Kind == JsonKind.Object)
        {
            foreach (var member in closed ? value.Members : [])
            {
                if (!fields.Contains(member.Name, StringComparer.Ordinal))
                {
                    return (member.Value,
                        $"\"{member.Name}\" is not known here, only {string.Join(" and ", fields.Select(f => $"\"{f}\""))}");
                }
            }

            return null;
        }

        return value.Kind != JsonKind.Array ? (value, $"an object is required here, not {ManifestFields.Describe(value)}")
            : value.Items.Count > fields.Length ? (value, "an object is required here") : null;
    }
}
