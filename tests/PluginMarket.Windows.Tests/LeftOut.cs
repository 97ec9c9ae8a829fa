using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>What does not run under Wine, and why: <c>tests/windows/left-out.txt</c>, <c>name # reason</c> on each line.</summary>
internal static class LeftOut
{
    private static readonly Dictionary<string, string> Reasons = File
        .ReadLines(Path.Join(RepositoryRoot.Path, "tests", "windows", "left-out.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(" # ", 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Reasons.Keys;

    public static bool Has(string name) => Reasons.ContainsKey(name);

    /// <summary>Whether a row of a Pester file that runs is left out: the list has how <c>file/name</c> begins.</summary>
    public static bool Has(WindowsResult row) => Names.Any(
        name => name.Contains('/', StringComparison.Ordinal) && $"{row.File}/{row.Name}".StartsWith(name, StringComparison.Ordinal));
}
