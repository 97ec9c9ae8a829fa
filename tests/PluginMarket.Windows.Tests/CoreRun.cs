namespace PluginMarket.Windows.Tests;

/// <summary>Runs test classes of the core with the .NET of Windows, some in each process.</summary>
internal static class CoreRun
{
    // A test writes when it begins and when it ends; what takes longest is the start.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<CoreClassResult>> RunAsync(WindowsHost host)
    {
        // A process compiles the core and its tests again, so there is one for each processor.
        var processes = Math.Max(2, Environment.ProcessorCount);
        var results = await Task.WhenAll(CoreClasses.Run.Index().GroupBy(one => one.Index % processes, one => one.Item)
            .Select(group => RunAsync(host, [.. group])));
        return [.. results.SelectMany(some => some).OrderBy(result => result.Name, StringComparer.Ordinal)];
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
