using System.Diagnostics;
using System.Globalization;
using PluginMarket.Files;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks;

/// <summary>One plugin out of repositories of several sizes: both engines beside a shallow clone and Codex.</summary>
internal static class GitBenchmark
{
    /// <summary>Measures and prints the table.</summary>
    /// <param name="sizes">How many files each repository has.</param>
    /// <param name="output">Where the table goes.</param>
    public static async Task<int> RunAsync(IReadOnlyList<int> sizes, TextWriter output)
    {
        if (!OperatingSystem.IsLinux())
        {
            await output.WriteLineAsync("The memory of a program and its children is read from /proc, which this system does not have.");
            return 1;
        }

        using var scratch = new ScratchFolder();
        await using var server = new GitHttpServer(scratch.MakeFolder("served"));
        await output.WriteLineAsync($"A plugin of {LargeRepository.PluginFiles} files.\n\n| Files of the repository | Program | Time | "
            + $"Memory at most | Sent by the server | Disk at most | Disk afterwards |\n|---|---|---|---|---|---|---|");
        var missing = new List<string>();
        foreach (var size in sizes)
        {
            var name = "of-" + size.ToString(CultureInfo.InvariantCulture);
            var repository = LargeRepository.Create(scratch["served/" + name], size);
            await MeasureAsync(size.ToString("N0", CultureInfo.InvariantCulture), name);
            if (size == sizes[^1])
            {
                repository.Run("config", "uploadpack.allowFilter", "false");
                await MeasureAsync(size.ToString("N0", CultureInfo.InvariantCulture) + ", no partial fetches", name);
            }
        }

        foreach (var message in missing.Distinct())
        {
            await output.WriteLineAsync("\n" + message);
        }

        return 0;

        async Task MeasureAsync(string title, string name)
        {
            foreach (var (program, start) in Programs($"{server.Url}/{name}", missing))
            {
                // Checking the disk costs time, so the clock stands over another run than the disk's.
                var (first, second) = (Home(scratch, $"{name}-{program}", server, name),
                    Home(scratch, $"{name}-{program}-disk", server, name));
                var before = server.BytesSent;
                var timed = MeasuredRun.Of(start(first), MeasuredRun.MemoryOf, TimeSpan.FromMilliseconds(20));
                var sent = server.BytesSent - before;
                var disk = MeasuredRun.Of(start(second), _ => MeasuredRun.DiskOf(second), TimeSpan.FromMilliseconds(20));
                var afterwards = MeasuredRun.DiskOf(second);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {title} | {program} | {timed.Elapsed.TotalSeconds:F1} s | {Size(timed.Peak)} | {Size(sent)} | "
                        + $"{Size(Math.Max(disk.Peak, afterwards))} | {Size(afterwards)} |"));
                FileOps.Default.DeleteTreeNoFollow(first);
                FileOps.Default.DeleteTreeNoFollow(second);
            }
        }
    }

    private static IEnumerable<(string Program, Func<string, ProcessStartInfo> Start)> Programs(string url, List<string> missing)
    {
        yield return ("PluginMarket with git", home => Install(GitEngine.Git, home));
        yield return ("PluginMarket with libgit2", home => Install(GitEngine.LibGit2, home));
        yield return ("git clone --depth 1",
            home => Own(new ProcessStartInfo("git", ["clone", "--quiet", "--depth", "1", url, Path.Join(home, "clone")]), home));
        if (CodexCli.Find(out var reason) is { } codex)
        {
            yield return ($"codex plugin add ({codex.Version})",
                home => Own(codex.StartInfo(Path.Join(home, ".codex"), home, home, ["plugin", "add", LargeRepository.Plugin]), home));
        }
        else
        {
            missing.Add(reason!);
        }
    }

    private static ProcessStartInfo Install(GitEngine engine, string home) =>
        Own(new ProcessStartInfo(Environment.ProcessPath!, ["install", engine.ToString(), home]), home);

    /// <summary>All that the program writes comes below its home, its temporary files too.</summary>
    private static ProcessStartInfo Own(ProcessStartInfo start, string home)
    {
        start.WorkingDirectory = home;
        start.Environment["HOME"] = home;
        start.Environment["TMPDIR"] = home;
        return start;
    }

    private static string Home(ScratchFolder scratch, string folder, GitHttpServer server, string repository)
    {
        var home = scratch.MakeFolder("homes/" + folder.Replace(' ', '-'));
        LargeRepository.CreateHome(home, $"{server.Url}/{repository}");
        return home;
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_048_576.0:F1} MiB");
}
