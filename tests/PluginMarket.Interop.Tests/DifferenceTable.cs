using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>The table of <c>docs/codex-differences.md</c>: the only differences from Codex that a test may accept.</summary>
public static class DifferenceTable
{
    /// <summary>Its rows, in order.</summary>
    public static IReadOnlyList<DifferenceRow> Rows { get; } =
        [.. File.ReadLines(Path.Join(RepositoryRoot.Path, "docs", "codex-differences.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Split('|'))
            .Select(cells => new DifferenceRow(cells[1].Trim(), cells[^2].Trim()))];

    /// <summary>Whether a version of Codex differs as a row says.</summary>
    public static bool Holds(string id, string version) => Rows.FirstOrDefault(row => row.Id == id)?.Holds(version) == true;

    /// <summary>The ids of the rows that hold for a version of Codex.</summary>
    public static IEnumerable<string> Ids(string version) => Rows.Where(row => row.Holds(version)).Select(row => row.Id);
}
