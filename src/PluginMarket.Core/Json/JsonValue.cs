using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>One value of a <see cref="JsonFile"/>, with its place in the text. Cheap to make: text and positions
/// are worked out when asked for.</summary>
internal sealed class JsonValue
{
    /// <summary>More duplicates than this in one value are not told apart.</summary>
    private const int ReportedDuplicates = 100;

    /// <summary>Bytes of a name that is compared without an object of its own.</summary>
    private const int ShortName = 96;

    // Nobody adds to it: it leaves as a list that is only read.
    private static readonly List<JsonDuplicate> NoDuplicates = [];

    private readonly JsonValue? _parent;
    private readonly int _step;
    private IReadOnlyList<JsonValue>? _items;
    private IReadOnlyList<JsonMember>? _members;

    /// <param name="file">The file.</param>
    /// <param name="index">The value's token.</param>
    /// <param name="parent">The container, null for the root.</param>
    /// <param name="step">The token of the name in an object, the position in an array.</param>
    internal JsonValue(JsonFile file, int index, JsonValue? parent, int step)
    {
        File = file;
        Index = index;
        _parent = parent;
        _step = step;
    }

    /// <summary>The file this value belongs to.</summary>
    public JsonFile File { get; }

    /// <summary>The kind of value.</summary>
    public JsonKind Kind => Node.Kind;

    /// <summary>The JSON pointer (RFC 6901) of this value; empty for the root. Names are unescaped text from outside.</summary>
    public string Pointer
    {
        get
        {
            var steps = new Stack<string>();
            for (var value = this; value._parent is { } parent; value = parent)
            {
                steps.Push(parent.Kind == JsonKind.Array
                    ? value._step.ToString(CultureInfo.InvariantCulture)
                    : File.TextOf(File.Node(value._step)).Replace("~", "~0", StringComparison.Ordinal)
                        .Replace("/", "~1", StringComparison.Ordinal));
            }

            return string.Concat(steps.Select(step => "/" + step));
        }
    }

    /// <summary>Where the value is.</summary>
    public TextPosition Position => File.PositionOf(Node);

    /// <summary>Where the name of the member that contains this value is; the value's own place for the root and for items.</summary>
    public TextPosition KeyPosition => _parent is { Kind: JsonKind.Object } ? File.PositionOf(File.Node(_step)) : Position;

    /// <summary>The byte offset of the value's first byte in <see cref="JsonFile.Utf8"/>.</summary>
    public int Start => Node.Start + File.BomLength;

    /// <summary>The byte offset after the value's last byte.</summary>
    public int End => Node.End + File.BomLength;

    /// <summary>The value's bytes as they are in the file.</summary>
    public ReadOnlySpan<byte> RawUtf8 => File.Text[Node.Start..Node.End];

    /// <summary>The items of an array; empty for every other kind. Counting and enumerating keep nothing.</summary>
    public IReadOnlyList<JsonValue> Items => Kind != JsonKind.Array ? [] : _items ??= new JsonChildren<JsonValue>(this,
        static (owner, index, position) => new JsonValue(owner.File, index, owner, position));

    /// <summary>The items of an array.</summary>
    /// <exception cref="PluginMarketException">The value is not an array; the code is the file's.</exception>
    public IReadOnlyList<JsonValue> GetItems() => Kind == JsonKind.Array ? Items : throw Unlike("an array");

    /// <summary>The members of an object in file order, duplicates included; empty for every other kind.</summary>
    public IReadOnlyList<JsonMember> Members => Kind != JsonKind.Object
        ? [] : _members ??= new JsonChildren<JsonMember>(this, static (owner, index, _) => new JsonMember(owner, index));

    /// <summary>The first member with exactly this name.</summary>
    /// <exception cref="PluginMarketException">There is none; the code is the file's.</exception>
    internal JsonValue Demand(string name) => this[name] ?? throw Failure($"'{name}' is missing. {Remedy.Do($"Add it.")}");

    /// <summary>Fails for a member of another name: what a reader of the file sees, and nothing reads, must not count as said.</summary>
    /// <param name="names">The names that there may be.</param>
    /// <exception cref="PluginMarketException">There is another one; the code is the file's, the place the member's.</exception>
    internal void DemandOnly(params ReadOnlySpan<string> names)
    {
        if (Kind != JsonKind.Object)
        {
            throw Unlike("an object");
        }

        foreach (var member in Members)
        {
            if (!names.Contains(member.Name))
            {
                throw UnknownMember(member, names);
            }
        }
    }

    /// <summary>The failure that an object has a member that nothing reads.</summary>
    /// <param name="member">The member.</param>
    /// <param name="names">The names that there may be.</param>
    internal static PluginMarketException UnknownMember(JsonMember member, ReadOnlySpan<string> names) =>
        member.Value.Failure($"This version of the format has no '{member.Name}' here. "
            + $"{Remedy.DidYouMean(NearestName.FindTypo(member.Name, [.. names])) ?? Remedy.Do($"Remove it.")}");

