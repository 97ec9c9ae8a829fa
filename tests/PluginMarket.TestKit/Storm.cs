using System.Globalization;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;

namespace PluginMarket.TestKit;

/// <summary>Many processes at work in one home: each registers its own marketplace, one that all share and one of git that all
/// share, and installs from them.</summary>
internal static class Storm
{
    public const int PluginsEach = 3;

    /// <summary>The marketplaces that every worker registers.</summary>
    public static IReadOnlyList<string> SharedNames { get; } = ["shared", "remote"];

    /// <summary>Makes the shared marketplaces and one for each worker.</summary>
    public static void Prepare(ScratchFolder scratch, int workers)
    {
        WriteMarket(scratch, "shared", "shared");
        WriteMarket(scratch, "remote", "remote");
        GitRepository.Create(scratch["markets/remote"]).Commit();
        for (var worker = 0; worker < workers; worker++)
        {
            WriteMarket(scratch, NameOf(worker), NameOf(worker));
        }
    }

    public static string NameOf(int worker) => string.Create(CultureInfo.InvariantCulture, $"market{worker}");

    /// <summary>One worker's part; the exit code of its process, 0 or, for a stated failure, 1.</summary>
    public static async Task<int> RunAsync(string markets, MarketEnvironment environment, int worker, TextWriter output)
    {
        var name = NameOf(worker);
        try
        {
            var registry = new MarketplaceRegistry(environment);
            await registry.AddAsync(new MarketplaceAddRequest { Source = Path.Join(markets, "shared") }).ConfigureAwait(false);
            await registry.AddAsync(new MarketplaceAddRequest { Source = "file://" + Path.Join(markets, "remote") }).ConfigureAwait(false);
            await registry.AddAsync(new MarketplaceAddRequest { Source = Path.Join(markets, name) }).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            output.WriteLine($"{failure.Code} {failure.Message}");
            return 1;
        }

        var failed = 0;
        foreach (var market in SharedNames.Prepend(name))
        {
            var installer = new PluginInstaller(environment);
            var plan = await installer.PlanAsync(new InstallRequest
            {
                References = [.. Enumerable.Range(0, PluginsEach).Select(i => PluginReference.Parse($"p{i}@{market}"))],
            }).ConfigureAwait(false);
            foreach (var result in plan.Failures)
            {
                failed += Report(result, output);
            }

            await foreach (var result in installer.ExecuteAsync(plan, plan.Items).ConfigureAwait(false))
            {
                failed += Report(result, output);
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private static int Report(PluginOperationResult result, TextWriter output)
    {
        output.WriteLine($"{result.Id} {result.Status} {result.Error} {result.Reason}");
        return result.Status == "Failed" ? 1 : 0;
    }

    private static void WriteMarket(ScratchFolder scratch, string folder, string name)
    {
        var entries = string.Join(",", Enumerable.Range(0, PluginsEach).Select(i => $$"""{"name":"p{{i}}","source":"./p{{i}}"}"""));
        scratch.Write($"markets/{folder}/.agents/plugins/marketplace.json", $$"""{"name":"{{name}}","plugins":[{{entries}}]}""");
        for (var i = 0; i < PluginsEach; i++)
        {
            scratch.Write($"markets/{folder}/p{i}/.codex-plugin/plugin.json", $$"""{"name":"p{{i}}","version":"1.0.0"}""");
            for (var file = 0; file < 5; file++)
            {
                scratch.Write($"markets/{folder}/p{i}/skills/s{file}/SKILL.md",
                    $"---\nname: s{file}\ndescription: d\n---\n{name} {i} {file}\n");
            }
        }
    }
}
