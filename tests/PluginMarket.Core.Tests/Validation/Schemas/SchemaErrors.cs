using NJsonSchema;
using NJsonSchema.Validation;
using Newtonsoft.Json.Linq;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>Turns what NJsonSchema reports into the innermost faults and sentences for people.</summary>
internal static class SchemaErrors
{
    /// <summary>The faults inside a fault: those of an item or member, and of several alternatives those of the one that was
    /// meant.</summary>
    internal static IEnumerable<ValidationError> Innermost(ValidationError error)
    {
        var inner = error switch
        {
            ChildSchemaValidationError { Kind: ValidationErrorKind.NotAnyOf } alternatives => Meant(alternatives.Errors.Values) ?? [],
            ChildSchemaValidationError members => [.. members.Errors.Values.SelectMany(errors => errors)],
            MultiTypeValidationError types => types.Errors.FirstOrDefault(pair => pair.Key == TypeOf(error.Token)).Value ?? [],
            _ => [],
        };
        return inner.Count == 0 ? [error] : inner.SelectMany(Innermost);
    }

    internal static string Describe(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.PropertyRequired => $"\"{error.Property}\" is missing",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => $"\"{error.Property}\" is not known here",
        ValidationErrorKind.NotInEnumeration => $"it must be {Choices(error.Schema)}",
        ValidationErrorKind.NotAnyOf => $"it must be {Alternatives(error.Schema)}",
        ValidationErrorKind.PatternMismatch => error.Schema.Description is { Length: > 0 } description
            ? $"it is not spelled as it must be: {description.TrimEnd('.')}" : "it is not spelled as it must be",
        ValidationErrorKind.ExcludedSchemaValidates => Excluded(error.Schema),
        ValidationErrorKind.NumberTooSmall => $"it must be {error.Schema.Minimum} or more",
        ValidationErrorKind.NumberTooBig => $"it must be {error.Schema.Maximum} or less",
        ValidationErrorKind.TooFewItems => $"it must have {error.Schema.MinItems} items or more",
        ValidationErrorKind.TooManyItems or ValidationErrorKind.TooManyItemsInTuple =>
            $"it must have {error.Schema.MaxItems} items at most",
        ValidationErrorKind.TooFewProperties => $"it must have {error.Schema.MinProperties} members or more",
        ValidationErrorKind.TooManyProperties => $"it must have {error.Schema.MaxProperties} members at most",
        _ => $"it must be {Types(error.Schema)}{(error.Token is { } token
            ? $", not {(TypeOf(token) == JsonObjectType.Integer ? "a number" : Name(TypeOf(token)))}" : "")}",
    };

    /// <summary>Of the alternatives the one of the value's type and kind, and of several the one that fails
    /// least; null where there is none.</summary>
    private static ICollection<ValidationError>? Meant(IEnumerable<ICollection<ValidationError>> alternatives) => alternatives
        .Where(errors => !errors.Any(IsOfAnotherKind))
        .OrderBy(errors =>
            errors.Count(error => error.Kind is ValidationErrorKind.PropertyRequired or ValidationErrorKind.ExcludedSchemaValidates))
        .ThenBy(errors => errors.Count)
        .FirstOrDefault();

    // Alternatives differ by the value's own type, or by the one word that a member of it must say.
    private static bool IsOfAnotherKind(ValidationError error) => error.Property is null
        ? error.Kind is ValidationErrorKind.NotInEnumeration or ValidationErrorKind.NoTypeValidates or ValidationErrorKind.StringExpected
            or ValidationErrorKind.ObjectExpected or ValidationErrorKind.ArrayExpected or ValidationErrorKind.NullExpected
        : error.Kind == ValidationErrorKind.NotInEnumeration && error.Property is "source" or "type";

    private static string Excluded(JsonSchema schema) =>
        (schema.Not ?? schema).ActualSchema.RequiredProperties is { Count: > 1 } names ? $"{string.Join(" and ",
            names.Select(name => $"\"{name}\""))} are the same field: keep one of them" : "it must not stand here like this";

    private static string Choices(JsonSchema schema)
    {
        var names = schema.Enumeration.Select(choice => choice?.ToString() ?? "null").ToList();
        return names.Count == 1 ? $"\"{names[0]}\"" : $"one of {string.Join(", ", names)}";
    }

    private static string Alternatives(JsonSchema schema) =>
        string.Join(" or ",
            schema.AnyOf.Select(one => one.ActualSchema).Select(one => one.Enumeration.Count > 0 ? Choices(one) : Types(one)).Distinct());

    private static string Types(JsonSchema schema)
    {
        var type = schema.ActualSchema.Type;
        var names = Enum.GetValues<JsonObjectType>().Where(flag => flag is not JsonObjectType.None && type.HasFlag(flag))
            .OrderBy(flag => flag == JsonObjectType.Null).Select(Name).Distinct();
        return string.Join(" or ", names) is { Length: > 0 } text ? text : "something else";
    }

    private static string Name(JsonObjectType type) => type switch
    {
        JsonObjectType.String => "a string",
        JsonObjectType.Object => "an object",
        JsonObjectType.Array => "an array",
        JsonObjectType.Boolean => "true or false",
        JsonObjectType.Integer => "a whole number",
        JsonObjectType.Number => "a number",
        _ => "null",
    };

    private static JsonObjectType TypeOf(JToken? token) => token?.Type switch
    {
        JTokenType.Property => TypeOf(((JProperty)token).Value),
        JTokenType.Object => JsonObjectType.Object,
        JTokenType.Array => JsonObjectType.Array,
        JTokenType.String => JsonObjectType.String,
        JTokenType.Boolean => JsonObjectType.Boolean,
        JTokenType.Integer => JsonObjectType.Integer,
        JTokenType.Float => JsonObjectType.Number,
        _ => JsonObjectType.Null,
    };
}
