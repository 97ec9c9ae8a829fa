using System.Buffers;
using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>Finds characters that a reader does not see in the texts of a JSON value.</summary>
internal static class HiddenJson
{
    /// <summary>Everything that a text of JSON shows as it is.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c), (byte)'\t', (byte)'\r', (byte)'\n']);

    internal static bool IsIn(JsonValue node)
    {
        var text = node.RawUtf8;
        return (text.ContainsAnyExcept(Plain) || text.IndexOf("\\u"u8) >= 0 || text.IndexOf("\\b"u8) >= 0 || text.IndexOf("\\f"u8) >= 0)
            && IsInTextOf(node);
    }

    private static bool IsInTextOf(JsonValue node) => node.Kind switch
    {
        JsonKind.String => HiddenText.IsIn(node.GetString()),
        JsonKind.Array => node.Items.Any(IsInTextOf),
        JsonKind.Object => node.Members.Any(member => HiddenText.IsIn(member.Name) || IsInTextOf(member.Value)),
        _ => false,
    };
}
