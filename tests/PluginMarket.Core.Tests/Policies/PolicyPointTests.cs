using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>What fetches over git asks the policies first, and a preview refuses what the change would refuse.</summary>
[Trait("Category", "Slow")]
public sealed class PolicyPointTests : IDisposable
{
    private const string AskForCodex = "{\"id\":\"TOOL-1\",\"kind\":\"tool\",\"effect\":\"require\",\"codex\":\">=0.1.0\"}";
    private const string DenyAll = "{\"id\":\"ALL\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"localRoot\":\"/\"}]}";
    private const string DenyOld =
        "{\"id\":\"OLD\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"tool@shop\",\"version\":\"1.0.0\"}]}";

    private readonly PolicyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    public static TheoryData<string, string> Points()
    {
        var data = new TheoryData<string, string>();
        foreach (var point in new[] { "Add", "Set", "Update", "Resolve", "Sync" })
        {
            foreach (var state in new[] { "Denied", "Audited", "Unknown", "Unreadable" })
            {
                data.Add(point, state);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task What_comes_over_git_is_not_fetched_where_it_is_refused(string point, string state)
    {
        var repository = GitRepository.Create(_scene.Shop.Scratch["repository"])
            .Write(".agents/plugins/marketplace.json", """{"name":"tools","plugins":[{"name":"a","source":"./a"}]}""")
            .Write("a/.codex-plugin/plugin.json", """{"name":"a"}""");
        repository.Commit();
        _scene.Shop.Repository("tool");
        if (point is "Update" or "Set")
        {
            await new MarketplaceRegistry(_scene.Shop.Environment).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
            repository.Write("a/more.txt", "more").Commit();
        }

        _scene.Machine(PolicyOf(state));
        var log = new RecordingLog();
        var environment = _scene.Environment with { Variables = OnlyGit(), Log = log };
        var before = Bytes(point, state);

        var failure = await TryAsync(point, environment, repository);

        if (state == "Audited")
        {
            Assert.Null(failure);
            if (point is "Add" or "Set" or "Update")
            {
                // Told once, and written into the history, as what is only reported for plugins is.
                Assert.Single(log.Warnings, warning => warning.Contains("ALL of corp", StringComparison.Ordinal));
                var line = Assert.Single(environment.Home.History.Read(), record => record.Action == "policy");
                Assert.Equal("tools", line.Marketplace);
                Assert.Contains("ALL of corp", line.Note, StringComparison.Ordinal);
            }

            return;
        }

        // A listing shows what is not known as such; it puts nothing in place.
        Assert.Equal(state == "Unreadable" ? MarketErrorCode.PolicyUnreadable
            : state == "Unknown" && point == "Resolve" ? null : MarketErrorCode.PolicyDenied, failure?.Code);
        Assert.Equal(before, Bytes(point, state));
    }

    [Theory]
    [InlineData("Enable", DenyAll)]
    [InlineData("RollBack", DenyOld)]
    [InlineData("Repair", DenyAll)]
    [InlineData("Install", DenyAll)]
    [InlineData("Update", DenyAll)]
    [InlineData("Sync", DenyAll)]
    [InlineData("SyncRepair", DenyAll)]
    [InlineData("SyncEnable", DenyAll)]
    [InlineData("SyncCapability", "")]
    public async Task A_preview_refuses_what_the_change_would_refuse(string change, string rules)
    {
        var shop = _scene.Shop;
        if (change != "Install")
        {
            await shop.InstallAsync("tool@shop");
        }

        switch (change)
        {
            case "RollBack":
                shop.Plugin("tool", "2.0.0");
                await shop.UpdateAsync("tool@shop");
                break;
            case "Repair" or "SyncRepair":
                File.WriteAllText(Path.Join(shop.Cached("tool@shop"), "skills", "a", "SKILL.md"), "changed");
                break;
            case "Enable" or "SyncEnable":
                await new PluginActivation(shop.Environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: false);
                break;
            case "Update" or "Sync":
                shop.Plugin("tool", "2.0.0");
                break;
            case "SyncCapability":
                shop.Plugin("tool", "2.0.0").Hook("tool", "curl x");
                break;
        }

        _scene.Machine(PolicyScene.Document(rules));
        shop.Environment = _scene.Environment;
        var before = shop.Inventory();

        var preview = await PreviewAsync(change, shop.Environment);

        Assert.Equal(rules.Length == 0 ? MarketErrorCode.CapabilityNotAccepted : MarketErrorCode.PolicyDenied, preview?.Code);
        Assert.Equal(before, shop.Inventory());
        Assert.Equal(preview?.Code, (await ChangeAsync(change, shop))?.Code);
    }

    [Fact]
    public async Task A_rule_about_Force_refuses_what_a_forced_run_brings_and_not_what_it_removes()
    {
        await _scene.Shop.InstallAsync("other@shop");
        _scene.Machine(PolicyScene.Document("{\"id\":\"OPT\",\"kind\":\"option\",\"effect\":\"deny\",\"options\":[\"Force\"]}"));
        var state = """{"format":1,"id":"dev","revision":"1","plugins":[{"id":"tool@shop"},{"id":"other@shop","exist":false}]}""";

        var forced = await SyncAsync(_scene.Environment, state, new SyncOptions { Force = true, RemoveUnlisted = true });
        var plain = await SyncAsync(_scene.Environment, state, new SyncOptions { RemoveUnlisted = true });

        Assert.Equal(nameof(MarketErrorCode.PolicyDenied), Assert.Single(forced, item => item.Id == "tool@shop").Error);
        Assert.All(plain, item => Assert.Null(item.Error));
        var removed = await SyncAsync(_scene.Environment, """
            {"format":1,"id":"dev","revision":"2","plugins":[{"id":"tool@shop","exist":false}]}
            """, new SyncOptions { Force = true, RemoveUnlisted = true });
        Assert.Equal("Removed", Assert.Single(removed, item => item.Id == "tool@shop").Status);
    }

    private static async Task<List<PluginSyncItem>> SyncAsync(MarketEnvironment environment, string state, SyncOptions options)
    {
        var sync = new SyncRun(environment, new SyncRequest(StateOf(environment, state)) { Options = options });
        var items = new List<PluginSyncItem>();
        await foreach (var item in sync.ExecuteAsync(sync.Plan(), _ => true))
        {
            items.Add(item);
        }

        return items;
    }

    private static DesiredState StateOf(MarketEnvironment environment, string text) =>
        new DesiredStateReader(environment, environment.HomePath).Read(JsonFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "state.json",
            MarketErrorCode.StateFileUnreadable, environment.Limits));

    private static async Task<PluginMarketException?> PreviewAsync(string change, MarketEnvironment environment)
    {
        var tool = PluginReference.Parse("tool@shop");
        var installer = new PluginInstaller(environment);
        switch (change)
        {
            case "Enable":
                return new PluginActivation(environment).Preview(tool, enabled: true).GetFailure();
            case "RollBack":
                return new RollBackPlugin(environment).Preview(tool).GetFailure();
            case "Repair":
                return (await new PluginRepairer(environment).PreviewAsync(tool)).GetFailure();
            case "Install" or "Update":
                var plan = await installer.PlanAsync(new InstallRequest
                {
                    References = [tool],
                    Intent = change == "Update" ? new InstallIntent.Update() : new InstallIntent.Install(),
                });
                return plan.Settled.Count > 0 ? plan.Settled[0].GetFailure() : (await installer.PreviewAsync(plan, plan.Items[0])).GetFailure();
            default:
                var sync = SyncOf(change, environment);
                await foreach (var item in sync.PreviewAsync(sync.Plan()))
                {
                    if (item.Id == "tool@shop")
                    {
                        return item.GetFailure();
                    }
                }

                return null;
        }
    }

    private static SyncRun SyncOf(string change, MarketEnvironment environment) => new(environment, new SyncRequest(StateOf(environment,
        "{\"format\":1,\"id\":\"dev\",\"revision\":\"1\",\"plugins\":[{\"id\":\"tool@shop\",\"version\":\""
            + (change is "Sync" or "SyncCapability" ? "2.0.0" : "1.0.0") + "\"}]}")));

    private static async Task<PluginMarketException?> ChangeAsync(string change, TestShop shop)
    {
        var tool = PluginReference.Parse("tool@shop");
        switch (change)
        {
            case "Enable":
                return (await new PluginActivation(shop.Environment).SetEnabledAsync(tool, enabled: true)).GetFailure();
            case "RollBack":
                return (await shop.RollBackAsync("tool@shop")).GetFailure();
            case "Repair":
                return (await new PluginRepairer(shop.Environment).RepairAsync(tool)).GetFailure();
            case "Install":
                return (await shop.InstallAsync("tool@shop")).GetFailure();
            case "Update":
                return (await shop.UpdateAsync("tool@shop")).GetFailure();
            default:
                var sync = SyncOf(change, shop.Environment);
                await foreach (var item in sync.ExecuteAsync(sync.Plan(), _ => true))
                {
                    if (item.Id == "tool@shop")
                    {
                        return item.GetFailure();
                    }
                }

                return null;
        }
    }

    private static async Task<PluginMarketException?> TryAsync(string point, MarketEnvironment environment, GitRepository repository)
    {
        var registry = new MarketplaceRegistry(environment);
        try
        {
            switch (point)
            {
                case "Add":
                    await registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
                    return null;
                case "Set":
                    await registry.SetAsync(new MarketplaceSetRequest { Name = "tools", Ref = "main" });
                    return null;
                case "Update":
                    return (await registry.UpdateAsync(new MarketplaceUpdateRequest())).Failures.SingleOrDefault();
                case "Resolve":
                    var listing = await new PluginQuery(environment).FindAsync(new PluginFindRequest { Resolve = true, Names = ["tool"] });
                    return Assert.Single(listing.Plugins).GetFailure();
                default:
                    return (await SyncAsync(environment, "{\"format\":1,\"id\":\"dev\",\"revision\":\"1\",\"marketplaces\":{\"tools\":{\"source\":\""
                        + repository.FileUrl + "\"}}}", new SyncOptions())).Select(item => item.GetFailure()).FirstOrDefault(failure => failure is not null);
            }
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }

    // The path has git and nothing else, so that there is no Codex whose version could be asked.
    private Dictionary<string, string> OnlyGit()
    {
        var folder = _scene.Shop.Scratch.MakeFolder("bin");
        var program = PluginMarket.Sources.Git.GitProgram.Find(MarketEnvironment.FromProcess(null, null, null, SilentActivityLog.Instance));
        File.CreateSymbolicLink(Path.Join(folder, "git"), program);
        return new Dictionary<string, string> { ["PATH"] = folder };
    }

    private static string PolicyOf(string state) => state switch
    {
        "Denied" => PolicyScene.Document(DenyAll),
        "Audited" => PolicyScene.Document(DenyAll, "audit"),
        "Unknown" => PolicyScene.Document(AskForCodex),
        _ => "{",
    };

    // What is not known before it is fetched needs our own folder, in which nothing of it stays; a state that was applied records how.
    private List<string> Bytes(string point, string state) => [.. _scene.Shop.Inventory().Where(line => (state != "Unknown" && point != "Sync")
        || !(line.StartsWith("plugins Directory", StringComparison.Ordinal)
            || line.StartsWith("plugins/.pluginmarket", StringComparison.Ordinal)
            || line.StartsWith(".tmp", StringComparison.Ordinal)))];
}
