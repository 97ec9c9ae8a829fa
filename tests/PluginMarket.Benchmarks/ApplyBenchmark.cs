using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks;

/// <summary>One state of 20 plugins applied to many homes in one process, and applied again, beside a plain copy of the same bytes. Calls
/// are counted, because a machine with other work to do changes times and not counts.</summary>
internal static class ApplyBenchmark
{
    private const int Plugins = 20;
    private const int Skills = 6;

    /// <summary>Applies the state, and prints what it took.</summary>
    /// <param name="homes">How many homes.</param>
    /// <param name="marketplace">A marketplace whose first plugins the state lists, in homes on a disk; null for one that is made, in
    /// homes in memory.</param>
    /// <param name="output">Where it is printed.</param>
    public static async Task<int> RunAsync(int homes, string? marketplace, TextWriter output)
    {
        using var scratch = new ScratchFolder(isOnDisk: marketplace is not null);
        var market = marketplace ?? Make(scratch);
        var (name, plugins) = Listed(market, Plugins);
        var state = DesiredStateFile.Parse(scratch.Environment(), Encoding.UTF8.GetBytes(State(market, name, plugins.Select(one => one.Name))),
            "state.json", scratch.Path);
        var copy = Stopwatch.StartNew();
        for (var number = 0; number < homes; number++)
        {
            foreach (var (plugin, folder) in plugins)
            {
                Copy(folder, scratch[$"copies/{number}/{plugin}"]);
            }
        }

        Print(output, "plain copy", copy.Elapsed / homes, TimeSpan.Zero, null, homes);
        var shared = new SharedSources(scratch.Environment(), GitOptions.Default);
        await using (shared)
        {
            foreach (var run in new[] { "first run", "second run", "third run" })
            {
                var files = new FaultingFileOps { Operations = run == "third run" ? new HashSet<string>(["none"]) : null };
                var (before, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
                for (var number = 0; number < homes; number++)
                {
                    var environment = scratch.Environment() with
                    {
                        CodexHome = scratch.MakeFolder($"homes/{number}/.codex"),
                        Files = files,
                    };
                    var sync = new SyncRun(environment, new SyncRequest(state) { AcceptCapability = ["All"], Shared = shared });
                    await foreach (var item in sync.ExecuteAsync(sync.Plan(), _ => true))
                    {
                        if (item.Error is not null || (run != "first run" && item.Status != "Unchanged"))
                        {
                            output.WriteLine($"{item.Id} {item.Status} {item.Error} {item.Reason}");
                            return 1;
                        }
                    }
                }

                Print(output, run, watch.Elapsed / homes, (Process.GetCurrentProcess().TotalProcessorTime - before) / homes, files, homes);
            }
        }

        return 0;
    }

    /// <summary>Installs all plugins of a marketplace in one command, in a home on a disk, and again; prints what it took.</summary>
    public static async Task<int> InstallAsync(string marketplace, TextWriter output)
    {
        using var scratch = new ScratchFolder(isOnDisk: true);
        var home = scratch.Environment();
        await new MarketplaceRegistry(home).AddAsync(new MarketplaceAddRequest { Source = marketplace });
        var (name, plugins) = Listed(marketplace, int.MaxValue);
        foreach (var run in new[] { "first run", "second run" })
        {
            var files = new FaultingFileOps();
            var installer = new PluginInstaller(home with { Files = files });
            var (before, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
            var plan = await installer.PlanAsync(new InstallRequest
            {
                References = [.. plugins.Select(plugin => PluginReference.Parse($"{plugin.Name}@{name}"))],
            });
            var done = new Dictionary<string, int>(StringComparer.Ordinal);
            await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
            {
                done[result.Status] = done.GetValueOrDefault(result.Status) + 1;
            }

            Print(output, $"{run}, {string.Join(", ", done.Select(one => $"{one.Value} {one.Key}"))}", watch.Elapsed,
                Process.GetCurrentProcess().TotalProcessorTime - before, files, 1);
        }

        return 0;
    }

    private static void Print(TextWriter output, string name, TimeSpan time, TimeSpan processor, FaultingFileOps? files, int homes)
    {
        int Of(params string[] operations) => files?.Calls.Count(call => operations.Contains(call.Split(' ')[0])) / homes ?? 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {time.TotalMilliseconds:0.0} ms a home, {processor.TotalMilliseconds:0.0} ms of processor time, "
                + $"{(files?.Count ?? 0) / homes} disk calls, of which {Of([.. InstallScenario.ChangingCalls])} change and "
                + $"{Of("fsync", "fsync-folder", "sync-volume")} wait"));
    }

    private static string Make(ScratchFolder scratch)
    {
        for (var number = 0; number < Plugins; number++)
        {
            scratch.Write($"market/p{number}/.codex-plugin/plugin.json",
                $$"""{"name":"p{{number}}","version":"1.0.0","description":"Plugin {{number}}"}""");
            for (var skill = 0; skill < Skills; skill++)
            {
                scratch.Write($"market/p{number}/skills/s{skill}/SKILL.md",
                    $"---\nname: s{skill}\ndescription: about {number}\n---\n{new string('x', 4000)}\n");
            }
        }

        scratch.Write("market/.agents/plugins/marketplace.json", $$"""
            {"name":"shop","plugins":[{{string.Join(',', Enumerable.Range(0, Plugins).Select(
                number => $$"""{"name":"p{{number}}","source":"./p{{number}}"}"""))}}]}
            """);
        return scratch["market"];
    }

    private static (string Name, IReadOnlyList<(string Name, string Folder)> Plugins) Listed(string market, int most)
    {
        using var catalog = JsonDocument.Parse(File.ReadAllBytes(Path.Join(market, ".agents", "plugins", "marketplace.json")));
        return (catalog.RootElement.GetProperty("name").GetString()!,
            [.. catalog.RootElement.GetProperty("plugins").EnumerateArray().Select(entry => (entry.GetProperty("name").GetString()!,
                entry.GetProperty("source") is { ValueKind: JsonValueKind.String } path ? path.GetString()
                    : entry.GetProperty("source").TryGetProperty("path", out var inside) ? inside.GetString() : null))
                .Where(one => one.Item2?.StartsWith("./", StringComparison.Ordinal) == true)
                .Select(one => (one.Item1, Path.Join(market, one.Item2))).Take(most)]);
    }

    private static string State(string market, string name, IEnumerable<string> plugins) => $$"""
        {"format":1,"id":"dev","revision":"1","marketplaces":{"{{name}}":{"source":"{{market}}"} },
         "plugins":[{{string.Join(',', plugins.Select(plugin => $$"""{"id":"{{plugin}}@{{name}}"}"""))}}]}
        """;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Join(to, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Join(to, Path.GetFileName(file)));
        }
    }
}
