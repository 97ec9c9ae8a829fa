using Tomlyn.Syntax;

namespace PluginMarket.Toml;

/// <summary>Values and places of a parsed text.</summary>
internal sealed class TomlLayout
{
    /// <summary>Codex's parser stops at 80 levels of values; a deeper file is refused rather than walked.</summary>
    private const int Depth = 80;

    private readonly string _text;

    private readonly char? _standIn;

    private readonly TomlDefinitions _definitions;

    // The places that the parser gives count from where the block's own text began.
    private int _shift;

    private TomlLayout(string text, char? standIn)
    {
        _text = text;
        _standIn = standIn;
        _definitions = new TomlDefinitions();
        (Root, Headers, Entries) = (new TomlTable(), [], []);
    }

    private TomlLayout(string text, TomlLayout before)
    {
        _text = text;
        _definitions = new TomlDefinitions(before._definitions);
        (Root, Headers, Entries) = (before.Root.Copy(), [.. before.Headers], [.. before.Entries]);
    }

    public TomlTable Root { get; }

    public List<TomlHeader> Headers { get; }

    public List<TomlEntry> Entries { get; }

    /// <summary>Walks the blocks of a document without errors.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="standIn">The character that stood for U+FFFD when the document was read, if one did.</param>
    /// <exception cref="TomlRefusal">Codex refuses what the parser lets pass.</exception>
    public static TomlLayout Of(IReadOnlyList<TomlBlock> blocks, string text, char? standIn)
    {
        var layout = new TomlLayout(text, standIn);
        foreach (var block in blocks)
        {
            layout._shift = block.Shift;
            layout.Add(block);
        }

        return layout;
    }

    /// <summary>Walks only the blocks that are behind those of a text that was walked before.</summary>
    /// <param name="before">The layout of that text, of which nothing changed.</param>
    /// <param name="added">The blocks behind it.</param>
    /// <param name="text">The whole text.</param>
    /// <returns>The layout; null where the blocks add to what cannot be told apart from the text before.</returns>
    /// <exception cref="TomlRefusal">Codex refuses what the parser lets pass.</exception>
    public static TomlLayout? Grown(TomlLayout before, IEnumerable<TomlBlock> added, string text)
    {
        if (before._standIn is not null)
        {
            return null;
        }

        var layout = new TomlLayout(text, before);
        foreach (var block in added)
        {
            layout._shift = block.Shift;
            if (block.Table is not TableSyntax table || !layout._definitions.TryOwn(layout.Root, layout.Path(table.Name!)))
            {
                return null;
            }

            layout.Add(block);
        }

        return layout;
    }

    private void Add(TomlBlock block)
    {
        if (block.Table is not { } table)
        {
            var top = new TomlHeader([], false, 0);
            Headers.Add(top);
            AddItems(top, Root, block.Items);
            return;
        }

        var (open, start) = (StartOf(table.OpenBracket!), LineStart(StartOf(table.OpenBracket!)));
        var header = new TomlHeader(Path(table.Name!), table is TableArraySyntax, start)
        {
            ContentEnd = LineEnd(EndOf(table.CloseBracket!)),
            Indent = _text[start..open],
        };
        Headers.Add(header);
        AddItems(header, _definitions.Enter(Root, header), block.Items);
    }

    private int StartOf(SyntaxNodeBase node) => node.Span.Start.Offset + _shift;

    private int EndOf(SyntaxNodeBase node) => node.Span.End.Offset + 1 + _shift;

    public static bool StartsWith(IReadOnlyList<string> path, IReadOnlyList<string> prefix)
    {
        // From the end, where the paths of a file differ most.
        for (var i = path.Count < prefix.Count ? -1 : prefix.Count - 1; i >= 0; i--)
        {
            if (path[i] != prefix[i])
            {
                return false;
            }
        }

        return path.Count >= prefix.Count;
    }

    public static bool Same(IReadOnlyList<string> one, IReadOnlyList<string> other) => one.Count == other.Count && StartsWith(one, other);

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
            header.ContentEnd = LineEnd(EndOf(item.Value!));
            var start = LineStart(StartOf(item.Key!));
            header.Indent = _text[start..StartOf(item.Key!)];
        }
    }

    private void Add(TomlHeader header, TomlTable table, IReadOnlyList<string> prefix, KeyValueSyntax item, int depth, bool inline)
    {
        var keys = Path(item.Key!);
        IReadOnlyList<string> path = [.. prefix, .. keys];
        var start = StartOf(item.Key!);
        table = _definitions.EnterDotted(table, keys, start);
        var value = item.Value!;
        Entries.Add(new TomlEntry(
            header,
            path,
            start,
            [EndOf(item.Key!.Key!), .. item.Key.DotKeys.Select(dotted => EndOf(dotted.Key!))],
            StartOf(value),
            EndOf(value),
            inline,
            value is InlineTableSyntax));
        table.Set(keys[^1], Value(header, path, value, depth, inline: true));
    }

    private object Value(TomlHeader header, IReadOnlyList<string> path, ValueSyntax value, int depth, bool inline)
    {
        if (depth >= Depth && value is ArraySyntax or InlineTableSyntax)
        {
            throw new TomlRefusal(TomlRefusal.TooDeep, StartOf(value));
        }

        switch (value)
        {
            case StringValueSyntax text:
                if (char.IsAsciiDigit(_text[StartOf(value)]))
                {
                    return new TomlDate(Source(value).ToString());
                }

                DemandOneLine(text);
                return Restored(text.Value);
            case IntegerValueSyntax number:
                return number.Value >= 0 || Source(value)[0] != '0'
                    ? number.Value : throw new TomlRefusal(TomlRefusal.TooLarge, StartOf(value));
            case FloatValueSyntax number:
                return !double.IsInfinity(number.Value) || Source(value).EndsWith("inf", StringComparison.Ordinal)
                    ? number.Value : throw new TomlRefusal(TomlRefusal.TooLarge, StartOf(value));
            case BooleanValueSyntax flag:
                return flag.Value;
            case ArraySyntax array:
                // What is in an array is not a place of ours to edit: its entries are not listed.
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

    private ReadOnlySpan<char> Source(SyntaxNodeBase node) => _text.AsSpan(StartOf(node), EndOf(node) - StartOf(node));

    /// <summary>A backslash before the end of the line goes on in the next one only where the text began with three quotes.</summary>
    private void DemandOneLine(StringValueSyntax text)
    {
        var source = Source(text);
        if (source.IndexOf('\n') is >= 0 and var end && !source.StartsWith("\"\"\"", StringComparison.Ordinal)
            && !source.StartsWith("'''", StringComparison.Ordinal))
        {
            throw new TomlRefusal(TomlRefusal.OpenText, StartOf(text) + end);
        }
    }

    private string Restored(string? text) => _standIn is { } standIn ? text?.Replace(standIn, TomlFile.Replacement) ?? "" : text ?? "";

    private List<string> Path(KeySyntax key)
    {
        List<string> path = [Text(key.Key!)];
        foreach (var dotted in key.DotKeys)
        {
            path.Add(Text(dotted.Key!));
        }

        return path.Count <= Depth ? path : throw new TomlRefusal(TomlRefusal.TooDeep, StartOf(key));
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
