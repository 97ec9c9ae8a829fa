namespace PluginMarket.Toml;

/// <summary>How each table of a text came to be, which decides what may still be added to it: the parser
/// forgets it inside arrays of tables.</summary>
internal sealed class TomlDefinitions
{
    private readonly Dictionary<TomlTable, Origin> _origins;
    private readonly HashSet<object> _arraysOfTables;

    /// <summary>Nothing is defined.</summary>
    public TomlDefinitions()
    {
        _origins = new(ReferenceEqualityComparer.Instance);
        _arraysOfTables = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>What another text defines is defined, and can be added to.</summary>
    public TomlDefinitions(TomlDefinitions other)
    {
        _origins = new(other._origins, ReferenceEqualityComparer.Instance);
        _arraysOfTables = new(other._arraysOfTables, ReferenceEqualityComparer.Instance);
    }

    private enum Origin
    {
        /// <summary>Named on the way to another header.</summary>
        Passed,

        /// <summary>Its own header.</summary>
        Header,

        /// <summary>Dotted keys.</summary>
        Dotted,

        /// <summary>An inline table, which is complete.</summary>
        Inline,
    }

    /// <summary>The table of a header, made where it is new.</summary>
    /// <exception cref="TomlRefusal">It was defined before, in a way that allows no header.</exception>
    public TomlTable Enter(TomlTable root, TomlHeader header)
    {
        var table = root;
        for (var i = 0; i < header.Path.Count - 1; i++)
        {
            var key = header.Path[i];
            table = Find(table, key) switch
            {
                null => New(table, key, Origin.Passed),
                TomlTable inner when _origins.GetValueOrDefault(inner) != Origin.Inline => inner,
                List<object> list when _arraysOfTables.Contains(list) => (TomlTable)list[^1],
                _ => throw Repeated(header.Start),
            };
        }

        return header.IsArray ? Append(table, header) : Open(table, header);
    }

    /// <summary>The table that a dotted key leads to, in which its last part is new.</summary>
    /// <exception cref="TomlRefusal">A part was defined before, in a way that dotted keys cannot add to.</exception>
    public TomlTable EnterDotted(TomlTable table, List<string> keys, int offset)
    {
        for (var i = 0; i < keys.Count - 1; i++)
        {
            var key = keys[i];
            table = Find(table, key) switch
            {
                null => New(table, key, Origin.Dotted),
                TomlTable inner when _origins.GetValueOrDefault(inner) == Origin.Dotted => inner,
                _ => throw Repeated(offset),
            };
        }

        return table.ContainsKey(keys[^1]) ? throw Repeated(offset) : table;
    }

    /// <summary>Puts copies in place of the tables on a path, so that they can be added to.</summary>
    /// <returns>Whether there is nothing else than tables on it.</returns>
    public bool TryOwn(TomlTable root, List<string> path)
    {
        var table = root;
        foreach (var key in path)
        {
            switch (Find(table, key))
            {
                case null:
                    return true;
                case TomlTable inner:
                    var copy = inner.Copy();
                    table.Set(key, copy);
                    if (_origins.Remove(inner, out var origin))
                    {
                        _origins[copy] = origin;
                    }

                    table = copy;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Notes that an inline table is complete.</summary>
    public void Close(TomlTable table) => _origins[table] = Origin.Inline;

    private TomlTable Open(TomlTable table, TomlHeader header)
    {
        var present = Find(table, header.Path[^1]);
        if (present is TomlTable passed && _origins.GetValueOrDefault(passed) == Origin.Passed)
        {
            _origins[passed] = Origin.Header;
            return passed;
        }

        return present is null ? New(table, header.Path[^1], Origin.Header) : throw Repeated(header.Start);
    }

    private TomlTable Append(TomlTable table, TomlHeader header)
    {
        var list = Find(table, header.Path[^1]) switch
        {
            null => [],
            List<object> present when _arraysOfTables.Contains(present) => present,
            _ => throw Repeated(header.Start),
        };
        table.Set(header.Path[^1], list);
        _arraysOfTables.Add(list);
        var element = new TomlTable();
        _origins[element] = Origin.Header;
        list.Add(element);
        return element;
    }

    private TomlTable New(TomlTable table, string key, Origin origin)
    {
        var inner = new TomlTable();
        _origins[inner] = origin;
        table.Set(key, inner);
        return inner;
    }

    private static object? Find(TomlTable table, string key) => table.TryGetValue(key, out var present) ? present : null;

    private static TomlRefusal Repeated(int offset) => new(TomlRefusal.Repeated, offset);
}
