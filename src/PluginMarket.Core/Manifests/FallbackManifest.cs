using System.Globalization;
using System.Text;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The manifest that Codex makes of a catalog entry for a plugin without one (contract 1.8).</summary>
internal sealed class FallbackManifest
{
    /// <summary>Where the generated manifest is in the cache copy.</summary>
    public const string ManifestPath = ".codex-plugin/plugin.json";

    private readonly JsonValue? _entry;
    private string? _text;

    private FallbackManifest(JsonValue? entry, string? text)
    {
        _entry = entry;
        _text = text;
    }

    /// <summary>The text Codex writes, without a final newline; made when it is asked for, since most plugins have a manifest.</summary>
    public string JsonText => _text ??= Write(_entry!);

    /// <summary>The version of it, trimmed, where it is one that names a folder; Codex lists a git entry with it.</summary>
    public string? Version =>
        _entry?["version"]?.AsString()?.Trim() is { } version && PluginVersion.TryParse(version, out _, out _) ? version : null;

    /// <summary>Makes the manifest, or null where the entry has nothing but its typed keys.</summary>
    /// <param name="entry">The entry's object in the catalog.</param>
    public static FallbackManifest? FromEntry(JsonValue entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry["category"]?.AsString() is null && entry.Members.All(member => IsTyped(member.Name))
            ? null : new FallbackManifest(entry, null);
    }

    /// <summary>A manifest that was made before, byte for byte.</summary>
    internal static FallbackManifest FromText(string jsonText) => new(null, jsonText);

    /// <summary>The file that installing writes.</summary>
    public GeneratedFile ToFile() => new(ManifestPath, Encoding.UTF8.GetBytes(JsonText));

    private static bool IsTyped(string name) => name is "name" or "source" or "policy" or "category";

    private static string Write(JsonValue entry)
    {
        var category = entry["category"]?.AsString();
        var extra = entry.Members.Where(member => !IsTyped(member.Name)).DistinctBy(m => m.Name, StringComparer.Ordinal).ToList();

        // Added in Codex's order, each only where the entry's own interface does not say it; the category always.
        var presentation = new List<(string Name, string Value)>();
        var own = entry["interface"];
        Add("displayName", entry["displayName"]?.AsString());
        Add("developerName",
            entry["author"]?["name"]?.AsString() is { } developer && !string.IsNullOrWhiteSpace(developer) ? developer.Trim() : null);
        if (own?["websiteURL"] is null)
        {
            Add("websiteUrl", entry["homepage"]?.AsString());
        }

        var presented = string.IsNullOrWhiteSpace(category) ? null : category.Trim();
        var text = new StringBuilder();
        var json = new PrettyJson(text);
        var hasInterface = false;
        json.Open('{');
        foreach (var member in extra)
        {
            json.Name(member.Name);
            if (member.Name == "interface" && (presentation.Count > 0 || presented is not null))
            {
                hasInterface = true;
                WriteInterface(json, own is { Kind: JsonKind.Object } ? own : null, presentation, presented);
            }
            else
            {
                hasInterface |= member.Name == "interface";
                json.Value(member.Value);
            }
        }

        json.Name("name");
        json.Value(entry["name"]?.AsString() ?? "");
        if (category is not null)
        {
            json.Name("category");
            json.Value(category);
        }

        if (!hasInterface && (presentation.Count > 0 || presented is not null))
        {
            json.Name("interface");
            WriteInterface(json, null, presentation, presented);
        }

        json.Close('}');
        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is not null && !(own is { Kind: JsonKind.Object } && own[name] is not null))
            {
                presentation.Add((name, value));
            }
        }
    }

    private static void WriteInterface(PrettyJson json, JsonValue? own, List<(string Name, string Value)> added, string? category)
    {
        json.Open('{');
        foreach (var member in own?.Members ?? [])
        {
            json.Name(member.Name);
            if (member.Name == "category" && category is not null)
            {
                json.Value(category);
            }
            else
            {
                json.Value(member.Value);
            }
        }

        foreach (var (name, value) in added)
        {
            json.Name(name);
            json.Value(value);
        }

        if (category is not null && own?["category"] is null)
        {
            json.Name("category");
            json.Value(category);
        }

        json.Close('}');
    }

    /// <summary>Writes JSON byte for byte as Codex does: two spaces, order kept, numbers as written but for the exponent.</summary>
    private sealed class PrettyJson(StringBuilder text)
    {
        private int _level;
        private bool _empty;

        internal void Open(char bracket)
        {
            text.Append(bracket);
            _level++;
            _empty = true;
        }

        internal void Close(char bracket)
        {
            _level--;
            if (!_empty)
            {
                text.Append('\n').Append(' ', 2 * _level);
            }

            text.Append(bracket);
            _empty = false;
        }

        internal void Name(string name)
        {
            Item();
            Quote(name);
            text.Append(": ");
        }

        internal void Value(string value) => Quote(value);

        internal void Value(JsonValue value)
        {
            switch (value.Kind)
            {
                case JsonKind.String:
                    Quote(value.GetString());
                    break;
                case JsonKind.Number:
                    text.Append(Number(Encoding.ASCII.GetString(value.RawUtf8)));
                    break;
                case JsonKind.Array:
                    Open('[');
                    foreach (var item in value.Items)
                    {
                        Item();
                        Value(item);
                    }

                    Close(']');
                    break;
                case JsonKind.Object:
                    Open('{');
                    foreach (var member in value.Members)
                    {
                        Name(member.Name);
                        Value(member.Value);
                    }

                    Close('}');
                    break;
                default:
                    text.Append(Encoding.ASCII.GetString(value.RawUtf8));
                    break;
            }
        }

        private void Item()
        {
            text.Append(_empty ? "\n" : ",\n").Append(' ', 2 * _level);
            _empty = false;
        }

        private static string Number(string number)
        {
            var exponent = number.IndexOfAny(['e', 'E']);
            return exponent < 0 ? number
                : $"{number[..exponent]}e{(char.IsAsciiDigit(number[exponent + 1]) ? "+" : "")}{number[(exponent + 1)..]}";
        }

        private void Quote(string value)
        {
            text.Append('"');
            foreach (var c in value)
            {
                _ = c switch
                {
                    '"' => text.Append("\\\""),
                    '\\' => text.Append("\\\\"),
                    '\b' => text.Append("\\b"),
                    '\f' => text.Append("\\f"),
                    '\n' => text.Append("\\n"),
                    '\r' => text.Append("\\r"),
                    '\t' => text.Append("\\t"),
                    < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => text.Append(c),
                };
            }

            text.Append('"');
        }
    }
}