    /// <summary>The first member with exactly this name, or null where there is none or this is not an object.</summary>
    public JsonValue? this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            if (Kind != JsonKind.Object)
            {
                return null;
            }

            Span<byte> buffer = stackalloc byte[ShortName];
            ReadOnlySpan<byte> nameUtf8 = name.Length * 3 <= ShortName
                ? buffer[..Encoding.UTF8.GetBytes(name, buffer)] : Encoding.UTF8.GetBytes(name);
            var count = Node.Count;
            for (var (index, seen) = (Index + 1, 0); seen < count; index = File.Node(index + 1).Next, seen++)
            {
                if (File.NameIs(File.Node(index), name, nameUtf8))
                {
                    return new JsonValue(File, index + 1, this, index);
                }
            }

            return null;
        }
    }

    /// <summary>Names this object has more than once, the first hundred; empty unless the file was
    /// parsed with tolerance for them.</summary>
    public IReadOnlyList<JsonDuplicate> DuplicateKeys => Duplicates(Index + 1);

    /// <summary>The same for this value and everything below it.</summary>
    public IReadOnlyList<JsonDuplicate> DuplicateKeysWithin => Duplicates(Node.Next);

    internal JsonToken Node => File.Node(Index);

    internal int Index { get; }

    internal JsonValue? Parent => _parent;

    /// <summary>The name of the member that contains this value as it is written, quotes included; null for the root and for
    /// items.</summary>
    internal string? Name =>
        _parent is { Kind: JsonKind.Object } ? Encoding.UTF8.GetString(File.Text[File.Node(_step).Start..File.Node(_step).End]) : null;

    /// <summary>The text of a string.</summary>
    /// <exception cref="PluginMarketException">The value is not a string; the code is the file's.</exception>
    public string GetString() => AsString() ?? throw Unlike("a string");

    /// <summary>The text of a string, or null for every other kind.</summary>
    public string? AsString() => Kind == JsonKind.String ? File.TextOf(Node) : null;

    /// <summary>The value of a Boolean.</summary>
    /// <exception cref="PluginMarketException">The value is not a Boolean; the code is the file's.</exception>
    public bool GetBoolean() => Kind == JsonKind.Boolean ? RawUtf8[0] == 't' : throw Unlike("true or false");

    /// <summary>Whether the value is a whole number, written without fraction or exponent, that fits 64 bits.</summary>
    public bool TryGetInt64(out long number)
    {
        number = 0;
        return Kind == JsonKind.Number && Utf8Parser.TryParse(RawUtf8, out number, out var used) && used == RawUtf8.Length;
    }

    /// <summary>The nearest double of a number; always finite.</summary>
    /// <exception cref="PluginMarketException">The value is not a number; the code is the file's.</exception>
    public double GetDouble() =>
        Kind == JsonKind.Number ? double.Parse(RawUtf8, NumberStyles.Float, CultureInfo.InvariantCulture) : throw Unlike("a number");

    /// <summary>The value at a JSON pointer below this one, or null.</summary>
    public JsonValue? Find(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        if (pointer.Length == 0)
        {
            return this;
        }

        var found = pointer[0] == '/' ? this : null;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            found = found?.Child(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return found;
    }

    /// <summary>The value's text without white space between tokens; member order, numbers and escapes stay as written.</summary>
    public string ToJson() => JsonText.Compact(RawUtf8);

    /// <summary>A failure that points at this value, with the file's code.</summary>
    /// <param name="problem">What is wrong, and the next step; no full stop at the end.</param>
    public PluginMarketException Failure(Message problem) => File.Failure(problem, Start);

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    private JsonValue? Child(string step) => Kind switch
    {
        JsonKind.Object => this[step],
        JsonKind.Array when (step == "0" || step is [>= '1' and <= '9', ..]) && int.TryParse(step, NumberStyles.None,
            CultureInfo.InvariantCulture, out var position) && position < Items.Count => Items[position],
        _ => null,
    };

    private PluginMarketException Unlike(string wanted) =>
        Failure($"{(Pointer.Length == 0 ? "the top value" : Pointer)} must be {wanted}, not {Described(Kind)}");

    private static string Described(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => "true or false",
        JsonKind.Number => "a number",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    private List<JsonDuplicate> Duplicates(int to)
    {
        var repeats = File.Repeats(Index, to);
        if (repeats.IsEmpty)
        {
            return NoDuplicates;
        }

        var duplicates = new List<JsonDuplicate>();
        foreach (var repeat in repeats[..Math.Min(repeats.Length, ReportedDuplicates)])
        {
            var second = File.Node(repeat.Second);
            duplicates.Add(new JsonDuplicate(File.TextOf(second), Below(repeat.Owner).Pointer,
                File.PositionOf(File.Node(repeat.First)), File.PositionOf(second)));
        }

        return duplicates;
    }

    /// <summary>The value of a token at or below this one.</summary>
    private JsonValue Below(int index)
    {
        var value = this;
        while (value.Index != index)
        {
            var children = value.Kind == JsonKind.Object ? value.Members.Select(member => member.Value) : value.Items;
            value = children.First(child => index < child.Node.Next);
        }

        return value;
    }
}
