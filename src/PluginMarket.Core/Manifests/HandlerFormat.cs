using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The types of a hook handler's fields; one wrong type and Codex rejects the whole file (contract 2.7).</summary>
internal static class HandlerFormat
{
    internal static (JsonValue Value, string Message)? Check(JsonValue handler, string[] commandFields, string[] toolFields)
    {
        if (handler.Kind is not (JsonKind.Object or JsonKind.Array))
        {
            return (handler, $"a hook must be an object, not {ManifestFields.Describe(handler)}");
        }

        var type = HookReader.Field(handler, commandFields, "type");
        return type?.AsString() switch
        {
            "command" => Text(handler, commandFields, "command", required: true)
                ?? Text(handler, commandFields, "commandWindows")
                ?? Text(handler, commandFields, "command_windows")
                ?? Twice(handler)
                ?? Seconds(handler, commandFields, "timeout")
                ?? Boolean(handler, commandFields, "async")
                ?? Text(handler, commandFields, "statusMessage")
                ?? Seconds(handler, commandFields, "additionalContextLimit"),
            "mcp_tool" => Text(handler, toolFields, "server", required: true)
                ?? Text(handler, toolFields, "tool", required: true)
                ?? Input(handler, toolFields)
                ?? Seconds(handler, toolFields, "timeout")
                ?? Text(handler, toolFields, "statusMessage"),
            "prompt" or "agent" => null,
            null => (type ?? handler, "a hook must have a \"type\": command, mcp_tool, prompt or agent"),
            var unknown => (type!, $"the type \"{unknown}\" is not known, only command, mcp_tool, prompt and agent"),
        };
    }

    private static (JsonValue, string)? Text(JsonValue handler, string[] fields, string name, bool required = false)
    {
        var value = HookReader.Field(handler, fields, name);
        return value?.Kind switch
        {
            null => required ? (handler, $"\"{name}\" is missing") : null,
            JsonKind.String => null,
            JsonKind.Null when !required => null,
            _ => (value, $"\"{name}\" must be a string, not {ManifestFields.Describe(value)}"),
        };
    }

    private static (JsonValue, string)? Seconds(JsonValue handler, string[] fields, string name)
    {
        var value = HookReader.Field(handler, fields, name);
        return value is null or { Kind: JsonKind.Null } || IsUnsigned(value)
            ? null : (value, $"\"{name}\" must be a whole number, 0 or more");
    }

    private static bool IsUnsigned(JsonValue value)
    {
        if (value.Kind != JsonKind.Number)
        {
            return false;
        }

        foreach (var digit in value.RawUtf8)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }
        }

        return ulong.TryParse(value.RawUtf8, System.Globalization.CultureInfo.InvariantCulture, out _);
    }

    private static (JsonValue, string)? Boolean(JsonValue handler, string[] fields, string name) =>
        HookReader.Field(handler, fields, name) is { Kind: not JsonKind.Boolean } value
            ? (value, $"\"{name}\" must be true or false") : null;

    private static (JsonValue, string)? Input(JsonValue handler, string[] fields) =>
        HookReader.Field(handler, fields, "input") is { Kind: not JsonKind.Object } value ? (value, "\"input\" must be an object") : null;

    private static (JsonValue, string)? Twice(JsonValue handler) =>
        handler["commandWindows"] is not null && handler["command_windows"] is { } second
            ? (second, "\"commandWindows\" and \"command_windows\" are the same field") : null;
}
