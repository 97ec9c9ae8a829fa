namespace PluginMarket.Json;

/// <summary>One member of a JSON object.</summary>
internal sealed class JsonMember
{
    private readonly JsonValue _owner;
    private readonly int _name;

    internal JsonMember(JsonValue owner, int name)
    {
        _owner = owner;
        _name = name;
        Value = new JsonValue(owner.File, name + 1, owner, name);
    }

    /// <summary>The member's name, unescaped; compared with exact case everywhere.</summary>
    public string Name => _owner.File.TextOf(_owner.File.Node(_name));

    /// <summary>The member's value.</summary>
    public JsonValue Value { get; }

    internal int NameStart => _owner.File.Node(_name).Start;

    internal int NameEnd => _owner.File.Node(_name).End;
}
