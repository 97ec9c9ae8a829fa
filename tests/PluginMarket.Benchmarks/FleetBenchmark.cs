using System.Diagnostics;
using System.Globalization;
using PluginMarket.Fleet;
using PluginMarket.Inventory;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks;

/// <summary>Ten thousand inventories of twenty plugins that are compared with one home: 201 of them differ, each in one way that is known.
/// Beside it, the same homes in files of <c>Export-Clixml</c> that are read and nothing more.</summary>
internal static class FleetBenchmark
{
    private const int Plugins = 20;
    private const int Deviations = 201;

    // The reference takes minutes for all of them.
    private const int ImportedHomes = 200;

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    private static readonly (DriftKind Kind, Func<PluginInventoryPlugin, PluginInventoryPlugin> Change)[] Ways =
    [
        (DriftKind.Version, plugin => plugin with { Version = "9.9.9", TreeHash = Digest(999_999) }),
        (DriftKind.Content, plugin => plugin with { TreeHash = Digest(999_999) }),
        (DriftKind.Modified, plugin => plugin with { TreeHash = Digest(999_999), Integrity = "Changed" }),
        (DriftKind.Unverified, plugin => plugin with { Integrity = null }),
        (DriftKind.Disabled, plugin => plugin with { Enabled = false, EffectiveEnabled = false }),
        (DriftKind.Missing, plugin => plugin with { State = "NotCached" }),
        (DriftKind.Hold, plugin => plugin with { Held = true, HoldNote = "mine" }),
        (DriftKind.PolicyViolation, plugin => plugin with { IsAllowed = false }),
    ];

    /// <summary>Makes the homes, and compares them in a separate process; prints what it took.</summary>
    public static async Task<int> RunAsync(int homes, TextWriter output)
    {
        using var scratch = new ScratchFolder(isOnDisk: true);
        Make(scratch.MakeFolder("inventory"), homes);
        foreach (var run in Enumerable.Range(0, 3))
        {
            var (process, text) = await StartAsync(Environment.ProcessPath!,
                [.. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(FleetBenchmark).Assembly.Location] : Array.Empty<string>(),
                    "fleet-compare", scratch["inventory"], scratch["reference.ndjson"]]);
            output.WriteLine($"compare {homes} x {Plugins}, run {run + 1}: {text.Trim()}");
            if (process != 0)
            {
                return 1;
            }
        }

