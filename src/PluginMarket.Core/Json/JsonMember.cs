namespace PluginMarket;

/// <summary>One member of a JSON object.</summary>
public sealed class JsonMember
{
    /// <summary>The member's name, unescaped, exactly as written otherwise.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Where the name stands, quotes included.</summary>
    public TextPosition NamePosition => throw new NotImplementedException();

    /// <summary>The member's value.</summary>
    public JsonValue Value => throw new NotImplementedException();
}
