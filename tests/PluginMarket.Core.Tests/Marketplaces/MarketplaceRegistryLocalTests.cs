using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Contract 4.2 and 4.5 for local sources, and the rules of names (contract 1.7, 8).</summary>
[Trait("Category", "Fast")]
public sealed class MarketplaceRegistryLocalTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    private MarketplaceRegistry Registry => new(_home.Environment);

    [Fact]
    public async Task Adding_a_folder_writes_configuration_only_and_repeating_it_changes_nothing()
    {
        var root = _home.WriteMarketplace("m", "corp-tools", "one", "two");

        var first = await Registry.AddAsync(new MarketplaceAddRequest { Source = root });
        var config = _home.Config;
        var second = await Registry.AddAsync(new MarketplaceAddRequest { Source = root });

        Assert.False(first.AlreadyAdded);
        Assert.True(second.AlreadyAdded);
        Assert.Equal($"[marketplaces.corp-tools]\nsource_type = \"local\"\nsource = {Quoted(root)}\n", config);
        Assert.Equal(config, _home.Config);
        Assert.False(Directory.Exists(_home.SnapshotOf("corp-tools")));
        Assert.Equal(("corp-tools", "local", root, 2, "User"), (first.Marketplace.Name, first.Marketplace.SourceType,
            first.Marketplace.Source, first.Marketplace.Plugins, first.Marketplace.Scope));
        Assert.Equal(("User", _home.CodexHome), (first.Marketplace.ConfigurationSource, first.Marketplace.CodexHome));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task A_relative_path_starts_at_the_location_and_links_are_resolved()
    {
        var root = _home.WriteMarketplace("work/m", "m", "p");
        Directory.CreateSymbolicLink(_home.Scratch["work/link"], root);

        await Registry.AddAsync(new MarketplaceAddRequest { Source = "./link" });

        Assert.Contains($"source = {Quoted(root)}", _home.Config, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-curated", MarketErrorCode.NameReserved)]
    [InlineData("openai_curated", MarketErrorCode.NameReserved)]
    [InlineData("OpenAI-Curated", MarketErrorCode.NameReserved)]
    [InlineData("a b", MarketErrorCode.NameInvalid)]
    [InlineData("a.b", MarketErrorCode.NameInvalid)]
    [InlineData("con", MarketErrorCode.NameInvalid)]
    public async Task A_name_that_must_not_be_registered_is_refused(string name, MarketErrorCode code)
    {
        var root = _home.WriteMarketplace("m", name, "p");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => Registry.AddAsync(new MarketplaceAddRequest { Source = root }));

        Assert.Equal(code, failure.Code);
        Assert.Equal("", _home.Config);
    }

    [Fact]
    public async Task The_asserted_name_must_be_the_catalogs()
    {
        var root = _home.WriteMarketplace("m", "real", "p");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = root, Name = "other" }));

        Assert.Equal(MarketErrorCode.MarketplaceNameMismatch, failure.Code);
        Assert.False((await Registry.AddAsync(new MarketplaceAddRequest { Source = root, Name = "real" })).AlreadyAdded);
    }

    [Fact]
    public async Task A_name_is_bound_to_its_source()
    {
        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("a", "tools", "p") });
        var config = _home.Config;

        foreach (var name in new[] { "tools", "TOOLS" })
        {
            var root = _home.WriteMarketplace("b", name, "p");
            var failure = await Assert.ThrowsAsync<PluginMarketException>(
                () => Registry.AddAsync(new MarketplaceAddRequest { Source = root }));
            Assert.Equal(MarketErrorCode.MarketplaceAlreadyExists, failure.Code);
            Assert.Equal(config, _home.Config);
        }

        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("c", "too-ls", "p") });
        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("d", "too_ls", "p") });
        Assert.Contains(_home.Log.Warnings, warning => warning.Contains("looks like", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_catalog_that_Codex_cannot_read_is_refused_or_warned_about()
    {
        var bom = _home.WriteCatalog("bom", "\ufeff{\"name\": \"bom\", \"plugins\": []}");
        var odd = _home.WriteCatalog("odd", "{\"name\": \"odd\", \"plugins\": [{\"name\": \"p\", \"source\": \"./p\", \"category\": 5}]}");

        Assert.Equal(MarketErrorCode.CatalogUnreadable,
            (await Assert.ThrowsAsync<PluginMarketException>(() => Registry.AddAsync(new MarketplaceAddRequest { Source = bom }))).Code);
        Assert.Equal(1, (await Registry.AddAsync(new MarketplaceAddRequest { Source = odd })).Marketplace.SkippedEntries);
        Assert.Contains(_home.Log.Warnings, warning => warning.Contains("'category'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_higher_layer_defines_is_listed_with_its_file_and_not_changed()
    {
        var root = _home.WriteMarketplace("corp", "corp", "p");
        var file = _home.Scratch.Write("etc/config.toml", $"[marketplaces.corp]\nsource_type = \"local\"\nsource = '{root}'\n");
        var other = _home.WriteMarketplace("other", "corp", "p");

        var listed = Assert.Single((await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces);
        Assert.Equal(("System", "System", file), (listed.Scope, listed.ConfigurationSource, listed.ConfigurationFile));
        Func<Task>[] changes =
        [
            () => Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "corp" }),
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = other }),
            () => Registry.SetAsync(new MarketplaceSetRequest { Name = "corp", Source = other }),
        ];
        foreach (var change in changes)
        {
            var failure = await Assert.ThrowsAsync<PluginMarketException>(change);
            Assert.Equal(MarketErrorCode.ManagedByAdministrator, failure.Code);
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal("", _home.Config);
    }

    [Fact]
    public async Task Removing_leaves_the_folder_and_other_tables()
    {
        _home.WriteConfig("# mine\nmodel = \"x\"\n\n");
        var root = _home.WriteMarketplace("m", "m", "p");
        await Registry.AddAsync(new MarketplaceAddRequest { Source = root });
        var before = ScratchFolder.Inventory(root);

        var removal = await Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "m" });

        Assert.Null(removal.InstalledRoot);
        Assert.Equal("m", removal.Marketplace!.Name);
        Assert.Equal("# mine\nmodel = \"x\"\n\n", _home.Config);
        Assert.Equal(before, ScratchFolder.Inventory(root));
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "m" }));
        Assert.Equal(MarketErrorCode.MarketplaceNotFound, failure.Code);
    }

    [Fact]
    public async Task A_name_not_found_names_the_nearest()
    {
        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("m", "corporate", "p") });

        var failure = Assert.Single((await Registry.ListAsync(new MarketplaceListRequest { Names = ["corporat"] })).Failures);

        Assert.Equal(MarketErrorCode.MarketplaceNotFound, failure.Code);
        Assert.Contains("'corporate'", failure.Message, StringComparison.Ordinal);
        Assert.Empty((await Registry.ListAsync(new MarketplaceListRequest { Names = ["x*"] })).Failures);
    }

    [Fact]
    public async Task Lists_are_filtered_by_name_and_scope()
    {
        _home.WriteMarketplace("home", "mine", "p");
        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("m", "corp", "p") });

        Assert.Equal(["corp"], await NamesAsync(new MarketplaceListRequest { Names = ["CO*"] }));
        Assert.Equal(["mine"], await NamesAsync(new MarketplaceListRequest { Scopes = ["personal"] }));
        Assert.Equal(["mine", "corp"], await NamesAsync(new MarketplaceListRequest { Scopes = ["User", "Personal"] }));
        Assert.Equal(["complete"], await NamesAsync(new MarketplaceListRequest { Paths = [SampleCatalogs.Complete] }));
    }

    [Fact]
    public async Task An_invalid_configuration_stops_every_verb_and_stays_as_it_was()
    {
        var root = _home.WriteMarketplace("m", "m", "p");
        _home.WriteConfig("model = \n");
        Func<Task>[] verbs =
        [
            () => Registry.ListAsync(new MarketplaceListRequest()),
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = root }),
            () => Registry.UpdateAsync(new MarketplaceUpdateRequest()),
            () => Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "m" }),
        ];
        foreach (var verb in verbs)
        {
            Assert.Equal(MarketErrorCode.ConfigInvalid, (await Assert.ThrowsAsync<PluginMarketException>(verb)).Code);
        }

        Assert.Equal("model = \n", _home.Config);
    }

    [Fact]
    public async Task Updating_a_local_one_says_that_there_is_nothing_to_fetch()
    {
        await Registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("m", "m", "p") });

        var result = Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest { Names = ["m"] })).Results);

        Assert.Equal("Skipped", result.Status);
        Assert.NotNull(result.Reason);
        Assert.Empty((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results);
        Assert.Equal(MarketErrorCode.MarketplaceNotFound,
            Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest { Names = ["n"] })).Failures).Code);
    }

    private async Task<IEnumerable<string?>> NamesAsync(MarketplaceListRequest request) =>
        (await Registry.ListAsync(request)).Marketplaces.Select(marketplace => marketplace.Name);

    private static string Quoted(string path) => $"\"{path.Replace(@"\", @"\\", StringComparison.Ordinal)}\"";
}