        var script = scratch.Write("import.ps1", $$"""
            $files = Get-ChildItem '{{scratch["inventory"]}}' | Select-Object -First {{ImportedHomes}}
            $homes = foreach ($file in $files) {
                $records = Get-Content $file.FullName | ConvertFrom-Json
                [pscustomobject]@{ Home = $records[0]; Plugins = @($records | Where-Object kind -EQ plugin) }
            }
            $homes | Export-Clixml '{{scratch["fleet.xml"]}}' -Depth 4
            $before = (Get-Process -Id $PID).TotalProcessorTime
            $null = Import-Clixml '{{scratch["fleet.xml"]}}'
            'Import-Clixml of {{ImportedHomes}}: {0:0.00} s of processor time' -f ((Get-Process -Id $PID).TotalProcessorTime - $before).TotalSeconds
            """);
        var start = PowerShellProgram.Find().Start("-NoProfile", "-NonInteractive", "-File", script);
        output.WriteLine((await StartAsync(start.FileName, [.. start.ArgumentList])).Output.Trim());
        return 0;
    }

    /// <summary>Compares a folder of homes with a reference, checks that exactly the known ones differ, and prints what it took.</summary>
    public static int Compare(string folder, string reference, TextWriter output)
    {
        var environment = MarketEnvironment.FromProcess(folder, folder, folder, SilentActivityLog.Instance);
        var watch = Stopwatch.StartNew();
        var query = new DriftQuery(environment, new DriftRequest { References = [DriftReferenceFile.Read(environment, reference)] });
        var found = new List<PluginDrift>();
        foreach (var batch in InventoryFile.Expand(environment, folder).Chunk(256))
        {
            foreach (var (home, drifts) in SideBySide.Select(batch, file => ReportFile.Read(environment, file) is var home
                ? (home, query.Judge(home)) : default, default))
            {
                found.AddRange(query.Count(home, drifts));
            }
        }

        watch.Stop();
        var process = Process.GetCurrentProcess();
        var homes = query.Summarize().Reporting;
        var expected = Enumerable.Range(0, Deviations).Select(number => Deviation(number, homes))
            .Select(one => $"{Computer(one.Home)} {Id(one.Plugin)} {Ways[one.Way].Kind}").Order(StringComparer.Ordinal);
        var isExact = expected.SequenceEqual(
            found.Select(drift => $"{drift.ComputerName} {drift.Subject} {drift.Kind}").Order(StringComparer.Ordinal));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{found.Count} differences, {(isExact ? "exactly those that were made" : "NOT those that were made")}; "
                + $"{watch.Elapsed.TotalSeconds:0.00} s, {process.TotalProcessorTime.TotalSeconds:0.00} s of processor time, "
                + $"{process.PeakWorkingSet64 / 1048576.0:0} MiB at most"));
        return isExact ? 0 : 1;
    }

    private static void Make(string folder, int homes)
    {
        var deviations = Enumerable.Range(0, Deviations).Select(number => Deviation(number, homes)).ToDictionary(one => one.Home);
        File.WriteAllBytes(Path.Join(Path.GetDirectoryName(folder), "reference.ndjson"), InventoryText.Write(Home(homes)));
        for (var number = 0; number < homes; number++)
        {
            var home = Home(number);
            if (deviations.TryGetValue(number, out var one))
            {
                home.Plugins[one.Plugin] = Ways[one.Way].Change(home.Plugins[one.Plugin]);
            }

            File.WriteAllBytes(Path.Join(folder, InventoryFile.NameOf(home)), InventoryText.Write(home));
        }
    }

    private static (int Home, int Plugin, int Way) Deviation(int number, int homes) =>
        ((int)((long)number * homes / Deviations), number * 7 % Plugins, number % Ways.Length);

    private static string Computer(int number) => string.Create(CultureInfo.InvariantCulture, $"build{number:D5}");

    private static string Id(int plugin) => string.Create(CultureInfo.InvariantCulture, $"plugin-{plugin:D2}@corp");

    private static string Digest(int number) => "sha256:" + number.ToString("x64", CultureInfo.InvariantCulture);

    private static string Commit(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    private static PluginInventory Home(int number) => new()
    {
        ComputerName = Computer(number),
        MachineId = Digest(number),
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        Os = "Linux",
        CollectedOn = Now,
        ToolVersion = "1.0.0",
        CodexVersion = "0.171.0",
        StateId = "dev",
        StateRevision = "1",
        StateOn = Now,
        StateResult = "InSync",
        Policies = [new PluginInventoryPolicy { Id = "corp", Revision = "1", Digest = Digest(1), Mode = "enforce", State = "Active" }],
        Marketplaces =
        [
            new PluginInventoryMarketplace
            {
                Name = "corp", SourceType = "git", Source = "https://git.example.com/plugins.git", Ref = Commit(1), Commit = Commit(1),
                State = "Readable",
            },
        ],
        Plugins =
        [
            .. Enumerable.Range(0, Plugins).Select(plugin => new PluginInventoryPlugin
            {
                Id = Id(plugin),
                Version = "1.2.3",
                State = "Installed",
                Enabled = true,
                EffectiveEnabled = true,
                TreeHash = Digest(1000 + plugin),
                Commit = Commit(1),
                Provenance = "Recorded",
                Integrity = "Intact",
                HeldAgainstCodex = true,
                IsAllowed = true,
                Capabilities = [Digest(2000 + plugin), Digest(3000 + plugin)],
            }),
        ],
    };

    private static async Task<(int Code, string Output)> StartAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
