using PluginMarket.Json;

namespace PluginMarket.Validation;

/// <summary>Where one rule puts what it finds.</summary>
internal sealed class RuleReport(CheckRule rule, List<RuleFinding> found)
{
    /// <summary>Findings of one rule in one file beyond which the rest adds nothing.</summary>
    private const int MostInOneFile = 25;

    private readonly Dictionary<string, int> _inFile = new(StringComparer.Ordinal);

    /// <summary>About a file or the folder as a whole.</summary>
    internal void File(string path, string message, string? suggestion = null, string? plugin = null) =>
        Add(path, null, null, message, suggestion, plugin);

    /// <summary>About a value of a JSON file.</summary>
    internal void Value(string path, JsonValue value, string message, string? suggestion = null, string? plugin = null) =>
        Add(path, value.Position, value.Pointer, message, suggestion, plugin);

    /// <summary>About a key of a JSON file.</summary>
    internal void Key(string path, JsonValue value, string message, string? suggestion = null, string? plugin = null) =>
        Add(path, value.KeyPosition, value.Pointer, message, suggestion, plugin);

    /// <summary>About a piece of a text.</summary>
    internal void Piece(string path, string text, int start, int length, string message, string? suggestion = null) =>
        Add(path, TextPlaces.Of(text, start, start + length), null, message, suggestion, null);

    internal void Add(string path, TextPosition? position, string? pointer, string message, string? suggestion, string? plugin)
    {
        var count = _inFile[path] = _inFile.GetValueOrDefault(path) + 1;
        if (count <= MostInOneFile)
        {
            found.Add(new RuleFinding(rule, path, position, pointer, message, suggestion ?? rule.Suggestion, plugin));
        }
    }
}
