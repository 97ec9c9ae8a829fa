using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>The test classes of the core and whether they run under Wine, read from <c>tests/windows/core-classes.txt</c>.</summary>
/// <remarks>
/// <c>Class</c> runs; <c>Class # reason</c> does not; <c>Class.Method # reason</c> leaves a test out of a class that runs.
/// Names begin below <see cref="Root"/>.
/// </remarks>
internal static class CoreClasses
{
    public const string Root = "PluginMarket.Core.Tests.";

    private static readonly List<string[]> Lines = [.. File
        .ReadLines(Path.Join(RepositoryRoot.Path, "tests", "windows", "core-classes.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(" # ", 2))];

    public static IReadOnlyList<string> Run { get; } = [.. Lines.Where(line => line.Length == 1).Select(line => line[0])];

    public static IReadOnlyList<string> LeftOut { get; } = [.. NamesWithReason().Where(IsClass)];

    public static IReadOnlyList<string> TestsLeftOut { get; } = [.. NamesWithReason().Where(name => !IsClass(name))];

    /// <summary>The methods of all test classes of the core, as xUnit finds them.</summary>
    public static async Task<IReadOnlyList<string>> ListMethodsAsync()
    {
        string[] arguments = [BuiltFile.CoreTests, "-list", "methods"];
        using var process = Process.Start(new ProcessStartInfo(PowerShellProgram.DotNet, arguments) { RedirectStandardOutput = true })!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync();
        return [.. lines.Where(line => line.StartsWith(Root, StringComparison.Ordinal)).Select(line => line[Root.Length..])];
    }

    public static string ClassOf(string method) => method[..method.LastIndexOf('.')];

    private static IEnumerable<string> NamesWithReason() => Lines.Where(line => line.Length == 2).Select(line => line[0]);

    private static bool IsClass(string name) => name.EndsWith("Tests", StringComparison.Ordinal);
}
