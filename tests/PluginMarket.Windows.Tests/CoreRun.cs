using System.Collections.Concurrent;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs test classes of the core with the .NET of Windows, some in each process.</summary>
internal static class CoreRun
{
    private const int ClassesEach = 9;
    private static readonly TimeSpan TimeOfMany = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TimeOfOne = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<CoreClassResult>> RunAsync(WindowsHost host)
    {
        var groups = new ConcurrentQueue<string[]>(CoreClasses.Run.Chunk(ClassesEach));
        var results = new ConcurrentBag<CoreClassResult>();
        await Task.WhenAll(Enumerable.Range(0, Math.Max(2, Environment.ProcessorCount)).Select(async _ =>
        {
            while (groups.TryDequeue(out var group))
            {
                foreach (var result in await RunAsync(host, group))
                {
                    results.Add(result);
                }
            }
        }));
        return [.. results.OrderBy(result => result.Name, StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<CoreClassResult>> RunAsync(WindowsHost host, string[] classes)
    {
        var limit = classes.Length == 1 ? TimeOfOne : TimeOfMany;
        var (exitCode, output) = await host.RunProgramAsync(BuiltFile.CoreTests, Arguments(classes), limit);
        var run = XunitOutput.Read(output);
        var results = run.Finished.ToList();
        foreach (var name in classes.Except(results.Select(result => result.Name), StringComparer.Ordinal))
        {
            // Wine's .NET can crash or hang in a test that is fine; that must not hide what the others of its process show.
            results.AddRange(classes.Length > 1
                ? await RunAsync(host, [name])
                : [new CoreClassResult(name, 0, [$"The process ended with exit code {exitCode} in '{run.Current}'.\n{run.Rest}"])]);
        }

        return run.Errors.Count == 0 ? results : [.. results, new CoreClassResult($"({string.Join(", ", classes)})", 0, run.Errors)];
    }

    private static IEnumerable<string> Arguments(string[] classes) =>
    [
        "-reporter", "json", "-parallel", "none",
        .. classes.SelectMany(name => (string[])["-class", CoreClasses.Root + name]),
        .. CoreClasses.TestsLeftOut
            .Where(test => classes.Contains(CoreClasses.ClassOf(test)))
            .SelectMany(test => (string[])["-method-", CoreClasses.Root + test]),
    ];
}
