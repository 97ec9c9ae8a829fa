using System.Buffers;
using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace PluginMarket.Toml;

/// <summary>A TOML text with its values and the place of each, edited by splices alone (decision D-toml-splice).</summary>
/// <remarks>Tomlyn reads the text (TOML 1.1, as Codex does); what is written is TOML 1.0. An instance never changes.</remarks>
internal sealed class TomlFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A character of its own right, which Tomlyn takes for half of a surrogate pair.</summary>
    internal const char Replacement = '\uFFFD';

    // The levels are counted where the values are read, as Codex counts them.
    private static readonly Tomlyn.TomlSerializerOptions Options = new() { MaxDepth = 1000 };

    private readonly byte[] _bytes;
    private readonly string _text;
    private readonly Limits _limits;
    private readonly TomlLayout _layout;

    // Whoever asks whether an edit is possible makes it right after.
    private (List<TomlSplice> Splices, TomlFile Edited)? _lastEdit;

    // None where the parser was given another text than the file's.
    private readonly IReadOnlyList<TomlBlock> _blocks = [];

    /// <param name="bytes">The bytes.</param>
    /// <param name="displayPath">The path shown in failures.</param>
    /// <param name="limits">The size cap.</param>
    /// <param name="edited">The file and the splices that these bytes were made from, or null.</param>
    private TomlFile(byte[] bytes, string displayPath, Limits limits, (TomlFile File, List<TomlSplice> Splices)? edited = null)
    {
        _bytes = bytes;
        _limits = limits;
        DisplayPath = displayPath;
        HadBom = bytes is [0xEF, 0xBB, 0xBF, ..];
        _text = Decode();
        _layout = Read(edited, out _blocks);
    }

    /// <summary>The path shown in failures.</summary>
    public string DisplayPath { get; }

    /// <summary>The values and the place of each.</summary>
    internal TomlLayout Layout => _layout;

    /// <summary>The values.</summary>
    public TomlTable Root => _layout.Root;

    /// <summary>The file's bytes, byte order mark included.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Whether the file began with a UTF-8 byte order mark; it is kept.</summary>
    public bool HadBom { get; }

    /// <summary>Parses a text.</summary>
    /// <param name="bytes">The file's bytes; kept, not copied, and not to be changed afterwards.</param>
    /// <param name="displayPath">The path shown in failures.</param>
    /// <param name="limits">The size cap; the documented one where null.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with file, line and column;
    /// <see cref="MarketErrorCode.LimitExceeded"/> above <see cref="Limits.ConfigurationBytes"/>.</exception>
    public static TomlFile Parse(byte[] bytes, string displayPath, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(displayPath);
        return new TomlFile(bytes, displayPath, limits ?? Limits.Default);
    }

    /// <summary>Makes sure that a table has these values: appends a missing table, replaces or adds single values in one
    /// that is there, keeps its other keys.</summary>
    /// <param name="table">The table's path, e.g. <c>["plugins", "name@market"]</c>.</param>
    /// <param name="values">Keys and values in the order to write: string, bool, long or list of strings; null removes the key.</param>
    /// <returns>The edited file, parsed again and compared; this one where nothing changes.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigFormUnsupported"/> with the line to change by
    /// hand.</exception>
    public TomlFile SetTable(IReadOnlyList<string> table, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(values);
        DemandUnicode([.. table, .. values.SelectMany(
            pair => new[] { pair.Value }.Concat(pair.Value as IReadOnlyList<object> ?? []).OfType<string>().Prepend(pair.Key))]);
        var splices = new TomlEditor(this, _text, _layout).Set(table, values);
        if (splices.Count == 0)
        {
            return this;
        }

        if (_lastEdit is { } last && last.Splices.SequenceEqual(splices))
        {
            return last.Edited;
        }

        var expected = Copy(Root, table);
        var target = expected;
        foreach (var key in table)
        {
            if (target.Table(key) is not { } inner)
            {
                inner = new TomlTable();
                target.Set(key, inner);
            }

            target = inner;
        }

        foreach (var (key, value) in values)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else
            {
                target.Set(key, value);
            }
        }

        return Apply(splices, table, expected);
    }

    /// <summary>Removes a table with its sub-tables, wherever they are; this file where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigFormUnsupported"/> with the line to change by
    /// hand.</exception>
    public TomlFile RemoveTable(IReadOnlyList<string> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Count == 0 || _layout.Find(table) is null)
        {
            return this;
        }

        var expected = Copy(Root, table);
        (TomlLayout.Find(expected, [.. table.SkipLast(1)]) as TomlTable)?.Remove(table[^1]);
        return Apply(new TomlEditor(this, _text, _layout).Remove(table), table, expected);
    }

    internal PluginMarketException FailureAt(MarketErrorCode code, Message problem, int offset, Exception? inner = null)
    {
        var before = _text.AsSpan(0, Math.Clamp(offset, 0, _text.Length));
        var line = before.Count('\n') + 1;
        var column = 1;
        foreach (var _ in before[(before.LastIndexOf('\n') + 1)..].EnumerateRunes())
        {
            column++;
        }

        return Failure(code, problem, line, column, inner);
    }

    /// <summary>The value at a path, or null; never looks into arrays.</summary>
    internal object? Find(IReadOnlyList<string> path) => _layout.Find(path);

    /// <summary>Where the value at a path is: the value itself, else the header or the key that makes it.</summary>
    internal int OffsetOf(IReadOnlyList<string> path)
    {
        static bool IsBelow(IReadOnlyList<string> candidate, IReadOnlyList<string> path) =>
            candidate.Count >= path.Count && candidate.Take(path.Count).SequenceEqual(path);

        return _layout.Entries.Find(entry => entry.Path.SequenceEqual(path))?.ValueStart
            ?? _layout.Headers.Find(header => IsBelow(header.Path, path))?.Start
            ?? _layout.Entries.Find(entry => IsBelow(entry.Path, path))?.KeyStart ?? 0;
    }

    internal static bool Same(object one, object other) => (one, other) switch
    {
        _ when ReferenceEquals(one, other) => true,
        (TomlTable a, TomlTable b) => a.Count == b.Count
            && a.All(pair => b.TryGetValue(pair.Key, out var value) && Same(pair.Value, value)),
        (IReadOnlyList<object> a, IReadOnlyList<object> b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        _ => one.Equals(other),
    };

    private TomlFile Apply(List<TomlSplice> splices, IReadOnlyList<string> table, TomlTable expected)
    {
        TomlFile edited;
        try
        {
            edited = new TomlFile(Splice(splices), DisplayPath, _limits, (this, splices));
        }
        catch (PluginMarketException error) when (error.Code == MarketErrorCode.ConfigInvalid)
        {
            throw FailureAt(MarketErrorCode.ConfigFormUnsupported, $"{TomlText.Header(table)} cannot be changed without making the file "
                + $"invalid. {Remedy.Do($"Change it in a text editor.")}", splices[0].Start, error);
        }

        var outcome = Copy(edited.Root, table);
        Prune(expected, table);
        Prune(outcome, table);
        if (Same(expected, outcome))
        {
            _lastEdit = (splices, edited);
            return edited;
        }

        throw FailureAt(MarketErrorCode.ConfigFormUnsupported, $"changing {TomlText.Header(table)} would change something else too. "
                + $"{Remedy.Do($"Change it in a text editor.")}", splices[0].Start);
    }

    /// <summary>Copies the bytes between the splices as they are.</summary>
    private byte[] Splice(List<TomlSplice> splices)
    {
        using var bytes = new MemoryStream(_bytes.Length + 256);
        var kept = 0;
        foreach (var splice in splices.OrderBy(splice => splice.Start).ThenBy(splice => splice.End))
        {
            bytes.Write(_bytes.AsSpan(kept..ByteOffset(splice.Start)));
            bytes.Write(Strict.GetBytes(splice.Text));
            kept = ByteOffset(splice.End);
        }

        bytes.Write(_bytes.AsSpan(kept));
        return bytes.ToArray();
    }

    private int ByteOffset(int offset) => Strict.GetByteCount(_text.AsSpan(0, offset)) + (HadBom ? 3 : 0);

    private string Decode()
    {
        if (_bytes.Length > _limits.ConfigurationBytes)
        {
            throw new PluginMarketException(MarketErrorCode.LimitExceeded, $"{DisplayPath} has more than the allowed "
                + $"{_limits.ConfigurationBytes} bytes. {Remedy.Do($"Remove what is not needed from the file.")}", DisplayPath)
            {
                File = DisplayPath,
            };
        }

        var utf8 = _bytes.AsSpan(HadBom ? 3 : 0);
        if (System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return !utf8.StartsWith("\uFEFF"u8) ? Strict.GetString(utf8)
                : throw Failure(MarketErrorCode.ConfigInvalid, $"a second byte order mark is not allowed", 1, 1, null);
        }

        var (offset, line, column) = (0, 1, 1);
        while (Rune.DecodeFromUtf8(utf8[offset..], out var rune, out var length) == OperationStatus.Done)
        {
            offset += length;
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        throw Failure(MarketErrorCode.ConfigInvalid, $"byte 0x{utf8[offset]:X2} is not valid UTF-8", line, column, null);
    }

    /// <summary>The blocks that an edit left as they are, and those that the parser makes of the part between them; null where that
    /// part does not stand by itself.</summary>
    /// <remarks>A file may have thousands of tables, and an edit is of one: what is known of the others is not worked out again. Their
    /// meaning together is, by <see cref="TomlLayout"/>.</remarks>
    private IReadOnlyList<TomlBlock>? BlocksOf(TomlFile before, List<TomlSplice> splices, out TomlLayout? layout)
    {
        layout = null;
        var (start, end) = (splices.Min(splice => splice.Start), splices.Max(splice => splice.End));
        var blocks = before._blocks;
        if (blocks.Count == 0 || _text.Contains(Replacement, StringComparison.Ordinal))
        {
            return null;
        }

        // Where the last line has no end, its place changes too.
        if (start == end && start >= before._layout.Headers[^1].ContentEnd && (start == 0 || _text[start - 1] == '\n'))
        {
            return BlocksBehind(before, start, out layout);
        }

        var first = 0;
        while (first + 1 < blocks.Count && blocks[first + 1].Start < start)
        {
            first++;
        }

        var next = first + 1;
        while (next < blocks.Count && blocks[next].Start < end)
        {
            next++;
        }

        var grown = _text.Length - before._text.Length;
        var from = blocks[first].Start;
        var to = next < blocks.Count ? blocks[next].Start + grown : _text.Length;
        var part = _text[from..to];
        var document = SyntaxParser.Parse(part, Options, DisplayPath, true);
        var isWhole = next == blocks.Count || part.Length == 0 || part[^1] == '\n';
        if (!isWhole || document.HasErrors || (first > 0 && document.KeyValues.ChildrenCount > 0))
        {
            return null;
        }

        return [.. blocks.Take(first), .. TomlBlock.Of(document, part, from).Skip(first > 0 ? 1 : 0),
            .. blocks.Skip(next).Select(block => block.MovedBy(grown))];
    }

    // What was added is behind everything else, as a new table does: nothing of the rest is walked again.
    private IReadOnlyList<TomlBlock>? BlocksBehind(TomlFile before, int start, out TomlLayout? layout)
    {
        var part = _text[start..];
        var document = SyntaxParser.Parse(part, Options, DisplayPath, true);
        TomlBlock[] added = document.HasErrors || document.KeyValues.ChildrenCount > 0
            ? [] : [.. TomlBlock.Of(document, part, start).Skip(1)];
        layout = added.Length == 0 ? null : TomlLayout.Grown(before._layout, added, _text);
        return layout is null ? null : [.. before._blocks, .. added];
    }

    private TomlLayout Read((TomlFile File, List<TomlSplice> Splices)? edited, out IReadOnlyList<TomlBlock> blocks)
    {
        try
        {
            if (edited is var (file, splices) && BlocksOf(file, splices, out var layout) is { } known)
            {
                blocks = known;
                return layout ?? TomlLayout.Of(known, _text, null);
            }

            var standIn = StandIn();
            for (var text = standIn is { } other ? _text.Replace(Replacement, other) : _text; ;)
            {
                var document = SyntaxParser.Parse(text, Options, DisplayPath, true);
                if (document.Diagnostics.FirstOrDefault(message => message.Kind == DiagnosticMessageKind.Error) is not { } error)
                {
                    IReadOnlyList<TomlBlock> read = [.. TomlBlock.Of(document, text, 0)];
                    blocks = ReferenceEquals(text, _text) ? read : [];
                    return TomlLayout.Of(read, _text, standIn);
                }

                text = TomlTime.Hide(text, error.Span.Start.Offset)
                    ?? throw FailureAt(MarketErrorCode.ConfigInvalid, $"{TomlErrorText.Explain(error.Message)}", error.Span.Start.Offset);
            }
        }
        catch (Tomlyn.TomlException error)
        {
            var first = error.Diagnostics.FirstOrDefault();

            // Without the parser's own error, which quotes the text.
            throw FailureAt(MarketErrorCode.ConfigInvalid,
                $"{TomlErrorText.Explain(first?.Message ?? error.Message)}", first?.Span.Start.Offset ?? 0);
        }
        catch (TomlRefusal refusal)
        {
            throw FailureAt(MarketErrorCode.ConfigInvalid, $"{refusal.Message}", refusal.Offset);
        }
        // The library has no list of what else it throws over a broken text, such as an escape that is cut off;
        // whatever it is, the text is not TOML.
#pragma warning disable CA1031
        catch (Exception broken) when (broken is not (PluginMarketException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw FailureAt(MarketErrorCode.ConfigInvalid, $"{TomlErrorText.Explain("escape")}", TomlBreak.Find(_text));
        }
    }

    /// <summary>A private character that the text has neither as itself nor as an escape, where one is needed.</summary>
    private char? StandIn() =>
        !_text.Contains(Replacement, StringComparison.Ordinal) ? null : Enumerable.Range(0xE000, 0x1900).Select(code => (char?)code)
            .FirstOrDefault(other => !_text.Contains(other!.Value, StringComparison.Ordinal)
                && !_text.Contains(((int)other.Value).ToString("X4", CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase));

    private PluginMarketException Failure(MarketErrorCode code, Message problem, int line, int column, Exception? inner) =>
        new(code, $"{DisplayPath}({line},{column}): "
            + $"{problem}.{(problem.Remedies.Count > 0 ? null : Remedy.Do($"Fix the file at that place."))}", DisplayPath, inner)
        {
            File = DisplayPath,
            Line = line,
            Column = column,
        };

    /// <summary>A copy in which the tables along a path can be changed.</summary>
    private static TomlTable Copy(TomlTable table, IReadOnlyList<string> path, int depth = 0)
    {
        var copy = new TomlTable();
        foreach (var (key, value) in table)
        {
            copy.Set(key, value is TomlTable inner && depth < path.Count && key == path[depth] ? Copy(inner, path, depth + 1) : value);
        }

        return copy;
    }

    /// <summary>Takes away the tables above the edited one that are empty: whether a parent without keys
    /// shows depends on spelling alone.</summary>
    private static void Prune(TomlTable root, IReadOnlyList<string> path)
    {
        for (var length = path.Count - 1; length > 0; length--)
        {
            if (TomlLayout.Find(root, [.. path.Take(length)]) is TomlTable { Count: 0 })
            {
                (TomlLayout.Find(root, [.. path.Take(length - 1)]) as TomlTable)?.Remove(path[length - 1]);
            }
        }
    }

    private static void DemandUnicode(IEnumerable<string> texts)
    {
        if (texts.FirstOrDefault(text => text.EnumerateRunes().Contains(Rune.ReplacementChar) && !IsWellFormed(text)) is { } broken)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"'{broken}' is not valid Unicode and cannot be written to config.toml. {Remedy.Do($"Choose another text.")}", broken);
        }
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            return Strict.GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
