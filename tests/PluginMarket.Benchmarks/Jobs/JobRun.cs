using System.Globalization;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>Measures jobs and renews the page; a job that fails is told and leaves the others alone.</summary>
internal static class JobRun
{
    private static readonly (string Name, Func<Bench, Task> Measure)[] Jobs =
    [
        ("start", Of(LocalJobs.Start)), ("list", Of(LocalJobs.List)), ("find", Of(LocalJobs.Find)), ("import", Of(LocalJobs.Import)),
        ("completion", Of(LocalJobs.Completion)), ("validate", Of(LocalJobs.Validate)), ("capability", Of(LocalJobs.Capability)),
        ("verify", Of(LocalJobs.Verify)), ("install", Of(LocalJobs.Install)), ("home", Of(LocalJobs.Home)),
        ("git30", GitJobs.UnchangedAsync), ("scale", Of(LocalJobs.Scale)), ("subdir", GitJobs.SubdirectoryAsync),
        ("update", GitJobs.UpdateAsync), ("all", Of(LocalJobs.All)), ("page", Of(FleetJobs.Page)), ("policy", Of(PolicyJobs.Decide)), ("fleet", Of(FleetJobs.State)),
    ];

    /// <summary>Runs what the arguments say.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        string? codex = null, plugins = null;
        var isTiny = false;
        var (wanted, runs, build) = (Jobs.Select(job => job.Name).ToList(), 3, true);
        var docs = Path.Join(RepositoryRoot.Path, "docs");
        var (page, stored) = (Path.Join(docs, "performance.md"), Path.Join(docs, "performance.json"));
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--codex":
                    codex = arguments[++i];
                    break;
                case "--plugins":
                    plugins = Path.GetFullPath(arguments[++i], RepositoryRoot.Path);
                    break;
                case "--runs":
                    runs = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--tiny":
                    isTiny = true;
                    break;
                case "--no-build":
                    build = false;
                    break;
                case "--page":
                    Page.Write(page, Results.Read(stored));
                    return 0;
                default:
                    wanted = [.. arguments[i].Split(',')];
                    break;
            }
        }

        if (wanted.Except(Jobs.Select(job => job.Name)).ToList() is { Count: > 0 } unknown)
        {
            await Console.Error.WriteLineAsync($"These are not jobs: {string.Join(", ", unknown)}. There are {string.Join(", ", Jobs.Select(job => job.Name))}.");
            return 2;
        }

        if (isTiny)
        {
            // Such figures say nothing: they stay out of the page.
            var aside = Directory.CreateDirectory(Path.Join(RepositoryRoot.Path, "artifacts", "tiny")).FullName;
            File.Copy(page, Path.Join(aside, "performance.md"), overwrite: true);
            (page, stored) = (Path.Join(aside, "performance.md"), Path.Join(aside, "performance.json"));
        }

        var load = Load();
        var programs = Programs.Get(build, codex, plugins, Console.Out);
        var results = Results.Read(stored);
        results.Load = load;
        results.Machine = $"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {Environment.OSVersion.VersionString}";
        var failed = new List<string>();
        foreach (var (name, measure) in Jobs.Where(job => wanted.Contains(job.Name)))
        {
            var bench = new Bench(programs, runs, results, Console.Out, isTiny);
            using var scratch = bench.Scratch;
            bench.Say(name);
            try
            {
                await measure(bench);
                bench.Finish();
                results.Write(stored);
                Page.Write(page, results);
            }
            catch (Exception problem) when (problem is InvalidOperationException or IOException or KeyNotFoundException
                or UnauthorizedAccessException or JsonException or FormatException or TimeoutException or ArgumentException)
            {
                failed.Add(name);
                bench.Say($"  {name} failed: {problem.Message}");
            }
        }

        await Console.Out.WriteLineAsync(failed.Count == 0 ? $"Written: {page}" : $"Failed, and left as they were: {string.Join(",", failed)}");
        return failed.Count == 0 ? 0 : 1;
    }

    /// <summary>How many processes wanted a processor in the last minute; null where the system does not tell.</summary>
    private static double? Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    private static Func<Bench, Task> Of(Action<Bench> measure) => bench =>
    {
        measure(bench);
        return Task.CompletedTask;
    };
}
