using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Installation;

/// <summary>What a command reads for a plugin does not depend on how many others are installed.</summary>
[Trait("Category", "Slow")]
public sealed class ReadCountTests
{
    private const int Items = 4;

    // What a group costs beside its plugins; less than one call for each of the plugins that are installed in the large home.
    private const int PerGroup = 36;

    public static TheoryData<string> Changes => ["install", "update", "disable", "enable", "hold", "release", "uninstall", "capability"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_plugin_costs_the_same_calls_in_a_small_home_and_in_a_large_one(string change)
    {
        var small = await CallsAsync(change, installed: 2);
        var large = await CallsAsync(change, installed: 40);

        // Which items of an installation are published together is chance; everything else is the same to a call.
        var isGrouped = change is "install" or "update";
        var chance = Items * (isGrouped ? PerGroup : 3);
        Assert.InRange(large.Count, small.Count - chance, small.Count + chance);
        if (!isGrouped)
        {
            Assert.Equal(small["open config.toml"], large["open config.toml"]);
        }

        Assert.True(large["open marketplace.json"] <= 1, $"The catalog was read {large["open marketplace.json"]} times.");
        Assert.True(large["open receipt"] <= small["open receipt"],
            $"{large["open receipt"]} receipts were read, not {small["open receipt"]}.");
        Assert.InRange(large["open config.toml"], 0, 1 + (Items * 9));
        Assert.True(large["list plugins"] <= 1, $"The folder of all plugins was listed {large["list plugins"]} times.");
        Assert.True(large["create backup"] <= 1, $"The backup of config.toml was written {large["create backup"]} times.");
    }

    [Fact]
    public async Task What_another_program_writes_between_two_plugins_is_seen()
    {
        using var home = Home(new CountingFiles(), 3);
        var activation = new PluginActivation(home.Environment);
        await SucceedAsync(activation.SetEnabledAsync(Id(0), false));
        File.WriteAllText(home.ConfigPath,
            home.Config.Replace("\"p1@big\"", "\"p9@big\"", StringComparison.Ordinal) + "# somebody else was here\n");
        await SucceedAsync(activation.SetEnabledAsync(Id(1), false));

        Assert.EndsWith("# somebody else was here\n", home.Config, StringComparison.Ordinal);
        Assert.Contains("[plugins.\"p9@big\"]\nenabled = true", home.Config, StringComparison.Ordinal);
        Assert.Contains("[plugins.\"p1@big\"]\nenabled = false", home.Config, StringComparison.Ordinal);
        Assert.Contains("[plugins.\"p0@big\"]\nenabled = false", home.Config, StringComparison.Ordinal);
    }

    private static async Task<Counts> CallsAsync(string change, int installed)
    {
        var files = new CountingFiles();
        using var home = Home(files, installed);
        if (change == "release")
        {
            await ForEachAsync(id => new HoldPlugin(home.Environment).HoldAsync(id));
        }

        if (change == "update")
        {
            for (var i = 0; i < Items; i++)
            {
                home.WritePlugin($"big/plugins/p{i}", $"p{i}", "2.0.0");
            }
        }

        // Its own command: nothing is known yet.
        home.Change(environment => environment with { });
        files.Reset();
        await (change switch
        {
            "install" => InstallAsync(home, new InstallIntent.Install(), installed),
            "update" => InstallAsync(home, new InstallIntent.Update(), 0),
            "disable" => ForEachAsync(id => new PluginActivation(home.Environment).SetEnabledAsync(id, false)),
            "enable" => ForEachAsync(id => new PluginActivation(home.Environment).SetEnabledAsync(id, true)),
            "hold" => ForEachAsync(id => new HoldPlugin(home.Environment).HoldAsync(id)),
            "release" => ForEachAsync(id => new HoldPlugin(home.Environment).ReleaseAsync(id)),
            "uninstall" => ForEachAsync(id => new PluginUninstaller(home.Environment).UninstallAsync(id)),
            _ => LookAsync(home),
        });
        return files.Counts;
    }

    private static TestHome Home(CountingFiles files, int installed)
    {
        var home = new TestHome(files);
        string[] names = [.. Enumerable.Range(0, installed + Items + Items).Select(number => $"p{number}")];
        home.RegisterLocal("big", home.WriteMarketplace("big", "big", names));
        for (var i = 0; i < Math.Max(installed, Items); i++)
        {
            home.WriteCached($"p{i}", "big");
        }

        return home;
    }

    private static PluginReference Id(int number) => PluginReference.Parse($"p{number}");

    private static async Task ForEachAsync(Func<PluginReference, Task<PluginOperationResult>> change)
    {
        for (var i = 0; i < Items; i++)
        {
            await SucceedAsync(change(Id(i)));
        }
    }

    private static async Task SucceedAsync(Task<PluginOperationResult> change) => Assert.Null((await change).Error);

    private static async Task InstallAsync(TestHome home, InstallIntent intent, int first)
    {
        var installer = new PluginInstaller(home.Environment);
        var references = Enumerable.Range(Math.Max(first, intent is InstallIntent.Install ? Items : 0), Items)
            .Select(number => PluginReference.Parse($"p{number}@big")).ToList();
        var plan = await installer.PlanAsync(new InstallRequest { References = references, Intent = intent, ThrottleLimit = 1 });
        Assert.Equal(Items, plan.Items.Count);
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Assert.True(result.Status is "Installed" or "Updated", result.Reason);
        }
    }

    private static async Task LookAsync(TestHome home)
    {
        await using var query = new PluginContentQuery(home.Environment);
        for (var i = 0; i < Items; i++)
        {
            Assert.NotEmpty((await query.OpenAsync(Id(i))).Capabilities);
            Assert.NotEmpty((await query.OpenAsync(Id(i), PluginContentPlace.Catalog)).Capabilities);
        }
    }

    private sealed class Counts(IReadOnlyDictionary<string, int> calls)
    {
        internal int Count => calls.Values.Sum();

        internal int this[string kind] => calls.GetValueOrDefault(kind);
    }

    private sealed class CountingFiles : FileOps
    {
        private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

        internal Counts Counts => new(_calls);

        internal void Reset() => _calls.Clear();

        protected override void Before(string operation, string path) =>
            _calls.AddOrUpdate($"{operation} {Name(path)}", 1, (_, count) => count + 1);

        private static string Name(string path) => path.Contains("/receipts/", StringComparison.Ordinal) ? "receipt"
            : Path.GetFileName(path) is "config.toml" or "marketplace.json" ? Path.GetFileName(path)
            : path.EndsWith("/cache/big", StringComparison.Ordinal) ? "plugins"
            : path.Contains("config.toml.pluginmarket.bak", StringComparison.Ordinal) ? "backup"
            : "other";
    }
}
