using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>The jobs of many homes and of many readers.</summary>
internal static class FleetJobs
{
    public static void State(Bench bench)
    {
        var (market, name, plugins) = LocalJobs.Real(bench);
        var wanted = plugins.Take(20).ToList();
        var homes = bench.Size(200);
        var first = Markets.Home(bench.Scratch["state-first"], (name, market));
        var state = bench.Scratch["state.json"];
        bench.Session(first, $$"""
            Import-Module $module
            $null = '{{string.Join(' ', wanted.Select(plugin => $"{plugin.Name}@{name}"))}}' -split ' ' | Install-Plugin
            $null = Export-PluginState -Path '{{state}}'
            """);
        var copy = $"for i in $(seq {homes}); do mkdir $i && cp -r {string.Join(' ', wanted.Select(plugin => plugin.Folder))} $i/; done";
        var root = Markets.Home(bench.Scratch["state-homes"]);
        var times = bench.Session(root, $$"""
            Import-Module $module
            $null = Get-PluginMarketplace
            $homes = foreach ($number in 1..{{homes}}) { (New-Item -ItemType Directory "{{root}}/home-$number/.codex").FullName }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $results = foreach ($one in $homes) { Sync-Plugin -RequiredPluginFile '{{state}}' -AcceptCapability All -CodexHome $one -Confirm:$false }
            "synced $($watch.Elapsed.TotalSeconds)"
            """);
        Bench.Demand(Directory.GetFiles(root, "plugin.json", SearchOption.AllDirectories)
            .Count(file => file.Contains("/plugins/cache/", StringComparison.Ordinal)
                && file.EndsWith("/.codex-plugin/plugin.json", StringComparison.Ordinal)),
            homes * wanted.Count(plugin => File.Exists(Path.Join(plugin.Folder, ".codex-plugin", "plugin.json"))), "plugins in the homes");
        bench.Pair("state", times["synced"], Bench.Time(Markets.Home(bench.Scratch["state-copy"]), copy));
    }

    public static void Page(Bench bench)
    {
        var plugins = bench.Size(10_000);
        var market = Markets.Local(bench.Scratch["page-market"], "big", plugins);
        var times = bench.Session(Markets.Home(bench.Scratch["page-home"]), $$"""
            $result = & '{{Path.Join(RepositoryRoot.Path, "tests", "performance", "Measure-PluginDirectory.ps1")}}' -Root '{{market}}' -Runs {{bench.Runs}}
            "plugins $($result.Plugins)"
            if ($null -ne $result.MillisecondsToReady) { "ready $($result.MillisecondsToReady)" }
            """);
        Bench.Demand(times["plugins"], plugins, "plugins on the page");
        bench.Value("page", times.TryGetValue("ready", out var ready) ? ready
            : throw new InvalidOperationException("There is no chromium on the path."));
    }
}
