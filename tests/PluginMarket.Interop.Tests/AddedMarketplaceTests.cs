using PluginMarket.Marketplaces;

namespace PluginMarket.Interop.Tests;

/// <summary>What counts as added, and which refs are taken, is the same for both tools.</summary>
public sealed class AddedMarketplaceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexTheory]
    [InlineData("short")]
    [InlineData("HEAD")]
    [InlineData("origin/main")]
    [InlineData("refs/heads/main")]
    public async Task A_ref_that_a_clone_knows_is_taken_and_known_as_added(string reference)
    {
        var tools = _home.GitMarketplace();
        reference = reference == "short" ? tools.Head[..9] : reference;

        var added = await _home.AddAsync(_home.GitUrl, reference);

        Assert.Equal((tools.Head, reference, false), (added.Marketplace.Commit, added.Marketplace.Ref, added.AlreadyAdded));
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home.GitUrl, "--ref", reference).ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
        Assert.True(_home.Codex("marketplace", "add", _home.GitUrl, "--ref", reference).GetProperty("alreadyAdded").GetBoolean());
        Assert.True((await _home.AddAsync(_home.GitUrl, reference)).AlreadyAdded);
        Assert.Equal("Unchanged", (await _home.UpdateAsync("tools")).Status);
        _home.Codex("add", "inside@tools");
    }

    [CodexTheory]
    [InlineData("0123456789")]
    [InlineData("origin/nowhere")]
    [InlineData("nowhere")]
    public async Task A_ref_that_no_clone_knows_is_refused_by_both(string reference)
    {
        _home.GitMarketplace();
        Assert.Equal(MarketErrorCode.GitRefNotFound,
            (await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(_home.GitUrl, reference))).Code);
        Assert.NotEqual(0, _home.TryCodex("marketplace", "add", _home.GitUrl, "--ref", reference).ExitCode);
    }

    [CodexFact]
    public async Task A_root_under_another_key_is_added_already_and_gets_its_own_table()
    {
        var root = _home.LocalMarketplace();
        foreach (var home in new[] { _home.CodexHome, _home.Alone.CodexHome })
        {
            File.WriteAllText(Path.Join(home, "config.toml"), $"[marketplaces.other]\nsource_type = \"local\"\nsource = '{root}'\n");
        }

        Assert.True((await _home.AddAsync(root)).AlreadyAdded);
        Assert.Contains("\"alreadyAdded\": true", _home.Alone.Run("marketplace", "add", "--json", root).Output, StringComparison.Ordinal);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
    }

    [CodexFact]
    public async Task A_relative_source_starts_from_the_current_folder()
    {
        var root = _home.LocalMarketplace();
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), "[marketplaces.corp]\nsource_type = \"local\"\nsource = \"./corp\"\n");
        var above = new OurSide(_home.Ours.Environment with { WorkingDirectory = Path.GetDirectoryName(root) });
        var elsewhere = new OurSide(_home.Ours.Environment with { WorkingDirectory = root, IgnoresRepositoryCatalog = true });

        Assert.Equal(root, Assert.Single(_home.CodexIn(".", "marketplace", "list").Json().GetProperty("marketplaces").EnumerateArray())
            .GetProperty("root").GetString());
        Assert.Equal(root,
            Assert.Single((await new MarketplaceRegistry(above.Environment).ListAsync(new MarketplaceListRequest())).Marketplaces).Root);
        Assert.True((await new MarketplaceRegistry(above.Environment).AddAsync(new MarketplaceAddRequest { Source = root })).AlreadyAdded);
        Assert.Equal("Installed", Assert.Single(await above.InstallAsync(["alpha@corp"])).Status);
        Assert.Contains("alpha@corp", _home.CodexIn(".", "list").Output, StringComparison.Ordinal);

        Assert.NotEqual(0, _home.CodexIn("corp", "marketplace", "list").ExitCode);
        Assert.Equal(MarketErrorCode.CatalogUnreadable,
            Assert.Single((await new MarketplaceRegistry(elsewhere.Environment).ListAsync(new MarketplaceListRequest())).Failures).Code);
    }
}
