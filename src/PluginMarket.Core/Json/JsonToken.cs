namespace PluginMarket.Json;

/// <summary>One token of a parsed file: 16 bytes each, so that a hostile file of nothing but tokens stays
/// within a small multiple of its size.</summary>
internal struct JsonToken
{
    private const int KindMask = 7;
    private const int EscapedFlag = 8;
    private const int CountShift = 4;

    private int _info;

    /// <summary>First byte, quotes included.</summary>
    public int Start;

    /// <summary>Byte after the last.</summary>
    public int End;

    /// <summary>For a value: the index after everything below it. For a member's name: the hash of the unescaped name.</summary>
    public int Next;

    public JsonToken(JsonKind kind, int start, int end, bool escaped)
    {
        _info = (int)kind | (escaped ? EscapedFlag : 0);
        Start = start;
        End = end;
    }

    public readonly JsonKind Kind => (JsonKind)(_info & KindMask);

    public readonly bool Escaped => (_info & EscapedFlag) != 0;

    /// <summary>Items or members of a container.</summary>
    public int Count
    {
        readonly get => _info >> CountShift;
        set => _info = (_info & ((1 << CountShift) - 1)) | (value << CountShift);
    }
}
