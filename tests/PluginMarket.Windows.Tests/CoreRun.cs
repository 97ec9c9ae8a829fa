using System.Collections.Concurrent;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs test classes of the core with the .NET of Windows, some in each process.</summary>
internal static class CoreRun
{
    // A process compiles the core and its tests again, so they are few.
    private const int ProcessesPerProcessor = 2;
    private static readonly TimeSpan TimeOfMany = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TimeOfOne = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<CoreClassResult>> RunAsync(WindowsHost host)
    {
        var workers = Math.Max(2, Environment.ProcessorCount);
        var groups = new ConcurrentQueue<string[]>(CoreClasses.Run.Index()
            .GroupBy(one => one.Index % (workers * ProcessesPerProcessor), one => one.Item).Select(group => group.ToArray()));
        var results = new ConcurrentBag<CoreClassResult>();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
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
        string[] missing = [.. classes.Except(results.Select(result => result.Name), StringComparer.Ordinal)];
        if (missing.Length > 0 && classes.Length == 1)
        {
            results.Add(new CoreClassResult(classes[0], 0,
                [$"The process ended with exit code {exitCode} in '{run.Current}'.\n{run.Rest}"]));
        }
        else if (missing.Length > 0)
        {
            // Wine's .NET can crash or hang in a test that is fine; that must not hide what the others of its process show. The class
            // that it ended in runs alone, those that it did not come to run together.
            var ended = run.Unfinished is { } name && missing.Contains(name) ? name : missing[0];
            results.AddRange(await RunAsync(host, [ended]));
            results.AddRange(missing.Length > 1 ? await RunAsync(host, [.. missing.Where(one => one != ended)]) : []);
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
