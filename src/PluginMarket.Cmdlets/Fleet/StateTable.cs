using System.Collections;
using System.Text.Json;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Fleet;

/// <summary>A desired state that was given as a hashtable.</summary>
internal static class StateTable
{
    private const int Deepest = 16;
    private static readonly (string Key, object Value)[] Given = [("format", 1), ("id", "command"), ("revision", "command")];

    /// <summary>Reads it.</summary>
    /// <exception cref="PluginMarketException">StateFileUnreadable, StateFileConflict.</exception>
    internal static DesiredState Read(MarketEnvironment market, Hashtable table)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (key, value) in Given.Where(pair => !table.ContainsKey(pair.Key)))
            {
                json.WritePropertyName(key);
                Write(json, value, 0);
            }

            foreach (DictionaryEntry entry in table)
            {
                json.WritePropertyName($"{entry.Key}");
                Write(json, entry.Value, 1);
            }

            json.WriteEndObject();
        }

        return DesiredStateFile.Parse(market, buffer.ToArray(), "-RequiredPlugin", market.WorkingDirectory);
    }

    private static void Write(Utf8JsonWriter json, object? given, int depth)
    {
        switch (PipelineObject.Unwrap(given))
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(PipelineObject.Unwrap(given), System.Globalization.CultureInfo.InvariantCulture));
                break;
            case IDictionary table when depth < Deepest:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in table)
                {
                    json.WritePropertyName($"{entry.Key}");
                    Write(json, entry.Value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items when depth < Deepest:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item, depth + 1);
                }

                json.WriteEndArray();
                break;
            case var other:
                throw new PluginMarketException(MarketErrorCode.StateFileUnreadable,
                    $"-RequiredPlugin contains a value of the type {other.GetType().Name}. "
                        + $"{Remedy.Do($"Use texts, numbers, $true, $false, lists and hashtables.")}");
        }
    }
}
