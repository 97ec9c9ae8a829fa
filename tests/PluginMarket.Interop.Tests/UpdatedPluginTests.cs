using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;

namespace PluginMarket.Interop.Tests;

/// <summary>What was updated, restored and held is what Codex lists and keeps; what Codex did in between is recognised.</summary>
public sealed class UpdatedPluginTests : IAsyncDisposable
{
    private static readonly PluginReference Alpha = PluginReference.Parse("alpha@corp");

    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task Codex_lists_what_was_updated_and_what_was_restored_and_nothing_that_is_kept()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp", CacheVersionRule.Local);
        Assert.Equal(["alpha@corp local on"], _home.CodexInstalled());
        _home.WritePlugin("corp/alpha", "alpha", "2.0.0");

        await UpdateAsync();
        Assert.Equal(["alpha@corp 2.0.0 on"], _home.CodexInstalled());
        Assert.Equal(["2.0.0"], Directory.GetDirectories(_home.Cache("corp", "alpha")).Select(Path.GetFileName));

        var restored = await new RollBackPlugin(_home.Ours.Environment).RollBackAsync(Alpha);
        Assert.True(restored.Status == "Updated", restored.Reason);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        Assert.Equal(["alpha"], Directory.GetDirectories(Path.GetDirectoryName(_home.Cache("corp", "alpha"))!).Select(Path.GetFileName));
    }

    [CodexFact]
    public async Task A_held_plugin_survives_Codex_refresh_as_long_as_its_source_says_the_same()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp", CacheVersionRule.Local);
        var held = await new HoldPlugin(_home.Ours.Environment).HoldAsync(Alpha);
        Assert.Equal("1.0.0", held.Version);
        var before = SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0");

        _home.Refresh();

        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        Assert.Equal(before, SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0"));
        Assert.Empty((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);
    }

    [CodexFact]
    public async Task What_Codex_installed_over_a_review_is_shown_against_that_review()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        _home.WritePlugin("corp/alpha", "alpha", "2.0.0");
        _home.Write("corp/alpha/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo hi"}]}]}}""");
        Assert.Equal("2.0.0", _home.Codex("add", "alpha@corp").GetProperty("version").GetString());

        var update = Assert.Single((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);

        Assert.Equal(("ChangedOutside", true, "High"), (update.Change, update.IsChangedOutside, update.Risk));
        Assert.Contains(update.CapabilityChange!, change => change is { Component: "Hook", Change: "Added" });
        Assert.Equal("CapabilityNotAccepted", (await RunAsync(
            new InstallRequest { References = [Alpha with { TreeHash = update.ToTreeHash }], Intent = new InstallIntent.Update() })).Error);
        var taken = await RunAsync(new InstallRequest
        {
            References = [Alpha with { TreeHash = update.ToTreeHash }],
            AcceptCapability = ["Hook"],
            Intent = new InstallIntent.Update(),
        });
        Assert.Equal(("Unchanged", "ProvenanceRecorded"), (taken.Status, taken.ReasonCode));
        Assert.Equal(["alpha@corp 2.0.0 on"], _home.CodexInstalled());
        Assert.Empty((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);
    }

    [CodexFact]
    public async Task The_same_bytes_reinstalled_by_Codex_are_not_a_change()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        _home.Codex("add", "alpha@corp");

        Assert.Empty((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);
    }

    [CodexFact]
    public async Task A_version_put_back_and_held_is_said_not_to_hold_against_Codex_and_what_its_refresh_does_is_reported()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        _home.WritePlugin("corp/alpha", "alpha", "2.0.0");
        await UpdateAsync();
        Assert.Equal("Updated", (await new RollBackPlugin(_home.Ours.Environment).RollBackAsync(Alpha)).Status);
        await new HoldPlugin(_home.Ours.Environment).HoldAsync(Alpha);
        var said = Assert.Single(_home.OurPlugins());
        Assert.Equal(("1.0.0", true, false), (said.Version, said.Held, said.HeldAgainstCodex));
        Assert.False(string.IsNullOrEmpty(said.HeldReason));

        _home.RefreshUntil(
            () => Directory.Exists(_home.Cache("corp", "alpha") + "/2.0.0") && !Directory.Exists(_home.Cache("corp", "alpha") + "/1.0.0"));

        Assert.Equal(["alpha@corp 2.0.0 on"], _home.CodexInstalled());
        Assert.Equal("None", Assert.Single(_home.OurPlugins()).Provenance);
        Assert.Equal("Changed", Assert.Single(new IntegrityQuery(_home.Ours.Environment).Check(new IntegrityRequest()).Results).State);
        var update = Assert.Single((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);
        Assert.Equal((true, true, "ChangedOutside"), (update.IsHeld, update.IsChangedOutside, update.Change));
        Assert.Equal("PluginHeld", (await RunAsync(
            new InstallRequest { References = [Alpha with { TreeHash = update.ToTreeHash }], Intent = new InstallIntent.Update() })).Error);
    }

    private async Task UpdateAsync()
    {
        var update = Assert.Single((await new PluginUpdateQuery(_home.Ours.Environment).FindAsync(new PluginUpdateRequest())).Updates);
        var result = await RunAsync(
            new InstallRequest { References = [Alpha with { TreeHash = update.ToTreeHash }], Intent = new InstallIntent.Update() });
        Assert.True(result.Status == "Updated", result.Reason);
    }

    private async Task<PluginOperationResult> RunAsync(InstallRequest request)
    {
        var installer = new PluginInstaller(_home.Ours.Environment);
        var plan = await installer.PlanAsync(request);
        Assert.Empty(plan.Failures);
        return await installer.ExecuteAsync(plan, plan.Items).SingleAsync();
    }
}
