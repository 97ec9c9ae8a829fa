using System.Globalization;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Many processes register and install in one home at once: nothing is lost, and each error is a stated one.</summary>
public sealed class StormTests
{
    private static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

    [Theory]
    [InlineData(6)]
    [InlineData(16)]
    public async Task Nothing_is_lost_when_many_processes_work_in_one_home(int workers)
    {
        for (var round = 0; round < (IsExhaustive ? 10 : 1); round++)
        {
            using var scratch = new ScratchFolder();
            var codexHome = scratch.MakeFolder("home/.codex");
            Storm.Prepare(scratch, workers);

            var ends = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker =>
                RunWorker(scratch, codexHome, worker)));

            Assert.All(ends, end => Assert.True(end.Code == 0, end.Output));
            AssertComplete(scratch, codexHome, workers);
        }
    }

    [Fact]
    public async Task Nothing_stays_lost_when_Codex_is_among_them()
    {
        if (CodexCli.Find(out var missing) is not { } codex)
        {
            Assert.Skip(missing!);
            return;
        }

        const int Workers = 6;
        using var scratch = new ScratchFolder();
        var codexHome = scratch.MakeFolder("home/.codex");
        Storm.Prepare(scratch, Workers + 1);
        var theirs = Task.Run(() =>
        {
            var added = codex.Run(codexHome, scratch["home"], "plugin", "marketplace", "add", scratch[$"markets/{Storm.NameOf(Workers)}"]);
            return Enumerable.Range(0, Storm.PluginsEach)
                .Select(i => codex.Run(codexHome, scratch["home"], "plugin", "add", $"p{i}@{Storm.NameOf(Workers)}"))
                .Prepend(added).ToList();
        });
        var ours = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => RunWorker(scratch, codexHome, worker)));
        await theirs;

        // Codex writes config.toml without a lock (contract section 8): what it wrote over, a run in quiet brings back, and nothing else is touched.
        Assert.All(ours, end => Assert.True(end.Code is 0 or 1, end.Output));
        for (var worker = 0; worker <= Workers; worker++)
        {
            var end = await RunWorker(scratch, codexHome, worker);
            Assert.True(end.Code == 0, end.Output);
        }

        AssertComplete(scratch, codexHome, Workers + 1);
    }

    private static Task<(int Code, string Output)> RunWorker(ScratchFolder scratch, string codexHome, int worker) =>
        HarnessProcess.RunAsync("storm", scratch["markets"], scratch["home"], codexHome, worker.ToString(CultureInfo.InvariantCulture));

    internal static void AssertComplete(ScratchFolder scratch, string codexHome, int workers)
    {
        var environment = scratch.Environment() with { CodexHome = codexHome };
        var layers = ConfigurationLayers.Read(environment);
        var markets = Enumerable.Range(0, workers).Select(Storm.NameOf).Append("shared").ToList();
        Assert.Equal(markets.Order(StringComparer.Ordinal), layers.Marketplaces.Select(market => market.Name).Order(StringComparer.Ordinal));

        var cache = new PluginCache(environment);
        foreach (var id in markets.SelectMany(market => Enumerable.Range(0, Storm.PluginsEach).Select(i => PluginId.Parse($"p{i}@{market}"))))
        {
            Assert.True(layers.FindPlugin(id.ToString())?.Enabled, $"{id} is not on.");
            Assert.Single(cache.Versions(id));
            var source = FolderTree.Read(scratch[$"markets/{id.Marketplace}/{id.Plugin}"], environment.Files, environment.Limits);
            var cached = FolderTree.Read(cache.ActivePath(id)!, environment.Files, environment.Limits);
            Assert.Equal(TreeDigest.Compute(source), TreeDigest.Compute(cached));
            Assert.True(TreeDigest.Compute(source) == new ReceiptStore(environment).Find(id)?.TreeHash || cache.ActiveVersion(id)?.Value == "1.0.0", $"{id} has no receipt.");
        }

        var state = new StateLayout(codexHome);
        Assert.Empty(Directory.EnumerateFileSystemEntries(state.StagingPath));
        Assert.True(!Directory.Exists(state.TrashPath) || !Directory.EnumerateFileSystemEntries(state.TrashPath).Any());
    }
}
