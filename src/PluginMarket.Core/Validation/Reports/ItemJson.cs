using System.Text.Json;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>Results of any kind with the property names of the objects; the plugins of a home are in it.</summary>
internal static class ItemJson
{
    internal static string Write(ItemContent content) => ReportJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("tool", "PluginMarket");
        json.WriteString("toolVersion", Origin.ToolVersion);
        json.WriteOptional("runName", content.RunName);
        json.WriteNumber("failedCount", content.Failed);
        json.WriteNumber("unknownCount", content.Unknown);
        json.WriteStartArray("results");
        for (var i = 0; i < content.Items.Count;)
        {
            var item = content.Items[i];
            json.WriteStartObject();
            json.WriteString("result", item.Kind);
            if (item.Owner.Count == 0)
            {
                WriteOwn(json, item);
                i++;
            }
            else
            {
                i = WriteHome(json, content.Items, i);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static int WriteHome(Utf8JsonWriter json, IReadOnlyList<ReportedItem> items, int first)
    {
        var owner = items[first].Owner;
        WriteFields(json, owner);
        json.WriteStartArray("plugins");
        var i = first;
        for (; i < items.Count && ReferenceEquals(items[i].Owner, owner); i++)
        {
            if (items[i].Fields.Count > 0)
            {
                json.WriteStartObject();
                WriteOwn(json, items[i]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        return i;
    }

    private static void WriteOwn(Utf8JsonWriter json, ReportedItem item)
    {
        json.WriteString("outcome", item.Outcome.ToString());
        WriteFields(json, item.Fields);
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<ReportField> fields)
    {
        foreach (var field in fields)
        {
            var name = char.ToLowerInvariant(field.Name[0]) + field.Name[1..];
            switch (field.Value)
            {
                case bool truth:
                    json.WriteBoolean(name, truth);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case string[] texts:
                    json.WriteStartArray(name);
                    foreach (var text in texts)
                    {
                        json.WriteStringValue(DisplayText.Escape(text));
                    }

                    json.WriteEndArray();
                    break;
                case null:
                    json.WriteNull(name);
                    break;
                default:
                    json.WriteString(name, field.Text);
                    break;
            }
        }
    }
}
