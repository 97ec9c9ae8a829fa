using System.Collections;

namespace PluginMarket.Json;

/// <summary>Items or members of a container: counted without, enumerated with one object each; only an
/// index asked for makes a table.</summary>
internal sealed class JsonChildren<T>(JsonValue owner, Func<JsonValue, int, int, T> make) : IReadOnlyList<T>
{
    private int[]? _indexes;

    public int Count => owner.Node.Count;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            _indexes ??= [.. Indexes()];
            return make(owner, _indexes[index], index);
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        var position = 0;
        foreach (var index in Indexes())
        {
            yield return make(owner, index, position++);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<int> Indexes()
    {
        var named = owner.Kind == JsonKind.Object ? 1 : 0;
        var index = owner.Index + 1;
        for (var position = 0; position < Count; position++)
        {
            yield return index;
            index = owner.File.Node(index + named).Next;
        }
    }
}
