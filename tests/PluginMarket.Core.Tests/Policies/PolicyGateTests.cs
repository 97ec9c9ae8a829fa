using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>Every way that brings in, turns on or trusts a plugin asks the policies, and what takes away does not.</summary>
[Trait("Category", "Fast")]
public sealed class PolicyGateTests : IDisposable
{
    private const string AskForCodex = "{\"id\":\"TOOL-1\",\"kind\":\"tool\",\"effect\":\"require\",\"codex\":\">=0.1.0\"}";

    private readonly PolicyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    public static TheoryData<string, string> Points()
    {
        var data = new TheoryData<string, string>();
        foreach (var point in new[]
        {
            "Install", "InstallDefault", "InstallLock", "Reinstall", "Update", "RollBack", "Repair", "Enable", "Add", "Set", "Preview", "Freeze",
        })
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
    public async Task Every_point_obeys_and_nothing_changes_where_it_refuses(string point, string state)
    {
        await PrepareAsync(point);
        _scene.Machine(PolicyOf(state));

        // Without a path nobody finds a Codex, so that its version is not known.
        _scene.Shop.Environment = _scene.Environment with { Variables = new Dictionary<string, string>() };
        var before = Bytes(state);

        var failure = await TryAsync(point);

        if (state == "Audited")
        {
            Assert.Null(failure);
            return;
        }

        Assert.Equal(state == "Unreadable" ? MarketErrorCode.PolicyUnreadable : MarketErrorCode.PolicyDenied, failure?.Code);
        Assert.Equal(before, Bytes(state));
    }

    // What is not known before it is fetched needs our own folder, in which nothing of it stays.
    private List<string> Bytes(string state) => [.. _scene.Shop.Inventory().Where(line => state != "Unknown"
        || !(line.StartsWith("plugins Directory", StringComparison.Ordinal)
            || line.StartsWith("plugins/.pluginmarket", StringComparison.Ordinal)))];

    [Theory]
    [InlineData("Denied")]
    [InlineData("Audited")]
    [InlineData("Unknown")]
    [InlineData("Unreadable")]
    public async Task Taking_away_always_works(string state)
    {
        await _scene.Shop.InstallAsync("tool@shop");
        await _scene.Shop.InstallAsync("other@shop");
        File.WriteAllText(Path.Join(Folder("other@shop"), "more.txt"), "x");
        _scene.Machine(PolicyOf(state));
        _scene.Shop.Environment = _scene.Environment;
        var environment = _scene.Shop.Environment;

        Assert.Null((await new PluginActivation(environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: false)).GetFailure());
        Assert.Null((await new PluginRepairer(environment).RepairAsync(PluginReference.Parse("other@shop"))).GetFailure());
        Assert.Equal("Removed", (await _scene.Shop.UninstallAsync("tool@shop")).Status);
        Assert.Equal("Removed", (await _scene.Shop.UninstallAsync("other@shop")).Status);
        Assert.Equal("shop", (await new MarketplaceRegistry(environment).RemoveAsync(new MarketplaceRemoveRequest { Name = "shop" })).Name);
    }

    [Fact]
    public async Task What_is_only_reported_is_told_once_and_written_into_the_history()
    {
        var log = new PluginMarket.TestKit.RecordingLog();
        _scene.Machine(PolicyScene.Document(PolicyScene.DenyTool, "audit"));
        _scene.Shop.Environment = _scene.Environment with { Log = log };

        await _scene.Shop.InstallAsync("tool@shop");

        Assert.Single(log.Warnings, warning => warning.Contains("PLG-TOOL of corp", StringComparison.Ordinal));
        var line = Assert.Single(_scene.Shop.Environment.Home.History.Read(), record => record.Action == "policy");
        Assert.Equal("tool@shop", line.Id!.ToString());
        Assert.Contains("PLG-TOOL", line.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_plugin_stays_unless_the_administrator_removes_it()
    {
        await _scene.Shop.InstallAsync("tool@shop");
        _scene.Machine(PolicyScene.Document(
            "{\"id\":\"PLG-BASE\",\"kind\":\"plugin\",\"effect\":\"require\",\"match\":[{\"plugin\":\"tool@shop\"}]}"));
        _scene.Shop.Environment = _scene.Environment;
        var gate = PolicyGate.Open(_scene.Environment);
        var tool = PluginId.Parse("tool@shop");

        Assert.Equal(MarketErrorCode.PolicyDenied, Assert.Throws<PluginMarketException>(() => gate.DemandRemovable(tool, isAdministrator: false)).Code);
        gate.DemandRemovable(tool, isAdministrator: true);
        gate.DemandRemovable(PluginId.Parse("other@shop"), isAdministrator: false);
        var result = await _scene.Shop.UninstallAsync("tool@shop");
        Assert.Equal(_scene.Environment.Files.IsRoot ? null : MarketErrorCode.PolicyDenied, result.GetFailure()?.Code);
    }

    [Fact]
    public void A_policy_that_is_required_and_missing_refuses_everything()
    {
        _scene.Machine("{\"policyRequired\":true}", "settings.json");

        var machine = Assert.Single(PolicyGate.Open(_scene.Environment).Layers, layer => layer.Kind == PolicyLayerKind.Machine);

        Assert.Equal("Unreadable", machine.StateAt(DateTimeOffset.UnixEpoch));
        Assert.Contains("policyRequired", machine.Problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("666", "755")]
    [InlineData("644", "777")]
    [InlineData("664", "755")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_that_others_can_write_is_not_trusted(string file, string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        _scene.Machine(PolicyScene.Document(PolicyScene.DenyTool));
        File.SetUnixFileMode(Path.Join(_scene.MachineFolder, "policy.json"), (UnixFileMode)Convert.ToInt32(file, 8));
        File.SetUnixFileMode(_scene.MachineFolder, (UnixFileMode)Convert.ToInt32(folder, 8));

        Assert.Contains(PolicyGate.Open(_scene.Environment).Layers, layer => layer.Problem is { Code: MarketErrorCode.PolicyUnreadable });
    }

    [Fact]
    public void A_file_of_another_owner_and_a_link_are_not_trusted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no user ids.");
        _scene.Machine(PolicyScene.Document(PolicyScene.DenyTool));
        var environment = _scene.Environment;
        var other = environment with { MachinePolicy = environment.MachinePolicy with { Owner = environment.Files.User + 1 } };
        Assert.Contains(PolicyGate.Open(other).Layers, layer => layer.Problem is not null);

        File.Move(Path.Join(_scene.MachineFolder, "policy.json"), _scene.Shop.Scratch["elsewhere.json"]);
        File.CreateSymbolicLink(Path.Join(_scene.MachineFolder, "policy.json"), _scene.Shop.Scratch["elsewhere.json"]);
        Assert.Contains(PolicyGate.Open(environment).Layers, layer => layer.Problem is not null);
    }

    [Fact]
    public void The_variable_adds_a_layer_and_no_variable_takes_one_away()
    {
        _scene.Machine(PolicyScene.Document(PolicyScene.DenyTool));
        _scene.Shop.Scratch.Write("more.json", PolicyScene.Document("", more: ""));
        var environment = _scene.Environment with
        {
            Variables = new Dictionary<string, string> { ["PLUGINMARKET_POLICY"] = _scene.Shop.Scratch["more.json"] },
        };

        Assert.Equal([PolicyLayerKind.Machine, PolicyLayerKind.Command], PolicyGate.Open(environment).Layers.Select(layer => layer.Kind));
    }

    [Fact]
    public async Task A_restriction_of_Codex_turns_off_what_comes_from_elsewhere()
    {
        await _scene.Shop.InstallAsync("tool@shop");
        _scene.Shop.Scratch.Write("etc/requirements.toml", "[marketplaces]\nrestrict_to_allowed_sources = true\n");

        var plugin = Assert.Single(new PluginMarket.Inventory.InstalledPluginQuery(_scene.Environment).List(new PluginMarket.Inventory.InstalledPluginRequest()).Plugins);

        Assert.False(plugin.EffectiveEnabled);
        Assert.False(plugin.IsAllowedByPolicy);
        Assert.Equal("restrict_to_allowed_sources", plugin.PolicyRule);
    }

    private static string PolicyOf(string state) => state switch
    {
        "Denied" => PolicyScene.Document("{\"id\":\"ALL\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"localRoot\":\"/\"}]}"),
        "Audited" => PolicyScene.Document("{\"id\":\"ALL\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"localRoot\":\"/\"}]}",
            "audit"),
        "Unknown" => PolicyScene.Document(AskForCodex),
        _ => "{",
    };

    private string Folder(string id) => _scene.Shop.Environment.Home.Cache.ActivePath(PluginId.Parse(id))!;

    private async Task PrepareAsync(string point)
    {
        var shop = _scene.Shop;
        switch (point)
        {
            case "InstallDefault":
                shop.Catalog("""{"name":"tool","source":"./tool","policy":{"installation":"INSTALLED_BY_DEFAULT"}}""");
                break;
            case "InstallLock" or "Freeze":
                await shop.InstallAsync("tool@shop");
                new PluginMarket.Fleet.LockFileMaker(shop.Environment).Make(shop.Scratch["lock.json"], []).File.Write(shop.Environment);
                await shop.UninstallAsync("tool@shop");
                break;
            case "Reinstall":
                await shop.InstallAsync("tool@shop");
                shop.Plugin("tool", "2.0.0");
                break;
            case "Update":
                await shop.InstallAsync("tool@shop");
                shop.Plugin("tool", "2.0.0");
                break;
            case "RollBack":
                await shop.InstallAsync("tool@shop");
                shop.Plugin("tool", "2.0.0");
                await shop.UpdateAsync("tool@shop");
                break;
            case "Repair":
                await shop.InstallAsync("tool@shop");
                File.WriteAllText(Path.Join(Folder("tool@shop"), "skills", "a", "SKILL.md"), "changed");
                break;
            case "Enable":
                await shop.InstallAsync("tool@shop");
                await new PluginActivation(shop.Environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: false);
                break;
            case "Add" or "Set":
                shop.Scratch.Write("second/.agents/plugins/marketplace.json",
                    $$"""{"name":"{{(point == "Set" ? "shop" : "second")}}","plugins":[]}""");
                break;
        }
    }

    private async Task<PluginMarketException?> TryAsync(string point)
    {
        var shop = _scene.Shop;
        var environment = shop.Environment;
        try
        {
            switch (point)
            {
                case "InstallDefault":
                    return Assert.Single(await shop.InstallAllAsync(new InstallRequest
                    {
                        Intent = new InstallIntent.Install { Default = true },
                    })).GetFailure();
                case "InstallLock":
                    return Assert.Single(await shop.InstallAllAsync(new InstallRequest
                    {
                        Intent = new InstallIntent.RestoreLock
                        {
                            Entries = PluginLockFile.Read(environment, shop.Scratch["lock.json"]).Entries,
                            Frozen = true,
                        },
                    })).GetFailure();
                case "Freeze":
                    await new PluginMarket.Fleet.FrozenMarketplace(environment).WriteAsync(
                        PluginLockFile.Read(environment, shop.Scratch["lock.json"]), shop.Scratch["frozen"], null, default);
                    return null;
                case "Reinstall":
                    return (await shop.InstallAsync("tool@shop", request => request with
                    {
                        Intent = new InstallIntent.Install { Reinstall = true },
                    })).GetFailure();
                case "Update":
                    return (await shop.UpdateAsync("tool@shop")).GetFailure();
                case "RollBack":
                    return (await shop.RollBackAsync("tool@shop")).GetFailure();
                case "Repair":
                    return (await new PluginRepairer(environment).RepairAsync(PluginReference.Parse("tool@shop"))).GetFailure();
                case "Enable":
                    return (await new PluginActivation(environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: true))
                        .GetFailure();
                case "Add":
                    await new MarketplaceRegistry(environment).AddAsync(new MarketplaceAddRequest { Source = shop.Scratch["second"] });
                    return null;
                case "Set":
                    await new MarketplaceRegistry(environment).SetAsync(new MarketplaceSetRequest
                    {
                        Name = "shop",
                        Source = shop.Scratch["second"],
                    });
                    return null;
                case "Preview":
                    var installer = new PluginInstaller(environment);
                    var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("tool@shop")] });
                    return plan.Settled.Count > 0 ? plan.Settled[0].GetFailure()
                        : (await installer.PreviewAsync(plan, plan.Items[0])).GetFailure();
                default:
                    return (await shop.InstallAsync("tool@shop")).GetFailure();
            }
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }
}
