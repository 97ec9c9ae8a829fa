namespace PluginMarket.Toml;

/// <summary>A table header and its block, by character offsets.</summary>
/// <param name="Path">The keys of the header; none for the part of the file above the first header.</param>
/// <param name="IsArray">Whether it is <c>[[…]]</c>.</param>
/// <param name="Start">The start of the header's line.</param>
internal sealed record TomlHeader(IReadOnlyList<string> Path, bool IsArray, int Start)
{
    /// <summary>The end of the last line that contains the header or one of its keys, line break included.</summary>
    public int ContentEnd { get; set; }

    /// <summary>The white space before the header or its last key.</summary>
    public string Indent { get; set; } = "";
}

/// <summary>A key with its value, by character offsets; also those inside inline tables.</summary>
/// <param name="Header">The header it is under.</param>
/// <param name="Path">Header and dotted keys together.</param>
/// <param name="KeyEnds">The offset after each of the keys written in the line.</param>
/// <param name="KeyStart">The offset of the first of them.</param>
/// <param name="ValueStart">The first character of the value.</param>
/// <param name="ValueEnd">The offset after the value.</param>
/// <param name="IsInline">Whether it is inside an inline table.</param>
/// <param name="IsInlineTable">Whether its value is an inline table.</param>
internal sealed record TomlEntry(TomlHeader Header, IReadOnlyList<string> Path, int KeyStart, IReadOnlyList<int> KeyEnds, int ValueStart,
    int ValueEnd, bool IsInline, bool IsInlineTable);
