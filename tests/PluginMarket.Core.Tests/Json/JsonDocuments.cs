using System.Text;

namespace PluginMarket.Core.Tests;

/// <summary>Generates JSON values, and writes one in a hand that keeps to a style, or in one that keeps to none.</summary>
internal sealed class JsonDocuments(Random random)
{
    private static readonly string[] Names = ["name", "source", "policy", "é\\\"", "a/b", "x~y", "\\u0061", ""];
    private static readonly string[] Scalars = ["null", "true", "-1.5e3", "\"\"", "\"a,{}[]:\\\"\\n\"", "\"日本 😀\"",
        "12345678901234567890"];

    /// <summary>A value: its text of a scalar, or its members or items.</summary>
    internal sealed record Node(char Kind, string Text, List<(string Name, Node Value)> Parts)
    {
        public string Compact => Kind switch
        {
            '{' => "{" + string.Join(",", Parts.Select(part => $"\"{part.Name}\":{part.Value.Compact}")) + "}",
            '[' => "[" + string.Join(",", Parts.Select(part => part.Value.Compact)) + "]",
            _ => Text,
        };
    }

    /// <summary>How a tidy hand writes.</summary>
    internal sealed record Hand(string? Newline, string Unit, string Colon, string Comma, string Pad, string End, bool Bom)
    {
        public byte[] Write(Node node) => [.. Bom ? new byte[] { 0xEF, 0xBB, 0xBF } : [], .. Encoding.UTF8.GetBytes(Text(node, "") + End)];

        private string Text(Node node, string indent)
        {
            if (node.Parts.Count == 0)
            {
                return node.Compact;
            }

            var inner = indent + Unit;
            var parts = node.Parts.Select(part => (node.Kind == '{' ? $"\"{part.Name}\"{Colon}" : "") + Text(part.Value, inner));
            var close = node.Kind == '{' ? "}" : "]";
            return Newline is null
                ? node.Kind + Pad + string.Join(Comma, parts) + Pad + close
                : node.Kind + Newline + inner + string.Join("," + Newline + inner, parts) + Newline + indent + close;
        }
    }

    public static IReadOnlyList<Hand> Hands { get; } =
    [
        new("\n", "  ", ": ", "", "", "\n", false), new("\n", "    ", ": ", "", "", "", false),
        new("\r\n", "\t", ": ", "", "", "\r\n", false),
        new("\r\n", "  ", ":", "", "", "\r\n\r\n", true), new("\n", "\t", " : ", "", "", "\n", true),
        new(null, "", ":", ",", "", "", false), new(null, "", ": ", ", ", "", "\n", true), new(null, "", ": ", ", ", " ", "\r\n", false),
    ];

    /// <summary>An object with members of every kind.</summary>
    public Node Next() => Container('{', 3);

    /// <summary>A value to put in. Lists of scalars are left out: a hand may have them on one line where the rest is spread.</summary>
    public Node NextValue() => random.Next(3) switch
    {
        0 => Scalar(),
        1 => new Node('{', "", [("installation", Scalar()), ("deep", new Node('{', "", [("k", Scalar())]))]),
        _ => new Node('[', "", [("", new Node('{', "", [("n", Scalar())]))]),
    };

    /// <summary>The text with white space of no style between its tokens.</summary>
    public byte[] Untidy(Node node)
    {
        var text = new StringBuilder();
        Untidy(text, node);
        return Encoding.UTF8.GetBytes(Space() + text + Space());
    }

    private void Untidy(StringBuilder text, Node node)
    {
        if (node.Kind is not ('{' or '['))
        {
            text.Append(node.Text);
            return;
        }

        text.Append(node.Kind).Append(Space());
        for (var i = 0; i < node.Parts.Count; i++)
        {
            text.Append(i == 0 ? "" : "," + Space());
            text.Append(node.Kind == '{' ? $"\"{node.Parts[i].Name}\"{Space()}:{Space()}" : "");
            Untidy(text, node.Parts[i].Value);
            text.Append(Space());
        }

        text.Append(node.Kind == '{' ? '}' : ']');
    }

    private string Space() => random.Next(6) switch { 0 => "\n", 1 => "\r\n\t ", 2 => " ", 3 => "\n\n    ", 4 => "\r", _ => "" };

    private Node Scalar() => new('s', Scalars[random.Next(Scalars.Length)], []);

    private Node Container(char kind, int depth)
    {
        var names = Names.OrderBy(_ => random.Next()).ToArray();
        return new Node(kind, "", [.. Enumerable.Range(0, random.Next(5)).Select(i => (kind == '{' ? names[i] : "", depth == 0
            ? Scalar() : random.Next(3) switch { 0 => Container('{', depth - 1), 1 => Container('[', depth - 1), _ => Scalar() }))]);
    }
}
