namespace PluginMarket.Toml;

/// <summary>The splices of edits inside an inline table: what is around the edited keys keeps its bytes.</summary>
internal sealed class TomlInlineEdits(string text, TomlLayout layout)
{
    /// <summary>The innermost inline table that a table is, or is in; null where it is in none.</summary>
    public TomlEntry? Around(IReadOnlyList<string> path) =>
        layout.Entries.Where(entry => entry.IsInlineTable && TomlLayout.StartsWith(path, entry.Path)).MaxBy(entry => entry.Path.Count);

    /// <summary>The inline table that a key inside of one is in.</summary>
    public TomlEntry Parent(TomlEntry entry) =>
        layout.Entries.Where(outer => outer.IsInlineTable && outer != entry && IsIn(entry, outer)).MaxBy(outer => outer.ValueStart)!;

    /// <summary>Adds keys to an inline table.</summary>
    /// <param name="table">The inline table.</param>
    /// <param name="members">The keys with their values, as text.</param>
    /// <param name="first">Whether they go before what is there: another edit takes the end.</param>
    public TomlSplice Add(TomlEntry table, IReadOnlyList<string> members, bool first)
    {
        var joined = string.Join(", ", members);
        var children = Children(table);
        if (children.Count == 0)
        {
            return new TomlSplice(table.ValueStart + 1, table.ValueStart + 1, $" {joined} ");
        }

        if (first)
        {
            return new TomlSplice(table.ValueStart + 1, table.ValueStart + 1, $" {joined},");
        }

        return Comma(children[^1]) is { } comma
            ? new TomlSplice(comma + 1, comma + 1, $" {joined}")
            : new TomlSplice(children[^1].ValueEnd, children[^1].ValueEnd, $", {joined}");
    }

    /// <summary>Takes keys out of an inline table, each with the comma that separates it.</summary>
    public IEnumerable<TomlSplice> Remove(TomlEntry table, IReadOnlyCollection<TomlEntry> removed)
    {
        var children = Children(table);
        for (var at = 0; at < children.Count; at++)
        {
            if (!removed.Contains(children[at]))
            {
                continue;
            }

            var last = at;
            while (last + 1 < children.Count && removed.Contains(children[last + 1]))
            {
                last++;
            }

            yield return (at > 0, last + 1 < children.Count) switch
            {
                (_, true) => new TomlSplice(children[at].KeyStart, children[last + 1].KeyStart, ""),
                (true, _) => new TomlSplice(children[at - 1].ValueEnd, children[last].ValueEnd, ""),
                _ => new TomlSplice(children[at].KeyStart, Comma(children[last]) + 1 ?? children[last].ValueEnd, ""),
            };
            at = last;
        }
    }

    private List<TomlEntry> Children(TomlEntry table) =>
        [.. layout.Entries.Where(entry => entry.IsInline && entry != table && IsIn(entry, table) && Parent(entry) == table)
            .OrderBy(entry => entry.KeyStart)];

    private static bool IsIn(TomlEntry entry, TomlEntry table) => table.ValueStart < entry.KeyStart && entry.ValueEnd < table.ValueEnd;

    /// <summary>The comma behind a key, past white space and comments.</summary>
    private int? Comma(TomlEntry entry)
    {
        for (var at = entry.ValueEnd; at < text.Length; at++)
        {
            switch (text[at])
            {
                case ',':
                    return at;
                case '#':
                    at = layout.LineEnd(at) - 1;
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                default:
                    return null;
            }
        }

        return null;
    }
}
