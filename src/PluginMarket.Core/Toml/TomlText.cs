using System.Globalization;
using System.Text;

namespace PluginMarket.Toml;

/// <summary>The one escaper: keys and values as TOML 1.0 text.</summary>
internal static class TomlText
{
    public static string Key(string key) => key.Length > 0 && key.All(IsBare) ? key : Quote(key);

    public static string Header(IReadOnlyList<string> path) => "[" + string.Join('.', path.Select(Key)) + "]";

    public static string Value(object value) => value switch
    {
        string text => Quote(text),
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        IReadOnlyList<object> list => "[" + string.Join(", ", list.Select(Value)) + "]",
        _ => throw new ArgumentException($"A {value.GetType().Name} is never written.", nameof(value)),
    };

    /// <summary>A basic string. Line breaks and controls are escaped, so that a value can never become a new line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\f' => quoted.Append("\\f"),
                '\r' => quoted.Append("\\r"),
                < ' ' or (>= 0x7F and <= 0x9F) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsBare(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
