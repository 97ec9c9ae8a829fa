using System.Globalization;
using System.Text;

namespace PluginMarket.Core.Tests;

/// <summary>Makes valid TOML 1.0 documents full of what an editor could stumble over, in pieces of which
/// each knows to whom it belongs.</summary>
internal sealed class TomlDocuments(Random random)
{
    public const string Target = "target@market";

    private static readonly string[] Decoys =
    [
        "[plugins.\\\"target@market\\\"]", "enabled = true", "# no comment", "[[x]]", "'", "''", "{", "]", "é😀", "\\\\", "\\u00e9",
    ];

    private int _number;

    /// <summary>The forms in which the target's table can be written.</summary>
    public enum Form { Absent, Header, LiteralHeader, EscapedHeader, SubTableAlone, Dotted, TopDotted, Inline }

    /// <param name="Text">The piece.</param>
    /// <param name="Owned">Whether it goes when the target is removed.</param>
    /// <param name="IsBlock">Whether it is a header with its keys, so that one blank line above goes with it.</param>
    public sealed record Piece(string Text, bool Owned, bool IsBlock = false);

    /// <param name="Pieces">The document.</param>
    /// <param name="Form">How the target is written.</param>
    public sealed record Document(IReadOnlyList<Piece> Pieces, Form Form)
    {
        public bool Bom { get; init; }

        public byte[] Bytes =>
            [.. Bom ? new byte[] { 0xEF, 0xBB, 0xBF } : [], .. Encoding.UTF8.GetBytes(string.Concat(Pieces.Select(piece => piece.Text)))];

        public byte[] Without
        {
            get
            {
                var (all, text) = (new StringBuilder(), new StringBuilder());
                foreach (var piece in Pieces)
                {
                    if (piece is { Owned: true, IsBlock: true } && BlankLineAtEnd(all.ToString()) is > 0 and var length)
                    {
                        text.Length -= length;
                    }

                    all.Append(piece.Text);
                    text.Append(piece.Owned ? "" : piece.Text);
                }

                return Encoding.UTF8.GetBytes((Bom ? "\ufeff" : "") + text);
            }
        }

        private static int BlankLineAtEnd(string text)
        {
            var start = text.Length < 2 ? 0 : text.LastIndexOf('\n', text.Length - 2) + 1;
            return string.IsNullOrWhiteSpace(text[start..]) ? text.Length - start : 0;
        }
    }

    public Document Next()
    {
        var form = (Form)random.Next(8);
        var pieces = new List<Piece>();
        for (var count = random.Next(5); count > 0; count--)
        {
            pieces.Add(Other(Comments() + KeyValue("")));
        }

        if (form == Form.TopDotted)
        {
            var prefix = Pick("plugins.\"target@market\"", "plugins . 'target@market'");
            pieces.Add(Own(prefix + ".x" + Number() + " = " + Value() + End()));
            pieces.Add(Own(prefix + ".enabled = " + Pick("true", "false") + End()));
        }

        var blocks = new List<List<Piece>>();
        for (var count = random.Next(7); count > 0; count--)
        {
            blocks.Add([Other(Block("other" + Number()))]);
        }

        for (var count = random.Next(3); count > 0; count--)
        {
            blocks.Add([Other(Comments() + $"[plugins.\"p{Number()}@market\"]" + End() + Body())]);
        }

        if (form is Form.Dotted or Form.Inline)
        {
            var key = Pick("\"target@market\"", "'target@market'", "\"target\\u0040market\"");
            var own = form == Form.Dotted
                ? key + ".enabled = " + Pick("true", "false") + End() + key + ".x = " + Value() + End()
                : key + " = { enabled = " + Pick("true", "false") + ", y = 1 }" + End();
            blocks.Add([Other("[plugins]" + End() + Keys(random.Next(3))), Own(own), Other(Keys(random.Next(3)))]);
        }

        string? header = form switch
        {
            Form.Header => "[plugins.\"target@market\"]",
            Form.LiteralHeader => " [ plugins.'target@market' ]",
            Form.EscapedHeader => "[plugins . \"t\\u0061rget@market\"]",
            _ => null,
        };
        if (header is not null)
        {
            blocks.Add(Owned(header, "enabled = " + Pick("true", "false") + End() + Keys(random.Next(3))));
        }

        if (form == Form.SubTableAlone || (header is not null && random.Next(2) == 0))
        {
            blocks.Add(Owned("[plugins.\"target@market\".mcp_servers.s1]", Keys(random.Next(3))));
            blocks.Add(Owned("[[plugins.\"target@market\".list]]", Keys(random.Next(3))));
        }

        pieces.AddRange(Shuffled(blocks).SelectMany(block => block));
        var newline = Pick("\n", "\n", "\r\n");
        return new Document([.. pieces.Select(piece => piece with { Text = piece.Text.Replace("\n", newline, StringComparison.Ordinal) })],
            form)
        {
            Bom = random.Next(8) == 0,
        };
    }

