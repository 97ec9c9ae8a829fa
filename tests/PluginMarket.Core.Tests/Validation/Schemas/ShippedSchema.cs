using NJsonSchema;
using NJsonSchema.Validation;
using PluginMarket.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>Checks a file that the strict reader accepted by one of the shipped schemas.</summary>
internal static class ShippedSchema
{
    private static readonly Lazy<JsonSchema>[] Loaded =
        [.. Enum.GetValues<SchemaKind>().Select(kind => new Lazy<JsonSchema>(() => Parse(ReadText(kind))))];

    /// <summary>Finds every place where a value breaks a schema, in file order.</summary>
    /// <param name="root">The value the schema describes: a file's top value, or one inside a manifest.</param>
    /// <param name="kind">The schema.</param>
    internal static IReadOnlyList<SchemaFinding> Evaluate(JsonValue root, SchemaKind kind) => Evaluate(root, Loaded[(int)kind].Value);

    /// <summary>The same with any schema; tests show with it which keywords are evaluated.</summary>
    internal static IReadOnlyList<SchemaFinding> Evaluate(JsonValue root, string schema) => Evaluate(root, Parse(schema));

    /// <summary>The schema's text as it ships.</summary>
    internal static string ReadText(SchemaKind kind) =>
        File.ReadAllText(Path.Join(RepositoryRoot.Path, "module", "schemas", $"{kind.ToString().ToLowerInvariant()}.schema.json"));

    private static JsonSchema Parse(string text) => JsonSchema.FromJsonAsync(text).GetAwaiter().GetResult();

    private static List<SchemaFinding> Evaluate(JsonValue root, JsonSchema schema)
    {
        var tokens = new SchemaTokens(root);
        try
        {
            return [.. new JsonSchemaValidator().Validate(tokens.Root, schema)
                .SelectMany(SchemaErrors.Innermost)
                .Select(error => new SchemaFinding(tokens.ValueOf(error.Token) ?? root, SchemaErrors.Describe(error)))
                .Distinct()
                .OrderBy(finding => finding.At.Start)];
        }
        // The library has no list of what it throws over hostile values; what it could not check must not pass as checked.
#pragma warning disable CA1031
        catch (Exception broken) when (broken is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return [new SchemaFinding(root, $"it cannot be held against the schema ({broken.GetType().Name})")];
        }
    }
}
