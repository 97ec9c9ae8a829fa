using Tomlyn.Syntax;

namespace PluginMarket.Toml;

/// <summary>Values and places of a parsed text.</summary>
internal sealed class TomlLayout
{
    /// <summary>Codex's parser stops at 80 levels of values; a deeper file is refused rather than walked.</summary>
    private const int Depth = 80;

    private readonly string _text;

    private readonly char? _standIn;

    private readonly TomlDefinitions _definitions = new();

    private TomlLayout(string text, char? standIn)
    {
        _text = text;
        _standIn = standIn;
    }

    public TomlTable Root { get; } = new();

    public List<TomlHeader> Headers { get; } = [];

    public List<TomlEntry> Entries { get; } = [];

    /// <summary>Walks a document without errors.</summary>
    /// <param name="document">The document.</param>
    /// <param name="text">The text it was read from.</param>
    /// <param name="standIn">The character that stood for U+FFFD when the document was read, if one did.</param>
    /// <exception cref="TomlRefusal">Codex refuses what the parser lets pass.</exception>
    public static TomlLayout Of(DocumentSyntax document, string text, char? standIn)
    {
        var layout = new TomlLayout(text, standIn);
        var top = new TomlHeader([], false, 0);
        layout.Headers.Add(top);
        layout.AddItems(top, layout.Root, document.KeyValues);
        foreach (var table in document.Tables)
        {
            var path = layout.Path(table.Name!);
            var start = layout.LineStart(table.OpenBracket!.Span.Start.Offset);
            var header = new TomlHeader(path, table is TableArraySyntax, start)
            {
                ContentEnd = layout.LineEnd(table.CloseBracket!.Span.End.Offset + 1),
                Indent = text[start..table.OpenBracket.Span.Start.Offset],
            };
            layout.Headers.Add(header);
            layout.AddItems(header, layout._definitions.Enter(layout.Root, header), table.Items);
        }

        return layout;
    }

    public static bool StartsWith(IReadOnlyList<string> path, IReadOnlyList<string> prefix) =>
        path.Count >= prefix.Count && path.Take(prefix.Count).SequenceEqual(prefix);

    /// <summary>The start of the line an offset is in.</summary>
    public int LineStart(int offset) => offset == 0 ? 0 : _text.LastIndexOf('\n', offset - 1) + 1;

    /// <summary>The end of the line an offset is in, line break included.</summary>
    public int LineEnd(int offset) => _text.IndexOf('\n', offset) is >= 0 and var end ? end + 1 : _text.Length;

    /// <summary>The value at a path, or null; never looks into arrays.</summary>
    public object? Find(IReadOnlyList<string> path) => Find(Root, path);

    public static object? Find(TomlTable root, IReadOnlyList<string> path)
    {
        object? value = root;
        foreach (var key in path)
        {
            value = value is TomlTable table && table.TryGetValue(key, out var next) ? next : null;
        }

        return value;
    }

    private void AddItems(TomlHeader header, TomlTable table, SyntaxList<KeyValueSyntax> items)
    {
        foreach (var item in items)
        {
            Add(header, table, header.Path, item, 0, inline: false);
            header.ContentEnd = LineEnd(item.Value!.Span.End.Offset + 1);
            var start = LineStart(item.Key!.Span.Start.Offset);
            header.Indent = _text[start..item.Key.Span.Start.Offset];
        }
    }

    private void Add(TomlHeader header, TomlTable table, IReadOnlyList<string> prefix, KeyValueSyntax item, int depth, bool inline)
    {
        var keys = Path(item.Key!);
        IReadOnlyList<string> path = [.. prefix, .. keys];
        var start = item.Key!.Span.Start.Offset;
        table = _definitions.EnterDotted(table, keys, start);
        var value = item.Value!;
        Entries.Add(new TomlEntry(
            header,
            path,
            start,
            [item.Key.Key!.Span.End.Offset + 1, .. item.Key.DotKeys.Select(dotted => dotted.Key!.Span.End.Offset + 1)],
            value.Span.Start.Offset,
            value.Span.End.Offset + 1,
            inline,
            value is InlineTableSyntax));
        table.Set(keys[^1], Value(header, path, value, depth, inline: true));
    }

    private object Value(TomlHeader header, IReadOnlyList<string> path, ValueSyntax value, int depth, bool inline)
    {
        if (depth >= Depth && value is ArraySyntax or InlineTableSyntax)
        {
            throw new TomlRefusal(TomlRefusal.TooDeep, value.Span.Start.Offset);
        }

        switch (value)
        {
            case StringValueSyntax text:
                if (char.IsAsciiDigit(_text[value.Span.Start.Offset]))
                {
                    return new TomlDate(Source(value).ToString());
                }

                DemandOneLine(text);
                return Restored(text.Value);
            case IntegerValueSyntax number:
                return number.Value >= 0 || Source(value)[0] != '0' ? number.Value : throw new TomlRefusal(TomlRefusal.TooLarge, value.Span.Start.Offset);
            case FloatValueSyntax number:
                return !double.IsInfinity(number.Value) || Source(value).EndsWith("inf", StringComparison.Ordinal) ? number.Value : throw new TomlRefusal(TomlRefusal.TooLarge, value.Span.Start.Offset);
            case BooleanValueSyntax flag:
                return flag.Value;
            case ArraySyntax array:
                // What stands in an array is no place of ours to edit: its entries are not listed.
                var unlisted = Entries.Count;
                List<object> list = [.. array.Items.Select(item => Value(header, path, item.Value!, depth + 1, inline))];
                Entries.RemoveRange(unlisted, Entries.Count - unlisted);
                return list;
            case InlineTableSyntax inlineTable:
                var table = new TomlTable();
                foreach (var item in inlineTable.Items)
                {
                    Add(header, table, path, item.KeyValue!, depth + 1, inline);
                }

                _definitions.Close(table);
                return table;
            default:
                return new TomlDate(Source(value).ToString());
        }
    }

    private ReadOnlySpan<char> Source(SyntaxNodeBase node) => _text.AsSpan(node.Span.Start.Offset, node.Span.End.Offset + 1 - node.Span.Start.Offset);

    /// <summary>A backslash before the end of the line goes on in the next one only where the text began with three quotes.</summary>
    private void DemandOneLine(StringValueSyntax text)
    {
        var source = Source(text);
        if (source.IndexOf('\n') is >= 0 and var end && !source.StartsWith("\"\"\"", StringComparison.Ordinal) && !source.StartsWith("'''", StringComparison.Ordinal))
        {
            throw new TomlRefusal(TomlRefusal.OpenText, text.Span.Start.Offset + end);
        }
    }

    private string Restored(string? text) => _standIn is { } standIn ? text?.Replace(standIn, TomlFile.Replacement) ?? "" : text ?? "";

    private List<string> Path(KeySyntax key)
    {
        List<string> path = [Text(key.Key!), .. key.DotKeys.Select(dotted => Text(dotted.Key!))];
        return path.Count <= Depth ? path : throw new TomlRefusal(TomlRefusal.TooDeep, key.Span.Start.Offset);
    }

    private string Text(BareKeyOrStringValueSyntax key)
    {
        if (key is StringValueSyntax quoted)
        {
            DemandOneLine(quoted);
            return Restored(quoted.Value);
        }

        return (key as BareKeySyntax)?.Key?.Text ?? "";
    }
}
