namespace PluginMarket.Json;

/// <summary>What Codex reads of a JSON value: everything in it, or the members of an object that it knows. It skips what it does
/// not know, whatever its texts and depth.</summary>
internal sealed class ReadShape
{
    private readonly Dictionary<string, ReadShape> _members = new(StringComparer.Ordinal);
    private readonly ReadShape? _item;
    private readonly bool _isWhole;
    private readonly bool _readsOthers;

    private ReadShape(bool isWhole, bool readsOthers = false, ReadShape? item = null) =>
        (_isWhole, _readsOthers, _item) = (isWhole, readsOthers, item);

    /// <summary>Everything, at any depth.</summary>
    internal static ReadShape Whole { get; } = new(true);

    /// <summary>What an item of an array is read as; a structure that is written as an array is read whole.</summary>
    internal ReadShape Item => _item ?? Whole;

    /// <summary>An array of such items.</summary>
    internal static ReadShape Of(ReadShape item) => new(false, false, item);

    /// <summary>An object of which the known members are read.</summary>
    internal static ReadShape Of(IEnumerable<string> whole, params (string Name, ReadShape Shape)[] members) => Make(false, whole, members);

    /// <summary>An object of which all members are read, some of them in part.</summary>
    internal static ReadShape OfAll(params (string Name, ReadShape Shape)[] members) => Make(true, [], members);

    /// <summary>What a member is read as; null where it is ignored.</summary>
    internal ReadShape? Member(string name) =>
        _isWhole ? Whole : _members.TryGetValue(name, out var shape) ? shape : _readsOthers ? Whole : null;

    private static ReadShape Make(bool readsOthers, IEnumerable<string> whole, (string Name, ReadShape Shape)[] members)
    {
        var made = new ReadShape(false, readsOthers);
        foreach (var name in whole)
        {
            made._members[name] = Whole;
        }

        foreach (var (name, shape) in members)
        {
            made._members[name] = shape;
        }

        return made;
    }
}
