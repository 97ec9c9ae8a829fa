using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>A JSON text read strictly and within bounds (threat A1 to A9 and A16).</summary>
/// <remarks>No comments, no trailing commas, no duplicate names, valid UTF-8 only, no lone surrogates, no numbers beyond a double. Every
/// failure is a <see cref="PluginMarketException"/>.</remarks>
internal sealed class JsonFile
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly Limits _limits;
    private readonly bool _tolerateDuplicates;
    private LineMap? _lines;
    private JsonToken[] _nodes = [];
    private List<JsonRepeat>? _repeats;

    private JsonFile(byte[] utf8, string displayPath, MarketErrorCode code, Limits limits, bool tolerateDuplicates)
    {
        Utf8 = utf8;
        DisplayPath = displayPath;
        Code = code;
        HadBom = utf8 is [0xEF, 0xBB, 0xBF, ..];
        _text = utf8.AsMemory(HadBom ? 3 : 0);
        _limits = limits;
        _tolerateDuplicates = tolerateDuplicates;
    }

    /// <summary>The path shown in failures.</summary>
    public string DisplayPath { get; }

    /// <summary>The code that failures about this file carry.</summary>
    public MarketErrorCode Code { get; }

    /// <summary>The top value.</summary>
    public JsonValue Root => new(this, 0, null, 0);

    /// <summary>Whether the file began with a UTF-8 byte order mark. Codex refuses such a file (contract 1.2); parsing goes on so
    /// that checks can report everything.</summary>
    public bool HadBom { get; }

    /// <summary>The whole file as it was given, byte order mark included.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Parses a text.</summary>
    /// <param name="utf8">The file's bytes; kept, not copied, and not to be changed afterwards.</param>
    /// <param name="displayPath">The path shown in failures.</param>
    /// <param name="code">The code of failures: what an unreadable file of this sort is called.</param>
    /// <param name="limits">Depth, string and token caps; the documented ones where null.</param>
    /// <param name="tolerateDuplicates">Whether duplicate names are recorded in
    /// <see cref="JsonValue.DuplicateKeys"/> instead of failing the file.</param>
    /// <exception cref="PluginMarketException"><paramref name="code"/> with file, line and column;
    /// <see cref="MarketErrorCode.LimitExceeded"/> for depth, string, number and count caps.</exception>
    public static JsonFile Parse(byte[] utf8, string displayPath, MarketErrorCode code, Limits? limits = null,
        bool tolerateDuplicates = false)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        ArgumentNullException.ThrowIfNull(displayPath);
        var file = new JsonFile(utf8, displayPath, code, limits ?? Limits.Default, tolerateDuplicates);
        var parser = new JsonParser(file, file._text, file._limits, tolerateDuplicates);
        parser.Run();
        file._nodes = parser.Nodes;
        file._repeats = parser.Repeats;
        return file;
    }

    /// <summary>Where a range of bytes of <see cref="Utf8"/> is in the text.</summary>
    public TextPosition PositionOf(int start, int end)
    {
        var (line, column) = Lines.Find(start - BomLength);
        var (endLine, endColumn) = Lines.Find(end - BomLength);
        return new TextPosition(line, column, endLine, endColumn);
    }

    /// <summary>A failure at a byte offset of <see cref="Utf8"/>, with the file's code.</summary>
    /// <param name="problem">What is wrong, and the next step.</param>
    /// <param name="offset">The place.</param>
    public PluginMarketException Failure(Message problem, int offset) => FailureAt(problem, offset - BomLength);

    /// <summary>The same text with the same strictness but other bytes.</summary>
    internal JsonFile With(byte[] utf8) => Parse(utf8, DisplayPath, Code, _limits, _tolerateDuplicates);

    private LineMap Lines => _lines ??= new LineMap(_text);

    internal int BomLength => HadBom ? 3 : 0;

    internal ReadOnlySpan<byte> Text => _text.Span;

    internal JsonToken Node(int index) => _nodes[index];

    internal string TextOf(JsonToken node) => JsonText.Decode(_text.Span[(node.Start + 1)..(node.End - 1)], node.Escaped);

    internal bool NameIs(JsonToken node, string name, ReadOnlySpan<byte> nameUtf8) => node.Escaped
        ? string.Equals(TextOf(node), name, StringComparison.Ordinal)
        : _text.Span[(node.Start + 1)..(node.End - 1)].SequenceEqual(nameUtf8);

    internal TextPosition PositionOf(JsonToken node) => PositionOf(node.Start + BomLength, node.End + BomLength);

    /// <summary>Repeated names of the objects whose tokens are in a range.</summary>
    internal ReadOnlySpan<JsonRepeat> Repeats(int from, int to)
    {
        if (_repeats is null)
        {
            return [];
        }

        var repeats = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_repeats);
        var first = repeats.BinarySearch(new JsonRepeat(from, 0, 0));
        var last = repeats.BinarySearch(new JsonRepeat(to, 0, 0));
        return repeats[(first < 0 ? ~first : first)..(last < 0 ? ~last : last)];
    }

    internal PluginMarketException FailureAt(Message problem, int textOffset, Exception? inner = null) =>
        Failure(Code, problem, textOffset, inner);

    internal PluginMarketException StricterFailure(Message problem, int textOffset) =>
        Failure(Code, problem, textOffset, null, stricter: true);

    internal PluginMarketException LimitFailure(Message problem, int textOffset) =>
        Failure(MarketErrorCode.LimitExceeded, problem, textOffset, null);

    private PluginMarketException Failure(MarketErrorCode code, Message problem, int textOffset, Exception? inner, bool stricter = false)
    {
        var (line, column) = Lines.Find(textOffset);
        return new PluginMarketException(code, $"{DisplayPath}({line},{column}): "
            + $"{problem}.{(problem.Remedies.Count > 0 ? null : Remedy.Do($"Fix the file at that place."))}", DisplayPath, inner)
        {
            File = DisplayPath,
            Line = line,
            Column = column,
            IsStricterThanJson = stricter,
        };
    }
}
