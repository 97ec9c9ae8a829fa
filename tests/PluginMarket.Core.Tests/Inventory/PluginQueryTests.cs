using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Inventory;

[Trait("Category", "Fast")]
public sealed class PluginQueryTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_entry_is_joined_with_its_manifest()
    {
        _home.RegisterLocal("complete", SampleCatalogs.Complete);

        var hello = Assert.Single((await FindAsync(new PluginFindRequest { Names = ["hello"] })).Plugins);

        Assert.Equal(("hello", "1.2.3", "complete", "hello@complete", "Productivity"),
            (hello.Name, hello.Version, hello.Marketplace, hello.Id, hello.Category));
        Assert.Equal(("INSTALLED_BY_DEFAULT", "ON_USE", "Available", "local", true),
            (hello.Installation, hello.Authentication, hello.Status, hello.SourceType, hello.Resolved));
        Assert.Equal(["Skill"], hello.Components!);
        Assert.Equal(["Read", "Write"], hello.Capabilities!);
        Assert.Equal(["greeting"], hello.Keywords!);
        Assert.Equal(("Hello", "Says hello.", "MIT", "Example"), (hello.DisplayName, hello.Description, hello.License, hello.Author?.Name));
        Assert.Equal(Path.Join(SampleCatalogs.Complete, "plugins", "hello"), hello.Path);
        Assert.Equal(("User", _home.CodexHome), (hello.Scope, hello.CodexHome));
        Assert.Null(hello.Reason);
        Assert.False(hello.Installed);
    }

    [Fact]
    public async Task A_misspelled_category_or_capability_gets_the_right_one_suggested()
    {
        _home.RegisterLocal("complete", SampleCatalogs.Complete);

        Assert.Empty((await FindAsync(
            new PluginFindRequest { Categories = ["Produktivity", "productivity*", "Botany"], Capabilities = ["Wriet"] })).Plugins);
        Assert.Collection(
            _home.Log.Warnings,
            warning => Assert.EndsWith("category 'Produktivity'. Did you mean 'Productivity'?", warning, StringComparison.Ordinal),
            warning => Assert.EndsWith("capability 'Wriet'. Did you mean 'Write'?", warning, StringComparison.Ordinal));
        Assert.Contains(_home.Log.Details, detail => detail.Contains("'Botany'", StringComparison.Ordinal));

        await FindAsync(new PluginFindRequest { Names = ["none*"], Categories = ["PRODUCTIVITY"] });
        Assert.Equal(2, _home.Log.Warnings.Count);
    }

    [Fact]
    public async Task An_entry_whose_source_is_not_read_says_only_what_it_says_itself()
    {
        _home.RegisterLocal("complete", SampleCatalogs.Complete);
        var found = (await FindAsync(new PluginFindRequest())).Plugins.ToDictionary(plugin => plugin.Name);

        var remote = found["com.example.remote"];
        Assert.Equal(("2.0.0", "git", "https://git.example.com/team/remote.git", "v2", false),
            (remote.Version, remote.SourceType, remote.Source, remote.Ref, remote.Resolved));
        Assert.Null(remote.Components);
        Assert.Null(remote.Capabilities);
        Assert.Null(remote.Manifest);
        Assert.Null(remote.Author);
        Assert.Null(remote.License);
        Assert.Equal(("git-subdir", "0123456789abcdef0123456789abcdef01234567"),
            (found["folder-of-remote"].SourceType, found["folder-of-remote"].Sha));
        Assert.Equal("npm", found["package"].SourceType);
        var bare = found["bare"];
        Assert.Equal(("0.3.0", "Described by the catalog alone.", "Education", true),
            (bare.Version, bare.Description, bare.Category, bare.Resolved));
        Assert.Equal(["Skill"], bare.Components!);
        Assert.Null(found["unavailable"].Status);
        Assert.False(found["unavailable"].Resolved);
        Assert.NotNull(found["unavailable"].Reason);
        Assert.DoesNotContain("elsewhere", found.Keys);
    }

    [Fact]
    public async Task Skipped_entries_are_shown_with_their_reason_where_asked_for()
    {
        _home.RegisterLocal("broken-entries", SampleCatalogs.BrokenEntries);

        var without = (await FindAsync(new PluginFindRequest())).Plugins;
        var with = (await FindAsync(new PluginFindRequest { IncludeSkipped = true })).Plugins;

        Assert.DoesNotContain(without, plugin => plugin.Status == "Skipped");
        Assert.Equal(23, with.Count);
        Assert.All(with.Where(plugin => plugin.Status == "Skipped"),
            plugin => Assert.StartsWith("line ", plugin.Reason, StringComparison.Ordinal));
        Assert.All(without.Where(plugin => plugin.Name != "ok"), plugin => Assert.NotNull(plugin.Reason));
        Assert.Equal("NOT_AVAILABLE", with.Single(plugin => plugin.Name == "wrong-enum").Installation);
    }

    [Fact]
    public async Task Filters_are_joined_by_and_their_values_by_or()
    {
        _home.RegisterLocal("complete", SampleCatalogs.Complete);
        _home.RegisterLocal("other", _home.WriteMarketplace("other", "other", "hello", "world"));

        Assert.Equal(["hello@complete", "hello@other"], await IdsAsync(new PluginFindRequest { Names = ["HEL*"] }));
        Assert.Equal(["hello@other"], await IdsAsync(new PluginFindRequest { Names = ["hello@oth*"] }));
        Assert.Equal(["world@other"], await IdsAsync(new PluginFindRequest { Names = ["w*"], Marketplaces = ["other"] }));
        Assert.Equal(["bare@complete", "hello@complete"], await IdsAsync(new PluginFindRequest { Categories = ["Prod*", "education"] }));
        Assert.Equal(["bare@complete"], await IdsAsync(new PluginFindRequest { Keywords = ["CATALOG"] }));
        Assert.Equal(["hello@complete"],
            await IdsAsync(new PluginFindRequest { Components = ["skill"], Marketplaces = ["complete"], Names = ["hello", "package"] }));
        Assert.Equal(["hello@complete"], await IdsAsync(new PluginFindRequest { Capabilities = ["write"] }));
        Assert.Equal(["unavailable@complete"], await IdsAsync(new PluginFindRequest { Installation = [InstallationPolicy.NotAvailable] }));
        Assert.Equal(["hello@complete"], await IdsAsync(new PluginFindRequest { Authentication = [AuthenticationPolicy.OnUse] }));
        Assert.Equal(["hello@other", "world@other"],
            await IdsAsync(new PluginFindRequest { CatalogPaths = [_home.Scratch["other/.agents/plugins/marketplace.json"]] }));
        Assert.Equal(["hello@complete"], await IdsAsync(new PluginFindRequest { Paths = [SampleCatalogs.Complete], Names = ["hello"] }));
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_a_failure_of_its_own_and_a_pattern_is_not()
    {
        _home.RegisterLocal("complete", SampleCatalogs.Complete);
        _home.RegisterLocal("gone", _home.Scratch["gone"]);

        var listing = await FindAsync(new PluginFindRequest { Names = ["hello", "helo", "x*"], Marketplaces = ["complete", "complet"] });

        Assert.Equal("hello", Assert.Single(listing.Plugins).Name);
        Assert.Equal([MarketErrorCode.MarketplaceNotFound, MarketErrorCode.PluginNotFound],
            listing.Failures.Select(failure => failure.Code));
        Assert.All(listing.Failures, failure => Assert.Contains("Did you mean", failure.Message, StringComparison.Ordinal));
        Assert.Equal("gone", Assert.Single((await FindAsync(new PluginFindRequest())).Failures).Target);
    }

    [Fact]
    public async Task Installed_means_configured_and_cached()
    {
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "both", "key", "cache"));
        _home.WriteCached("both", "m");
        _home.WriteCached("cache", "m", enabled: null);
        File.AppendAllText(_home.ConfigPath, "[plugins.\"key@m\"]\nenabled = true\n");

        Assert.Equal(["both"],
            (await FindAsync(new PluginFindRequest())).Plugins.Where(plugin => plugin.Installed).Select(plugin => plugin.Name));
    }

    [Fact]
    public async Task Of_one_name_in_two_catalogs_of_one_name_the_first_is_shown()
    {
        _home.WriteMarketplace("home", "m", "p");
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "p", "q"));

        Assert.Equal(["Personal p", "User q"],
            (await FindAsync(new PluginFindRequest())).Plugins.Select(plugin => $"{plugin.Scope} {plugin.Name}"));
        Assert.Equal(3, (await FindAsync(new PluginFindRequest { IncludeSkipped = true })).Plugins.Count);
    }

    [Fact]
    public async Task A_folder_that_is_a_link_is_read_only_inside_the_marketplace()
    {
        _home.WriteMarketplace("m", "m", "real");
        _home.WritePlugin("outside", "outside");
        Directory.CreateSymbolicLink(_home.Scratch["m/plugins/inside"], "real");
        Directory.CreateSymbolicLink(_home.Scratch["m/plugins/outside"], _home.Scratch["outside"]);
        _home.RegisterLocal("m", _home.WriteCatalog("m", "{\"name\": \"m\", \"plugins\": [{\"name\": \"real\", \"source\": "
            + "\"./plugins/inside\"}, {\"name\": \"outside\", \"source\": \"./plugins/outside\"}]}"));

        var found = (await FindAsync(new PluginFindRequest())).Plugins.ToDictionary(plugin => plugin.Name);

        Assert.True(found["real"].Resolved);
        Assert.False(found["outside"].Resolved);
        Assert.NotNull(found["outside"].Reason);
    }

    [Fact]
    public async Task Resolving_fetches_git_sources_and_leaves_nothing()
    {
        var repository = GitRepository.Create(_home.Scratch["repo"]);
        repository.Write("whole.txt", "x").Write(".codex-plugin/plugin.json", "{\"name\": \"whole\", \"version\": \"3.0.0\"}")
            .Write("sub/.codex-plugin/plugin.json", "{\"name\": \"sub\", \"version\": \"4.0.0\"}")
            .Write("sub/skills/s/SKILL.md", "---\nname: s\ndescription: d\n---\n").Commit();
        _home.RegisterLocal("m", _home.WriteCatalog("m", $"{{\"name\": \"m\", \"plugins\": [{{\"name\": \"whole\", \"source\": "
            + $"{{\"source\": \"url\", \"url\": \"{repository.FileUrl}\"}}}}, {{\"name\": \"sub\", \"source\": {{\"source\": "
            + $"\"git-subdir\", \"url\": \"{repository.FileUrl}\", \"path\": \"sub\"}}}}, {{\"name\": \"bad\", \"source\": {{\"source\": "
            + $"\"url\", \"url\": \"{repository.FileUrl}\", \"ref\": \"nowhere\"}}}}]}}"));

        var found = (await FindAsync(new PluginFindRequest { Resolve = true })).Plugins.ToDictionary(plugin => plugin.Name);

        Assert.Equal(("3.0.0", true, repository.Head), (found["whole"].Version, found["whole"].Resolved, found["whole"].Commit));
        Assert.Equal(("4.0.0", true), (found["sub"].Version, found["sub"].Resolved));
        Assert.Equal(["Skill"], found["sub"].Components!);
        Assert.Equal((false, "Refused"), (found["bad"].Resolved, found["bad"].Status));
        Assert.Contains("nowhere", found["bad"].Reason, StringComparison.Ordinal);
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task Hidden_text_is_flagged_and_shown_texts_are_escaped()
    {
        _home.RegisterLocal("m",
            _home.WriteCatalog("m", "{\"name\": \"m\", \"plugins\": [{\"name\": \"p\", \"source\": \"./p\", \"description\": "
                + "\"a\\u202eb\\u001b[2J\", \"category\": \"c\"}, {\"name\": \"q\", \"source\": \"./q\", \"category\": \"c\"}]}"));
        _home.Scratch.Write("m/p/skills/s/SKILL.md", "---\nname: s\ndescription: d\n---\n");

        var found = (await FindAsync(new PluginFindRequest())).Plugins.ToDictionary(plugin => plugin.Name);

        Assert.Equal(true, found["p"].HasHiddenText);
        Assert.DoesNotContain('\u202e', found["p"].Description!);
        Assert.DoesNotContain('\u001b', found["p"].Description!);
        Assert.Null(found["q"].HasHiddenText);
    }

    private Task<PluginListing> FindAsync(PluginFindRequest request) => new PluginQuery(_home.Environment).FindAsync(request);

    private async Task<IEnumerable<string>> IdsAsync(PluginFindRequest request) =>
        (await FindAsync(request)).Plugins.Select(plugin => plugin.Id).Order(StringComparer.Ordinal);
}
