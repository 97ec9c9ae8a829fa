using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Many processes register and install in one home at once: nothing is lost, and each error is a stated one.</summary>
[Trait("Category", "Slow")]
public sealed class StormTests
{
    private static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

    [Theory]
    [InlineData(6, 2)]
    [InlineData(16, 1)]
    public async Task Nothing_is_lost_when_many_processes_work_in_one_home(int workers, int rounds)
    {
        for (var round = 1; round <= Rounds(rounds); round++)
        {
            using var scratch = new ScratchFolder();
            var codexHome = scratch.MakeFolder("home/.codex");
            Storm.Prepare(scratch, workers);

            var ends = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => RunWorker(scratch, codexHome, worker)));

            Assert.All(ends, end => Assert.True(end.Code == 0, $"Round {round}: {end.Code} {end.Output}"));
            AssertComplete(scratch, codexHome, workers);
        }
    }

    [Theory]
    [InlineData(8, 1)]
    public async Task Nothing_is_torn_without_locks_and_a_run_in_quiet_brings_back_what_was_written_over(int workers, int rounds)
    {
        for (var round = 1; round <= Rounds(rounds); round++)
        {
            using var scratch = new ScratchFolder();
            var codexHome = scratch.MakeFolder("home/.codex");
            Storm.Prepare(scratch, workers);

            var ends = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => RunWorker(scratch, codexHome, worker, "nolocks")));

            // Without locks two writers of config.toml can meet between the last look and the rename; that a
            // command failed, it says itself.
            Assert.All(ends, end => Assert.True(end.Code is 0 or 1, $"Round {round}: {end.Code} {end.Output}"));
            AssertWhole(scratch, codexHome);
            await RunInQuiet(scratch, codexHome, workers);
            AssertComplete(scratch, codexHome, workers);
        }
    }

    [Theory]
    [InlineData(8, 1)]
    public async Task Nothing_stays_lost_when_Codex_is_among_them(int workers, int rounds)
    {
        if (CodexCli.Find(out var missing) is not { } codex)
        {
            Assert.Skip(missing!);
            return;
        }

        for (var round = 1; round <= Rounds(rounds); round++)
        {
            using var scratch = new ScratchFolder();
            var codexHome = scratch.MakeFolder("home/.codex");
            Storm.Prepare(scratch, workers + 1);
            var theirs = Task.Run(() =>
            {
                codex.Run(codexHome, scratch["home"], "plugin", "marketplace", "add", scratch[$"markets/{Storm.NameOf(workers)}"]);
                for (var i = 0; i < Storm.PluginsEach; i++)
                {
                    codex.Run(codexHome, scratch["home"], "plugin", "add", $"p{i}@{Storm.NameOf(workers)}");
                }
            });
            var ours = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => RunWorker(scratch, codexHome, worker)));
            await theirs;

            // Codex writes config.toml without a lock (contract 8): what it wrote over, a run in quiet brings
            // back, and nothing else is touched.
            Assert.All(ours, end => Assert.True(end.Code is 0 or 1, $"Round {round}: {end.Code} {end.Output}"));
            await RunInQuiet(scratch, codexHome, workers + 1);
            AssertComplete(scratch, codexHome, workers + 1);
        }
    }

    private static int Rounds(int ordinary) => IsExhaustive ? 10 * ordinary : ordinary;

    private static async Task RunInQuiet(ScratchFolder scratch, string codexHome, int workers)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            using var output = new StringWriter();
            var code = await Storm.RunAsync(scratch["markets"],
                InstallScenario.Open("storm", scratch["home"]).Environment(codexHome), worker, output);
            Assert.True(code == 0, $"In quiet: {output}");
        }
    }

    private static Task<(int Code, string Output)> RunWorker(ScratchFolder scratch, string codexHome, int worker,
        params string[] options) =>
            HarnessProcess.RunAsync(
                ["storm", scratch["markets"], scratch["home"], codexHome, worker.ToString(CultureInfo.InvariantCulture), .. options]);

    /// <summary>Whatever has a name in the cache is a complete plugin, and the configuration can be read.</summary>
    private static void AssertWhole(ScratchFolder scratch, string codexHome)
    {
        var environment = scratch.Environment() with { CodexHome = codexHome };
        ConfigurationLayers.Read(environment);
        var cachePath = new StateLayout(codexHome).CachePath;
        foreach (var version in Directory.EnumerateDirectories(cachePath).SelectMany(Directory.EnumerateDirectories)
            .SelectMany(Directory.EnumerateDirectories))
        {
            var plugin = Path.GetDirectoryName(version)!;
            AssertSame(environment,
                scratch[$"markets/{Path.GetFileName(Path.GetDirectoryName(plugin))}/{Path.GetFileName(plugin)}"], version);
        }
    }

    private static string AssertSame(MarketEnvironment environment, string source, string cached)
    {
        var digest = TreeDigest.Compute(FolderTree.Read(source, environment.Files, environment.Limits));
        Assert.True(digest == TreeDigest.Compute(FolderTree.Read(cached, environment.Files, environment.Limits)),
            $"{cached} is not whole.");
        return digest;
    }

    private static void AssertComplete(ScratchFolder scratch, string codexHome, int workers)
    {
        var environment = scratch.Environment() with { CodexHome = codexHome };
        var layers = ConfigurationLayers.Read(environment);
        var markets = Enumerable.Range(0, workers).Select(Storm.NameOf).Concat(Storm.SharedNames).ToList();
        Assert.Equal(markets.Order(StringComparer.Ordinal),
            layers.Marketplaces.Select(market => market.Name).Order(StringComparer.Ordinal));

        var cache = environment.Home.Cache;
        foreach (var id in markets.SelectMany(
            market => Enumerable.Range(0, Storm.PluginsEach).Select(i => PluginId.Parse($"p{i}@{market}"))))
        {
            Assert.True(layers.FindPlugin(id.ToString())?.Enabled, $"{id} is not on.");
            Assert.Single(cache.Versions(id));
            var digest = AssertSame(environment, scratch[$"markets/{id.Marketplace}/{id.Plugin}"], cache.ActivePath(id)!);
            Assert.True(digest == environment.Home.Receipts.Find(id)?.TreeHash || cache.ActiveVersion(id)?.Value == "1.0.0",
                $"{id} has no receipt.");
        }

        var state = new StateLayout(codexHome);
        Assert.Empty(ScratchFolder.Inventory(state.StagingPath));
        Assert.All([state.TrashPath, state.MarketplaceNotesPath], folder =>
            Assert.True(!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any(), $"{folder} is not empty."));
        Assert.Equal(["remote"], Directory.EnumerateDirectories(Path.Join(codexHome, ".tmp/marketplaces")).Select(Path.GetFileName)
            .Where(name => !name!.StartsWith('.')));
    }
}
