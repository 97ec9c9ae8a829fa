using PluginMarket.Messages;

namespace PluginMarket.Toml;

/// <summary>Finds the splices of an edit. There is no writer for a whole document, so nothing else can be laid out again.</summary>
internal sealed class TomlEditor(TomlFile file, string text, TomlLayout layout)
{
    private readonly List<TomlSplice> _splices = [];
    private readonly List<TomlEntry> _removedInline = [];
    private readonly TomlInlineEdits _inline = new(text, layout);

    private string Newline { get; } = text.AsSpan().Count("\r\n") * 2 > text.AsSpan().Count('\n') ? "\r\n" : "\n";

    private bool EndsOpen { get; } = text.Length > 0 && text[^1] != '\n';

    public List<TomlSplice> Set(IReadOnlyList<string> path, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        RefuseArrays(path);
        var present = layout.Find(path);
        if (present is not (null or TomlTable))
        {
            throw Refuse(path, "is a value there, no table", DefinedAt(path));
        }

        var missing = new List<KeyValuePair<string, object>>();
        foreach (var (key, value) in values)
        {
            string[] place = [.. path, key];
            var current = layout.Find(place);
            var entry = current is null ? null : layout.Entries.Find(candidate => TomlLayout.Same(candidate.Path, place));
            if (value is null ? current is null : current is not null && TomlFile.Same(current, value))
            {
                continue;
            }

            if (current is TomlTable || (current is not null && entry is null))
            {
                throw Refuse([.. path, key], "is a table there, no value", DefinedAt([.. path, key]));
            }

            if (value is null)
            {
                RemoveKey(entry!);
            }
            else if (entry is not null)
            {
                _splices.Add(new TomlSplice(entry.ValueStart, entry.ValueEnd, TomlText.Value(value)));
            }
            else
            {
                missing.Add(KeyValuePair.Create(key, value));
            }
        }

        if (missing.Count > 0 || present is null)
        {
            Insert(path, missing);
        }

        RemoveInline();
        return _splices;
    }

    public List<TomlSplice> Remove(IReadOnlyList<string> path)
    {
        RefuseArrays(path);
        if (layout.Find(path) is not TomlTable)
        {
            throw Refuse(path, "is a value there, no table", DefinedAt(path));
        }

        foreach (var header in layout.Headers.Where(header => StartsWith(header.Path, path)))
        {
            _splices.Add(new TomlSplice(BlockStart(header), header.ContentEnd, ""));
        }

        foreach (var entry in layout.Entries.Where(entry => StartsWith(entry.Path, path) && !StartsWith(entry.Header.Path, path)))
        {
            // What is inside a value that goes, goes with it.
            if (!entry.IsInline || !StartsWith(_inline.Parent(entry).Path, path))
            {
                RemoveKey(entry);
            }
        }

        RemoveInline();
        TakeBreakBefore();
        return _splices;
    }

    private void Insert(IReadOnlyList<string> path, List<KeyValuePair<string, object>> missing)
    {
        if (layout.Headers.Find(candidate => candidate.Path.Count > 0 && TomlLayout.Same(candidate.Path, path)) is { } header)
        {
            InsertLines(header.ContentEnd,
                missing.Select(pair => $"{header.Indent}{TomlText.Key(pair.Key)} = {TomlText.Value(pair.Value)}"));
            return;
        }

        if (_inline.Around(path) is { } inline)
        {
            InsertInline(inline, path, missing);
            return;
        }

        for (var length = 1; length < path.Count; length++)
        {
            if (layout.Find([.. path.Take(length)]) is not (null or TomlTable))
            {
                throw Refuse(path, "cannot be added, for its parent is a value", DefinedAt([.. path.Take(length)]));
            }
        }

        if (layout.Entries.FindLast(entry => !entry.IsInline && entry.Path.Count > path.Count && entry.Header.Path.Count < path.Count
            && StartsWith(entry.Path, path)) is { } dotted)
        {
            var start = layout.LineStart(dotted.KeyStart);
            var prefix = text[start..dotted.KeyEnds[path.Count - dotted.Header.Path.Count - 1]];
            InsertLines(layout.LineEnd(dotted.ValueEnd),
                missing.Select(pair => $"{prefix}.{TomlText.Key(pair.Key)} = {TomlText.Value(pair.Value)}"));
            return;
        }

        Append(path, missing);
    }

    /// <summary>Adds whole lines after a line's end.</summary>
    private void InsertLines(int offset, IEnumerable<string> lines) => _splices.Add(new TomlSplice(
        offset,
        offset,
        offset == text.Length && EndsOpen
            ? string.Concat(lines.Select(line => Newline + line)) : string.Concat(lines.Select(line => line + Newline))));

