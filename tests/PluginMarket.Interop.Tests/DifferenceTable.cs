using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>The table of <c>docs/codex-differences.md</c>: the only differences from Codex that a test may accept.</summary>
public static class DifferenceTable
{
    /// <summary>The ids of its rows, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. File.ReadLines(Path.Join(RepositoryRoot.Path, "docs", "codex-differences.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1].Trim())
            .Skip(1)];
}
