namespace PluginMarket;

/// <summary>One value of a <see cref="JsonFile"/>, with its place in the text. Cheap to make: text and positions are worked out when asked for.</summary>
public sealed class JsonValue
{
    /// <summary>The file this value belongs to.</summary>
    public JsonFile File => throw new NotImplementedException();

    /// <summary>The kind of value.</summary>
    public JsonKind Kind => throw new NotImplementedException();

    /// <summary>The JSON pointer (RFC 6901) of this value; empty for the root.</summary>
    public string Pointer => throw new NotImplementedException();

    /// <summary>Where the value stands.</summary>
    public TextPosition Position => throw new NotImplementedException();

    /// <summary>The byte offset of the value's first byte in <see cref="JsonFile.Utf8"/>.</summary>
    public int Start => throw new NotImplementedException();

    /// <summary>The byte offset after the value's last byte.</summary>
    public int End => throw new NotImplementedException();

    /// <summary>The value's bytes as they stand in the file.</summary>
    public ReadOnlySpan<byte> RawUtf8 => throw new NotImplementedException();

    /// <summary>The items of an array; empty for every other kind. Counting and enumerating allocate nothing per file.</summary>
    public IReadOnlyList<JsonValue> Items => throw new NotImplementedException();

    /// <summary>The members of an object in file order, duplicates included; empty for every other kind.</summary>
    public IReadOnlyList<JsonMember> Members => throw new NotImplementedException();

    /// <summary>The first member with exactly this name, or null where there is none or this is no object.</summary>
    public JsonValue? this[string name] => throw new NotImplementedException();

    /// <summary>Names this object has more than once; empty unless the file was parsed with tolerance for them.</summary>
    public IReadOnlyList<JsonDuplicate> DuplicateKeys => throw new NotImplementedException();

    /// <summary>The same for this value and everything below it.</summary>
    public IReadOnlyList<JsonDuplicate> DuplicateKeysWithin => throw new NotImplementedException();

    /// <summary>The text of a string.</summary>
    /// <exception cref="PluginMarketException">The value is no string; the code is the file's.</exception>
    public string GetString() => throw new NotImplementedException();

    /// <summary>The text of a string, or null for every other kind.</summary>
    public string? AsString() => throw new NotImplementedException();

    /// <summary>The value of a Boolean.</summary>
    /// <exception cref="PluginMarketException">The value is no Boolean; the code is the file's.</exception>
    public bool GetBoolean() => throw new NotImplementedException();

    /// <summary>Whether the value is a whole number written without fraction or exponent that fits 64 bits.</summary>
    public bool TryGetInt64(out long number) => throw new NotImplementedException();

    /// <summary>The nearest double of a number.</summary>
    /// <exception cref="PluginMarketException">The value is no number; the code is the file's.</exception>
    public double GetDouble() => throw new NotImplementedException();

    /// <summary>The value at a JSON pointer below this one, or null.</summary>
    public JsonValue? Find(string pointer) => throw new NotImplementedException();

    /// <summary>The value's text without white space between tokens; member order, numbers and escapes stay as written.</summary>
    public string ToJson() => throw new NotImplementedException();

    /// <summary>A failure that points at this value, with the file's code.</summary>
    /// <param name="problem">What is wrong, and the next step.</param>
    public PluginMarketException Failure(string problem) => throw new NotImplementedException();
}
