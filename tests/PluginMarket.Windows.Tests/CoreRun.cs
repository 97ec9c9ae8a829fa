using System.Collections.Concurrent;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs test classes of the core with the .NET of Windows, some in each process.</summary>
internal static class CoreRun
{
    // A process compiles the core and its tests again, so they are few.
    private const int ProcessesPerProcessor = 2;

    // A test writes when it begins and when it ends; what takes longest is the start.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

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

    private static Task<IReadOnlyList<CoreClassResult>> RunAsync(WindowsHost host, string[] all) => BatchRun.RunAsync(all, async classes =>
    {
        var process = await host.RunProgramAsync(BuiltFile.CoreTests, Arguments(classes), Silence);
        var output = XunitOutput.Read(process.Output);
        IReadOnlyList<CoreClassResult> results = output.Errors.Count == 0
            ? output.Finished
            : [.. output.Finished, new CoreClassResult($"({string.Join(", ", classes)})", 0, output.Errors)];
        return new Batch<CoreClassResult>(results, [.. output.Finished.Select(result => result.Name)], output.Unfinished,
            $"{process.Describe(output.Rest)}\nThe test that began last: {output.Current}");
    }, (name, ending) => new CoreClassResult(name, 0, [$"The process of {name} {ending}"]));

    private static IEnumerable<string> Arguments(IReadOnlyList<string> classes) =>
    [
        "-reporter", "json", "-parallel", "none",
        .. classes.SelectMany(name => (string[])["-class", CoreClasses.Root + name]),
        .. CoreClasses.TestsLeftOut
            .Where(test => classes.Contains(CoreClasses.ClassOf(test)))
            .SelectMany(test => (string[])["-method-", CoreClasses.Root + test]),
    ];
}
