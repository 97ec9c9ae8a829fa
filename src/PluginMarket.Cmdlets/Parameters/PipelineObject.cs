using System.Collections;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>An object of unknown origin (ours, deserialized, selected, hand-made, foreign), read property by property.</summary>
internal static class PipelineObject
{
    /// <summary>The items of a parameter's argument: an array's or list's, else the object itself; a hashtable is one object.</summary>
    public static IEnumerable<object?> Items(object? argument) => Unwrap(argument) switch
    {
        string or IDictionary => [argument],
        IEnumerable items => items.Cast<object?>(),
        _ => [argument],
    };

    /// <summary>The object without PowerShell's wrapper; a hand-made object stays as it is.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>A property's text, or null where there is no such property or it contains anything but text.</summary>
    public static string? Text(PSObject source, string property)
    {
        try
        {
            return Unwrap(source.Properties[property]?.Value) as string is { Length: > 0 } text ? text : null;
        }
        catch (ExtendedTypeSystemException)
        {
            // A foreign object's property may fail; then it says nothing.
            return null;
        }
    }

    /// <summary>The texts of a property that contains one or several; none where it contains anything else.</summary>
    public static IEnumerable<string> Texts(PSObject source, string property) =>
        Text(source, property) is { } text ? [text]
        : Unwrap(source.Properties[property]?.Value) is System.Collections.IEnumerable items and not string
        ? items.Cast<object?>().Select(Unwrap).OfType<string>()
        : [];

    /// <summary>The objects of a property that contains one or several; a single one may have lost its list.</summary>
    public static IEnumerable<PSObject> Objects(PSObject source, string property) =>
        Unwrap(source.Properties[property]?.Value) switch
        {
            null or string => [],
            System.Collections.IEnumerable items => items.Cast<object?>().OfType<object>().Select(PSObject.AsPSObject),
            var one => [PSObject.AsPSObject(one)],
        };

    /// <summary>Whether the object is one of ours by that name, live or deserialized or a selection of its properties.</summary>
    public static bool Is(PSObject source, string typeName) =>
        source.TypeNames.Select(name => name.Split('#')[0])
            .Any(name => name == typeName || name == "Deserialized." + typeName || name == "Selected." + typeName);

    /// <summary>Whether the object is a row of a table or a hand-made object that tells nothing of a
    /// marketplace: such as Import-Csv gives.</summary>
    public static bool IsRow(PSObject source) =>
        source.BaseObject is PSCustomObject
        && source.TypeNames.All(name => name is "System.Management.Automation.PSCustomObject" or "System.Object"
            or "Selected.System.Management.Automation.PSCustomObject" || name.StartsWith("CSV:", StringComparison.Ordinal))
        && source.Properties["CatalogPath"] is null && source.Properties["SourceType"] is null && source.Properties["OldCommit"] is null;

    /// <summary>Whether the object is a line of a list that names nothing: blank, or a comment behind <c>#</c>.</summary>
    public static bool IsBlankLine(object? item) => Unwrap(item) is string text && text.AsSpan().TrimStart() is [] or ['#', ..];

    /// <summary>What to call the object in a message.</summary>
    public static string Describe(object? item) => Unwrap(item) switch
    {
        null => "Nothing ($null)",
        string text => $"'{DisplayText.Escape(text)}'",
        PSObject or PSCustomObject => "The object",
        var other => $"{("AEIOU".Contains(other.GetType().Name[0], StringComparison.Ordinal) ? "An" : "A")} {other.GetType().Name}",
    };
}
