using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>What we say of integrity and of holding, asked of Codex itself: its refresh with the upstream moved, its
/// own installs (docs/security.md).</summary>
public sealed class HeldAgainstCodexTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task What_is_said_to_be_held_is_held_and_what_is_not_is_replaced_and_reported()
    {
        var tools = _home.GitMarketplace();
        var kit = _home.KitRepository!;
        var pinned = PinnedMarketplace();
        Corp(kit.Head);
        await _home.AddAsync(_home["corp"]);
        await _home.AddAsync(_home.GitUrl);
        await _home.AddAsync(_home.GitUrl.Replace("/tools", "/pinned", StringComparison.Ordinal), pinned.Head);
        string[] ids = ["alpha@corp", "kit@corp", "inside@tools", "kit@tools", "fixed@pinned"];
        foreach (var id in ids)
        {
            Assert.Equal("Installed", (await _home.InstallAsync(id)).Status);
        }

        Assert.Equal("Installed", (await _home.InstallAsync("beta@corp", CacheVersionRule.Local)).Status);
        var said = _home.OurPlugins().ToDictionary(plugin => plugin.Id, plugin => (plugin.HeldAgainstCodex, plugin.HeldReason));
        Assert.Equal(
            ["alpha@corp True", "beta@corp False", "fixed@pinned True", "inside@tools False", "kit@corp True", "kit@tools False"],
            said.Select(pair => $"{pair.Key} {pair.Value.HeldAgainstCodex}").Order(StringComparer.Ordinal));
        Assert.All(Verify(), result => Assert.True(result.IsIntact, $"{result} {result.Reason}"));
        var before = said.Keys.ToDictionary(id => id, Digest);

        // Everything moves upstream, with new versions where a version is followed.
        _home.Write("corp/alpha/skills/alpha/SKILL.md", "---\nname: alpha\ndescription: Does other things.\n---\nOther.\n");
        _home.Write("corp/beta/skills/beta/SKILL.md", "---\nname: beta\ndescription: Does other things.\n---\nOther.\n");
        kit.Write(".codex-plugin/plugin.json", """{"name":"kit","version":"2.0.0"}""").Commit();
        tools.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"2.0.0"}""").Commit();
        pinned.Write("fixed/.codex-plugin/plugin.json", """{"name":"fixed","version":"2.0.0"}""").Commit();
        var replaced = said.Where(pair => pair.Value.HeldAgainstCodex == false).Select(pair => pair.Key).ToList();
        _home.RefreshUntil(() => replaced.TrueForAll(id => Digest(id) is { Length: > 0 } now && now != before[id]));

        // A second refresh sees everything that the first one may not have come to.
        await _home.InstallAsync("beta@corp", CacheVersionRule.Local, reinstall: true);
        _home.RefreshUntil(
            () => Directory.Exists(_home.Cache("corp", "beta") + "/1.0.0") && !Directory.Exists(_home.Cache("corp", "beta") + "/local"));
        foreach (var (id, (held, reason)) in said)
        {
            Assert.True((Digest(id) == before[id]) == held, $"{id} was said to be {(held == true ? "held" : "not held")}: {reason}");
        }

        var found = Verify().ToDictionary(result => result.Id, result => result.State);
        Assert.Equal(
            ["alpha@corp Intact", "beta@corp Intact", "fixed@pinned Intact", "inside@tools Changed", "kit@corp Intact",
                "kit@tools Changed"],
            found.Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
    }

    [CodexFact]
    public async Task A_marketplace_made_of_a_lock_holds_where_the_original_did_not()
    {
        var tools = _home.GitMarketplace();
        Corp(_home.KitRepository!.Head);
        await _home.AddAsync(_home["corp"]);
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("inside@tools");
        await _home.InstallAsync("kit@tools");
        await _home.InstallAsync("own@tools");
        var draft = new LockFileMaker(_home.Ours.Environment).Make(_home["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(_home.Ours.Environment);
        await new FrozenMarketplace(_home.Ours.Environment).WriteAsync(PluginLockFile.Read(_home.Ours.Environment, draft.File.Path),
            _home["frozen"]);
        await new MarketplaceRegistry(_home.Ours.Environment).SetAsync(
            new MarketplaceSetRequest { Name = "tools", Source = _home["frozen"] });
        Assert.All(_home.OurPlugins(), plugin => Assert.True(plugin.HeldAgainstCodex, plugin.HeldReason));
        await _home.InstallAsync("beta@corp", CacheVersionRule.Local);
        var before = draft.File.Entries.ToDictionary(entry => entry.Id, entry => Digest(entry.Id));

        _home.KitRepository!.Write(".codex-plugin/plugin.json", """{"name":"kit","version":"2.0.0"}""").Commit();
        tools.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"2.0.0"}""")
            .Write(".codex-plugin/plugin.json", """{"name":"own","version":"2.0.0"}""").Commit();
        for (var i = 0; i < 2; i++)
        {
            await _home.InstallAsync("beta@corp", CacheVersionRule.Local, reinstall: true);
            _home.RefreshUntil(() =>
                Directory.Exists(_home.Cache("corp", "beta") + "/1.0.0") && !Directory.Exists(_home.Cache("corp", "beta") + "/local"));
        }

        Assert.All(before, pair => Assert.Equal(pair.Value, Digest(pair.Key)));
        Assert.All(new IntegrityQuery(_home.Ours.Environment).Check(new IntegrityRequest { LockFile = draft.File }).Results,
            result => Assert.True(result.IsIntact, result.Reason));
        Assert.Equal(["beta@corp 1.0.0 on", "inside@tools 1.0.0 on", "kit@tools 1.0.0 on", "own@tools 1.0.0 on"],
            _home.CodexInstalled().Order(StringComparer.Ordinal));
    }

    [CodexFact]
    public async Task What_Codex_installs_again_is_recognised_and_tampering_with_it_is_still_found()
    {
        _home.GitMarketplace();
        Corp(_home.KitRepository!.Head);
        await _home.AddAsync(_home["corp"]);
        await _home.InstallAsync("alpha@corp", CacheVersionRule.Local);
        await _home.InstallAsync("kit@corp");

        _home.Codex("add", "alpha@corp");
        _home.Codex("add", "kit@corp");

        Assert.Equal(["alpha@corp 1.0.0", "kit@corp 1.0.0"], Verify().Select(result => $"{result} {result.Version}"));
        Assert.All(Verify(), result =>
            Assert.True(result.IsIntact, $"{string.Join(' ', result.Modified!)} {string.Join(' ', result.Unexpected!)} {result.Reason}"));

        File.AppendAllText(Path.Join(_home.Cache("corp", "alpha"), "1.0.0/skills/alpha/SKILL.md"), "evil");
        Assert.Equal(["skills/alpha/SKILL.md"], Verify()[0].Modified!);
        var repaired = await new PluginRepairer(_home.Ours.Environment).RepairAsync(PluginReference.Parse("alpha@corp"));
        Assert.True(repaired.Status == "Updated", repaired.Reason);
        Assert.True(Verify()[0].IsIntact, Verify()[0].Reason);
        Assert.Equal(["alpha@corp local on", "kit@corp 1.0.0 on"], _home.CodexInstalled().Order(StringComparer.Ordinal));
    }

    [CodexTheory]
    [InlineData("false", "ProvenanceRecorded")]
    [InlineData("true", null)]
    public async Task What_Codex_installed_is_taken_over_and_locked_in_the_bytes_of_the_commit_whatever_line_ends_it_checked_out(
        string setting, string? reason)
    {
        var tools = _home.GitMarketplace();
        tools.Write(".agents/plugins/marketplace.json", """{"name":"tools","plugins":[{"name":"text","source":"./plugins/text"}]}""");
        tools.Write("plugins/text/.codex-plugin/plugin.json", """{"name":"text","version":"1.0.0"}""")
            .Write("plugins/text/skills/text/SKILL.md", "---\nname: text\ndescription: Does text.\n---\nDo it.\n").Commit();
        File.WriteAllText(Path.Join(_home.Ours.Environment.HomePath, ".gitconfig"), $"[core]\n\tautocrlf = {setting}\n");
        _home.Codex("marketplace", "add", _home.GitUrl);
        _home.Codex("add", "text@tools");
        var skill = Path.Join(_home.Cache("tools", "text"), "1.0.0/skills/text/SKILL.md");
        Assert.Equal(setting == "true", File.ReadAllText(skill).Contains('\r', StringComparison.Ordinal));
        var maker = new LockFileMaker(_home.Ours.Environment);
        Assert.Equal(MarketErrorCode.ProvenanceUnknown, Assert.Single(maker.Make(_home["plugins.lock.json"], []).Failures).Code);

        var taken = await _home.InstallAsync("text@tools", reinstall: true);

        Assert.Equal((reason is null ? "Updated" : "Unchanged", reason, "1.0.0"), (taken.Status, taken.ReasonCode, taken.Version));
        Assert.DoesNotContain('\r', File.ReadAllText(skill));
        Assert.Equal(["text@tools 1.0.0 on"], _home.CodexInstalled());
        Assert.True(Assert.Single(Verify()).IsIntact);
        var draft = maker.Make(_home["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(_home.Ours.Environment);
        var file = PluginLockFile.Read(_home.Ours.Environment, draft.File.Path);
        Assert.Equal((_home.GitUrl, "plugins/text", tools.Head),
            (file.Entries[0].Source, file.Entries[0].SourcePath, file.Entries[0].Commit));

        Directory.CreateDirectory(_home["second/.codex"]);
        var second = _home.Ours.Environment with { CodexHome = _home["second/.codex"], HomePath = _home["second"] };
        var installer = new PluginInstaller(second);
        var plan = await installer.PlanAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } });
        var restored = await installer.ExecuteAsync(plan, plan.Items, CancellationToken.None).SingleAsync();
        Assert.True(restored.Status == "Installed", restored.Reason);
        Assert.Equal(taken.TreeHash, restored.TreeHash);
    }

    private void Corp(string kitCommit)
    {
        _home.Write("corp/.agents/plugins/marketplace.json", $$$"""
            {"name":"corp","plugins":[
              {"name":"alpha","source":"./alpha"},
              {"name":"beta","source":"./beta"},
              {"name":"kit","source":{"source":"url","url":"{{{_home.GitUrl.Replace("/tools", "/kit",
                  StringComparison.Ordinal)}}}","sha":"{{{kitCommit}}}"}}]}
            """);
        _home.WritePlugin("corp/alpha", "alpha", "1.0.0");
        _home.WritePlugin("corp/beta", "beta", "1.0.0");
    }

    private GitRepository PinnedMarketplace() => GitRepository.Create(_home["served/pinned"], new Dictionary<string, string>
    {
        [".agents/plugins/marketplace.json"] = """{"name":"pinned","plugins":[{"name":"fixed","source":"./fixed"}]}""",
        ["fixed/.codex-plugin/plugin.json"] = """{"name":"fixed","version":"1.0.0"}""",
    });

    private IReadOnlyList<IntegrityResult> Verify() => new IntegrityQuery(_home.Ours.Environment).Check(new IntegrityRequest()).Results;

    private string Digest(string id)
    {
        var path = _home.Ours.Environment.Home.Cache.ActivePath(PluginId.Parse(id));
        try
        {
            return path is null ? "" : TreeDigest.Compute(FolderTree.Read(path, FileOps.Default, Limits.Default));
        }
        catch (IOException)
        {
            // Codex is exchanging it.
            return "";
        }
    }
}
