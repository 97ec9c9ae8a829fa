using Tomlyn.Syntax;

namespace PluginMarket.Toml;

/// <summary>What the parser made of a header with its keys, or of the keys above the first header.</summary>
/// <param name="Table">The header; null for the part above the first.</param>
/// <param name="Items">The keys.</param>
/// <param name="Start">The start of the header's line in the whole text.</param>
/// <param name="Shift">Where in the whole text the part began that the parser was given.</param>
internal sealed record TomlBlock(TableSyntaxBase? Table, SyntaxList<KeyValueSyntax> Items, int Start, int Shift)
{
    /// <summary>The blocks of a parsed text, in order.</summary>
    /// <param name="document">The parsed text.</param>
    /// <param name="text">The text.</param>
    /// <param name="shift">Where in the whole text it begins.</param>
    public static IEnumerable<TomlBlock> Of(DocumentSyntax document, string text, int shift) =>
        document.Tables.Select(
            table => new TomlBlock(table, table.Items, LineStart(text, table.OpenBracket!.Span.Start.Offset) + shift, shift))
            .Prepend(new TomlBlock(null, document.KeyValues, shift, shift));

    /// <summary>The same block in a text that is longer or shorter above it.</summary>
    public TomlBlock MovedBy(int distance) => this with { Start = Start + distance, Shift = Shift + distance };

    private static int LineStart(string text, int offset) => offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
}
