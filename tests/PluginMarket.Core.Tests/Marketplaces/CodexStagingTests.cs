using System.Text.Json;
using PluginMarket.Diagnosis;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Contract 3.1: Codex fetches marketplaces into folders of the home that it locks, also in the background. They are its own:
/// no command lists, changes or deletes them, or waits for a lock that is not about marketplaces.</summary>
[Trait("Category", "Fast")]
public sealed class CodexStagingTests : IDisposable
{
    private static readonly string[] Staged = [".tmp/.staging", ".tmp/marketplaces/.staging"];
    private static readonly string[] Locks =
        [".tmp/.staging.lock", ".tmp/.staging-cleanup.lock", ".tmp/marketplaces/.staging-cleanup.lock"];

    private readonly TestHome _home = new();
    private GitRepository? _repository;

    public void Dispose() => _home.Dispose();

    private MarketplaceRegistry Registry => new(_home.Environment);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_Codex_is_fetching_stays_its_own_through_every_command(bool isLocked)
    {
        var root = _home.WriteMarketplace("corp", "corp", "alpha");
        var repository = Repository("first");
        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        WriteStaging();
        var before = Staging();
        Assert.Equal(12, before.Count);
        var held = isLocked ? Locks.Select(Hold).ToList() : [];

        await Registry.AddAsync(new MarketplaceAddRequest { Source = root });
        await InstallAsync("alpha@corp", "first@tools");
        var listed = await ListedAsync();
        Repository("second");
        var updated = await Registry.UpdateAsync(new MarketplaceUpdateRequest());
        await Registry.SetAsync(new MarketplaceSetRequest { Name = "tools", Source = _home.WriteMarketplace("tools", "tools", "second") });
        await new PluginUninstaller(_home.Environment).UninstallAsync(PluginReference.Parse("alpha@corp"), purge: true);
        await Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "corp" });
        await Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "tools" });
        var after = await ListedAsync();
        held.ForEach(one => one.Dispose());

        Assert.Empty(updated.Failures);
        Assert.Equal("Updated", Assert.Single(updated.Results, result => result.Name == "tools").Status);
        Assert.Equal("corp tools | alpha@corp first@tools | alpha@corp first@tools", listed);
        Assert.Equal(" |  | first@tools", after);
        Assert.Equal(before, Staging());
    }

    [Fact]
    public async Task A_command_waits_for_the_lock_of_marketplaces_and_says_which_it_is()
    {
        Directory.CreateDirectory(Path.Join(_home.CodexHome, ".tmp/marketplaces"));
        var path = Path.Join(_home.CodexHome, ".tmp/marketplaces/.staging.lock");
        var request = new MarketplaceAddRequest { Source = Repository("first").FileUrl };
        _home.Change(environment => environment with { Limits = environment.Limits with { LockTime = TimeSpan.Zero } });
        using (Hold(".tmp/marketplaces/.staging.lock"))
        {
            var failure = await Assert.ThrowsAsync<PluginMarketException>(() => Registry.AddAsync(request));
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
            Assert.Empty((await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces);
        }

        await Registry.AddAsync(request);
        Assert.Equal("tools", Assert.Single((await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces).Name);
    }

    // As Codex leaves it half-way: a whole checkout with a catalog, and one that git has only begun.
    private void WriteStaging()
    {
        foreach (var folder in Staged)
        {
            Write($"{folder}/marketplace-linux-a1B2c3/checkout/.agents/plugins/marketplace.json",
                """{"name":"staged","plugins":[{"name":"ghost","source":"./ghost"}]}""");
            Write($"{folder}/marketplace-linux-a1B2c3/checkout/ghost/.codex-plugin/plugin.json", """{"name":"ghost"}""");
            Write($"{folder}/marketplace-linux-d4E5f6/checkout/.git/index.lock", "");
        }
    }

    private void Write(string path, string text) =>
        _home.Scratch.Write(Path.Join(Path.GetRelativePath(_home.Scratch.Path, _home.CodexHome), path), text);

    private List<string> Staging() =>
        [.. Staged.SelectMany(folder => ScratchFolder.Inventory(Path.Join(_home.CodexHome, folder)).Where(
            line => !line.Contains(" Directory ", StringComparison.Ordinal) || line.Contains("checkout ", StringComparison.Ordinal)
                || line.Contains(".git ", StringComparison.Ordinal)))];

    private FileStream Hold(string path) =>
        new(Path.Join(_home.CodexHome, path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private GitRepository Repository(string plugin)
    {
        _repository ??= GitRepository.Create(_home.Scratch["repository"]);
        _repository.Write(".agents/plugins/marketplace.json",
            JsonSerializer.Serialize(new { name = "tools", plugins = new[] { new { name = plugin, source = "./" + plugin } } }))
            .Write($"{plugin}/.codex-plugin/plugin.json", $$"""{"name":"{{plugin}}"}""").Commit();
        return _repository;
    }

    private async Task InstallAsync(params string[] ids)
    {
        var installer = new PluginInstaller(_home.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [.. ids.Select(PluginReference.Parse)] });
        Assert.Empty(plan.Failures);
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Assert.True(result.Status == "Installed", result.Reason);
        }
    }

    // Marketplaces, what can be installed, what is installed; and no check of the home speaks of the staging folders.
    private async Task<string> ListedAsync()
    {
        var checks = await new EnvironmentDiagnosis(_home.Environment).RunAsync();
        Assert.DoesNotContain(checks, check => check.Status != "Passed"
            && $"{check.Target} {check.Message}".Contains("staging", StringComparison.OrdinalIgnoreCase));
        var marketplaces = (await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces.Select(one => one.Name);
        var found = (await new PluginQuery(_home.Environment).FindAsync(new PluginFindRequest())).Plugins.Select(one => one.Id);
        var installed = new InstalledPluginQuery(_home.Environment).List(new InstalledPluginRequest()).Plugins.Select(one => one.Id);
        return string.Join(" | ", new[] { marketplaces, found, installed }
            .Select(names => string.Join(' ', names.Order(StringComparer.Ordinal))));
    }
}