    private static Piece Other(string text) => new(text, false);

    private static Piece Own(string text) => new(text, true);

    /// <summary>Comments above and below stay, and so do the blank lines below.</summary>
    private List<Piece> Owned(string header, string keys) =>
    [
        Other(Comments()),
        new(header + End() + keys, true, true),
        Other((random.Next(3) == 0 ? "# below it\n" : "") + Pick("", "\n", "\n\n", " \t\n")
            + (random.Next(3) == 0 ? "# on its own\n\n" : "")),
    ];

    private string Block(string name) =>
        Comments() + Pick($"[{name}]", $"[{name}.\"é.x\".'y']", $"[[{name}]]", $"  [ {name} ]") + End() + Body();

    private string Body() => Keys(random.Next(4)) + Pick("", "\n", "# below\n\n");

    private string Keys(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => KeyValue(Pick("", "  ", "\t"))));

    private string KeyValue(string indent) => Comments() + indent + Pick($"k{Number()}", $"\"q é{Number()}\"", $"'l.{Number()}'",
        $"d{Number()}.e.\"f\"", $"{Number()}") + Pick(" = ", "=", "\t=  ") + Value() + End();

    private string Value(int depth = 0) => random.Next(depth > 2 ? 9 : 11) switch
    {
        0 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => Pick("0x1F", "0o17", "0b101", "1_000", "+7", "-0"),
        2 => Pick("1.5", "-2.5e3", "inf", "6.0"),
        3 => Pick("true", "false"),
        4 => Pick("1979-05-27T07:32:00Z", "1979-05-27", "07:32:00", "1979-05-27 07:32:00.5-07:00"),
        5 => "\"" + Decoy() + "\"",
        6 => "'" + Decoy().Replace("'", "", StringComparison.Ordinal) + "'",
        7 => "\"\"\"\n" + Decoy() + "\n\n[plugins.\"target@market\"]\nenabled = true\n\"\"\\\n   " + Decoy() + "\"\"\"",
        8 => "'''\n[plugins.\"target@market\"]\n# decoy\nenabled = false\n'''",
        9 => "[" + string.Join(",", Enumerable.Range(0, random.Next(4))
            .Select(_ => Pick(" ", "\n  ", " # [plugins.\"target@market\"]\n") + Value(depth + 1))) + Pick("", "\n", " # ]\n") + "]",
        _ => "{ " + string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(_ => $"i{Number()} = {Flat()}")) + " }",
    };

    private string Flat() => Pick("1", "\"x, y = }\"", "'#'", "[1, 2]", "{ z = true }");

    private string Decoy() => string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => Decoys[random.Next(Decoys.Length)]));

    private string Comments() => random.Next(4) switch { 0 => "# [plugins.\"target@market\"]\n", 1 => "\n# x = 1 é\n#\n", _ => "" };

    private string End() => Pick("\n", "\n", " # tail ]\n", "\t\n");

    private int Number() => ++_number;

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private List<List<Piece>> Shuffled(List<List<Piece>> blocks) => [.. blocks.OrderBy(_ => random.Next())];
}
