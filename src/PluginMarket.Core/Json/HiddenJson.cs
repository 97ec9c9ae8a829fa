using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>Finds characters that a reader does not see in the texts of a JSON value.</summary>
internal static class HiddenJson
{
    internal static bool IsIn(JsonValue node) => node.Kind switch
    {
        JsonKind.String => HiddenText.IsIn(node.GetString()),
        JsonKind.Array => node.Items.Any(IsIn),
        JsonKind.Object => node.Members.Any(member => HiddenText.IsIn(member.Name) || IsIn(member.Value)),
        _ => false,
    };
}
