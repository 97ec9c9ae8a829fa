using System.Globalization;
using Newtonsoft.Json.Linq;
using PluginMarket.Json;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>A parsed file in the form NJsonSchema reads, with the way back to each value's place.</summary>
/// <remarks>Made from our own reader's values, never from text: nothing is guessed (dates, numbers, duplicate names),
/// and no pointer has to be parsed.</remarks>
internal sealed class SchemaTokens
{
    private readonly Dictionary<JToken, JsonValue> _values = new(ReferenceEqualityComparer.Instance);

    internal SchemaTokens(JsonValue root) => Root = Make(root);

    internal JToken Root { get; }

    internal JsonValue? ValueOf(JToken? token) => token is not null && _values.TryGetValue(token, out var value) ? value : null;

    private JToken Make(JsonValue value)
    {
        JToken token = value.Kind switch
        {
            JsonKind.Object => MakeObject(value),
            JsonKind.Array => new JArray(value.Items.Select(Make)),
            JsonKind.String => new JValue(value.GetString()),
            JsonKind.Boolean => new JValue(value.GetBoolean()),
            JsonKind.Number => MakeNumber(value),
            _ => JValue.CreateNull(),
        };
        _values[token] = value;
        return token;
    }

    private JObject MakeObject(JsonValue value)
    {
        var made = new JObject();
        foreach (var member in value.Members)
        {
            // Of a name that occurs twice the first counts, as for the readers.
            if (made.Property(member.Name, StringComparison.Ordinal) is null)
            {
                var property = new JProperty(member.Name, Make(member.Value));
                _values[property] = member.Value;
                made.Add(property);
            }
        }

        return made;
    }

    // Codex takes as whole what is written without fraction, exponent or a minus before nothing, and fits 64 bits.
    private static JValue MakeNumber(JsonValue value) =>
        value.TryGetInt64(out var whole) && !(whole == 0 && value.RawUtf8[0] == '-') ? new JValue(whole)
        : ulong.TryParse(value.RawUtf8, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? new JValue(unsigned)
        : new JValue(value.GetDouble());
}
