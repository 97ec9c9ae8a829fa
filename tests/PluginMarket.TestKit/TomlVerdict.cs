using System.Globalization;

namespace PluginMarket.TestKit;

/// <summary>A small text and whether Codex takes it as a configuration.</summary>
/// <param name="Written">The text as the table writes it.</param>
/// <param name="Bytes">The text.</param>
/// <param name="IsTaken">Whether Codex takes it.</param>
internal sealed record TomlVerdict(string Written, byte[] Bytes, bool IsTaken)
{
    /// <summary>The table of the grammar's borders, asked of the real program; an interop test asks again.</summary>
    public static IReadOnlyList<TomlVerdict> ReadAll() =>
        [.. File.ReadAllLines(Path.Join(RepositoryRoot.Path, "tests", "PluginMarket.TestKit", "Toml", "verdicts.txt"))
            .Where(line => line[0] != '#').Select(line => new TomlVerdict(line[2..], Decode(line[2..]), line[0] == '+'))];

    private static byte[] Decode(string written)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < written.Length; at++)
        {
            if (written[at] != '\\')
            {
                bytes.Add((byte)written[at]);
                continue;
            }

            switch (written[++at])
            {
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case 'x':
                    bytes.Add(byte.Parse(written.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    at += 2;
                    break;
                default:
                    bytes.Add((byte)written[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