    private void Append(IReadOnlyList<string> path, List<KeyValuePair<string, object>> values)
    {
        var block = string.Join(Newline,
            [TomlText.Header(path), .. values.Select(pair => $"{TomlText.Key(pair.Key)} = {TomlText.Value(pair.Value)}")]);

        // Where Codex puts it: after the last key, with one blank line above. Comments above a header are the
        // header's for Codex, which deletes them with it; so those at the end stay at the end, and whichever tool takes the
        // table away leaves what was before.
        var end = layout.Headers[^1].ContentEnd;
        var open = end > 0 && text[end - 1] != '\n';
        _splices.Add(new TomlSplice(end, end, open ? Newline + Newline + block : (end == 0 ? "" : Newline) + block + Newline));
    }

    /// <summary>A table that is there gets single keys, dotted where need be; one that is not is written as an inline
    /// table like the one it is in.</summary>
    private void InsertInline(TomlEntry inline, IReadOnlyList<string> path, List<KeyValuePair<string, object>> values)
    {
        var below = path.Skip(inline.Path.Count).Select(TomlText.Key).ToList();
        var members = values.Select(pair => (Key: TomlText.Key(pair.Key), Value: TomlText.Value(pair.Value)));
        IReadOnlyList<string> written = below.Count == 0 || layout.Find(path) is not null
            ? [.. members.Select(member => $"{string.Join('.', [.. below, member.Key])} = {member.Value}")]
            : [$"{string.Join('.', below)} = {(values.Count == 0
                ? "{}" : $"{{ {string.Join(", ", members.Select(member => $"{member.Key} = {member.Value}"))} }}")}"];
        _splices.Add(_inline.Add(inline, written, _removedInline.Exists(entry => _inline.Parent(entry) == inline)));
    }

    private void RemoveKey(TomlEntry entry)
    {
        if (entry.IsInline)
        {
            _removedInline.Add(entry);
        }
        else
        {
            _splices.Add(new TomlSplice(layout.LineStart(entry.KeyStart), layout.LineEnd(entry.ValueEnd), ""));
        }
    }

    private void RemoveInline()
    {
        foreach (var group in _removedInline.GroupBy(_inline.Parent))
        {
            _splices.AddRange(_inline.Remove(group.Key, [.. group]));
        }
    }

    /// <summary>Where a header's block begins: the one blank line above it came with it, as it does when we or Codex add a table;
    /// comments are nobody's but the user's.</summary>
    private int BlockStart(TomlHeader header) =>
        header.Start > 0 && layout.LineStart(header.Start - 1) is var above && IsBlank(above) ? above : header.Start;

    /// <summary>What goes up to the end of a text without a last line break takes the break before it along.</summary>
    private void TakeBreakBefore()
    {
        _splices.Sort((one, other) => one.Start.CompareTo(other.Start));
        var last = _splices.Count - 1;
        if (!EndsOpen || last < 0 || _splices[last].End < text.Length)
        {
            return;
        }

        for (; last > 0 && _splices[last - 1].End == _splices[last].Start; last--)
        {
        }

        var (start, end, _) = _splices[last];
        _splices[last] = new TomlSplice(start - (start == 0 ? 0 : start > 1 && text[start - 2] == '\r' ? 2 : 1), end, "");
    }

    private bool IsBlank(int lineStart) => text.AsSpan(lineStart, layout.LineEnd(lineStart) - lineStart).IsWhiteSpace();

    private void RefuseArrays(IReadOnlyList<string> path)
    {
        if (layout.Headers.Find(header => header.IsArray && StartsWith(path, header.Path)) is { } array)
        {
            throw Refuse(path, "is an array of tables or a part of one", array.Start);
        }
    }

    private int DefinedAt(IReadOnlyList<string> path) =>
        layout.Entries.Find(entry => StartsWith(entry.Path, path))?.KeyStart
        ?? layout.Headers.Find(header => StartsWith(header.Path, path))?.Start ?? 0;

    private PluginMarketException Refuse(IReadOnlyList<string> path, string form, int offset) => file.FailureAt(
        MarketErrorCode.ConfigFormUnsupported,
        $"{TomlText.Header(path)} {form}, and this form cannot be edited safely. {Remedy.Do($"Change the line in a text editor.")}",
        offset);

    private static bool StartsWith(IReadOnlyList<string> path, IReadOnlyList<string> prefix) => TomlLayout.StartsWith(path, prefix);
}
