using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PluginMarket.Toml;

/// <summary>A TOML table as a value: keys in file order. Values are <see cref="string"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="bool"/>, <see cref="TomlDate"/>, <see cref="TomlTable"/> or <c>IReadOnlyList&lt;object&gt;</c>.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A table is what TOML calls it.")]
internal sealed class TomlTable : IReadOnlyDictionary<string, object>
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <inheritdoc/>
    public object this[string key] => _values[key];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _order;

    /// <inheritdoc/>
    public IEnumerable<object> Values => _order.Select(key => _values[key]);

    /// <inheritdoc/>
    public int Count => _order.Count;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => _values.TryGetValue(key, out value);

    /// <summary>The sub-table of that name, or null where it is missing or something else.</summary>
    public TomlTable? Table(string key) => _values.GetValueOrDefault(key) as TomlTable;

    /// <summary>The string of that name, or null where it is missing or something else. A date is its text, as Codex takes it.</summary>
    public string? Text(string key) => TextOf(_values.GetValueOrDefault(key));

    /// <summary>The Boolean of that name, or null where it is missing or something else.</summary>
    public bool? Flag(string key) => _values.GetValueOrDefault(key) as bool?;

    /// <summary>The list of strings of that name, or null where it is missing or something else.</summary>
    public IReadOnlyList<string>? Texts(string key) =>
        _values.GetValueOrDefault(key) is IReadOnlyList<object> list && list.All(item => TextOf(item) is not null)
            ? [.. list.Select(item => TextOf(item)!)] : null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() =>
        _order.Select(key => KeyValuePair.Create(key, _values[key])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? TextOf(object? value) => value as string ?? (value as TomlDate)?.Text;

    /// <summary>The same keys and values in another table.</summary>
    internal TomlTable Copy()
    {
        var copy = new TomlTable();
        foreach (var key in _order)
        {
            copy.Set(key, _values[key]);
        }

        return copy;
    }

    internal void Set(string key, object value)
    {
        if (!_values.ContainsKey(key))
        {
            _order.Add(key);
        }

        _values[key] = value;
    }

    internal void Remove(string key)
    {
        if (_values.Remove(key))
        {
            _order.Remove(key);
        }
    }
}
