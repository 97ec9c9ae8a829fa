using System.Text;
using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Contract 1.1 to 1.8, 8.</summary>
[Trait("Category", "Fast")]
public sealed class MarketplaceCatalogReaderTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_first_existing_place_wins_even_when_it_is_broken()
    {
        var places = MarketplaceCatalogReader.CatalogPlaces;
        Assert.Equal([".agents/plugins/marketplace.json", ".agents/plugins/api_marketplace.json", ".claude-plugin/marketplace.json",
            ".cursor-plugin/marketplace.json"], places);
        foreach (var place in places.Reverse())
        {
            _home.WriteCatalog("m", $"{{\"name\": \"from-{places.ToList().IndexOf(place)}\", \"plugins\": []}}", place);
            Assert.Equal($"from-{places.ToList().IndexOf(place)}", Read("m").Name);
        }

        _home.WriteCatalog("m", "{", places[0]);
        Assert.Equal(MarketErrorCode.CatalogUnreadable, Assert.Throws<PluginMarketException>(() => Read("m")).Code);
    }

    [Theory]
    [InlineData("kit", "kit")]
    [InlineData("plugins/kit", "plugins/kit")]
    [InlineData("kit/", "kit")]
    [InlineData("./kit", "kit")]
    [InlineData("..kit", "..kit")]
    [InlineData("~kit", "~kit")]
    [InlineData("~/kit", null)]
    [InlineData("../kit", null)]
    [InlineData("kit/../x", null)]
    [InlineData("/kit", null)]
    [InlineData("", null)]
    public void A_bare_local_path_is_read_in_the_catalog_of_Cursor_alone(string path, string? expected)
    {
        foreach (var place in MarketplaceCatalogReader.CatalogPlaces)
        {
            foreach (var source in (string[])[$"\"{path}\"", $"{{\"source\":\"local\",\"path\":\"{path}\"}}"])
            {
                var root = $"{place.Split('/')[0]}-{place.Length}-{source.Length}-m";
                _home.WriteCatalog(root, $"{{\"name\": \"m\", \"metadata\": {{\"pluginRoot\": \"./x\"}}, \"plugins\": [{{\"name\": "
                    + $"\"kit\", \"source\": {source}}}]}}", place);
                var isRead = expected is not null
                    && (place.StartsWith(".cursor-plugin/", StringComparison.Ordinal) || path.StartsWith("./", StringComparison.Ordinal));
                Assert.Equal(isRead ? expected : null, (Read(root).Entries[0].Source as LocalSource)?.Path.Value);
            }
        }
    }

    [Theory]
    [InlineData("[]", "AVAILABLE", "ON_INSTALL")]
    [InlineData("[\"NOT_AVAILABLE\"]", "NOT_AVAILABLE", "ON_INSTALL")]
    [InlineData("[\"AVAILABLE\",\"ON_USE\"]", "AVAILABLE", "ON_USE")]
    [InlineData("[\"AVAILABLE\",\"ON_USE\",[\"CODEX\"]]", "AVAILABLE", "ON_USE")]
    [InlineData("[\"AVAILABLE\",\"ON_USE\",null,null]", null, null)]
    [InlineData("[null]", null, null)]
    public void A_policy_may_be_an_array_of_its_first_fields(string policy, string? installation, string? authentication)
    {
        _home.WriteCatalog("m", $"{{\"name\": \"m\", \"plugins\": [{{\"name\": \"kit\", \"source\": \"./kit\", \"policy\": {policy}}}]}}");
        var entry = Read("m").Entries[0];
        Assert.Equal((installation is null, installation ?? "NOT_AVAILABLE"), (entry.SkipReason is not null, entry.Installation));
        Assert.Equal(authentication ?? entry.Authentication, entry.Authentication);
    }

    [Theory]
    [InlineData("marketplace.json")]
    [InlineData(".codex-plugin/marketplace.json")]
    [InlineData(".github/plugin/marketplace.json")]
    public void Other_places_are_not_looked_at(string place)
    {
        _home.WriteCatalog("m", "{\"name\": \"m\", \"plugins\": []}", place);

        Assert.Equal(MarketErrorCode.CatalogUnreadable, Assert.Throws<PluginMarketException>(() => Read("m")).Code);
    }

    [Fact]
    public void A_folder_at_the_path_of_a_catalog_is_skipped_and_a_link_to_a_file_is_followed()
    {
        _home.Scratch.MakeFolder("m/.agents/plugins/marketplace.json");
        var target = _home.Scratch.Write("elsewhere.json", "{\"name\": \"linked\", \"plugins\": []}");
        _home.Scratch.MakeFolder("m/.claude-plugin");
        File.CreateSymbolicLink(_home.Scratch["m/.claude-plugin/marketplace.json"], target);

        Assert.Equal("linked", Read("m").Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"name\": \"m\", \"plugins\": [],}")]
    [InlineData("{\"name\": \"m\", \"plugins\": []} x")]
    [InlineData("// c\n{\"name\": \"m\", \"plugins\": []}")]
    [InlineData("{\"plugins\": []}")]
    [InlineData("{\"name\": 1, \"plugins\": []}")]
    [InlineData("{\"name\": \"m\"}")]
    [InlineData("{\"name\": \"m\", \"plugins\": null}")]
    [InlineData("{\"name\": \"m\", \"plugins\": {}}")]
    [InlineData("{\"name\": \"m\", \"Plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"interface\": 5, \"plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"interface\": {\"displayName\": 5}, \"plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"name\": \"m\", \"plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"n\\u0061me\": \"m\", \"plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"plugins\": [], \"plugins\": []}")]
    [InlineData("{\"name\": \"m\", \"owner\": {\"a\": 1, \"a\": 1}, \"plugins\": []}")]
    [InlineData("[\"m\", null]")]
    [InlineData("[\"m\", null, [], 1]")]
    public void A_file_that_breaks_the_format_as_a_whole_is_an_error_with_its_place(string json)
    {
        _home.WriteCatalog("m", json);

        var failure = Assert.Throws<PluginMarketException>(() => Read("m"));

        Assert.Equal(MarketErrorCode.CatalogUnreadable, failure.Code);
        Assert.NotNull(failure.Line);
        Assert.NotNull(failure.Column);
        Assert.Equal(_home.Scratch["m/.agents/plugins/marketplace.json"], failure.File);
    }

    [Theory]
    [InlineData("[\"m\", null, [{\"name\": \"p\", \"source\": \"./p\"}]]", null)]
    [InlineData("[\"m\", [\"D\"], [{\"name\": \"p\", \"source\": \"./p\"}]]", "D")]
    [InlineData("{\"name\": \"m\", \"interface\": null, \"plugins\": [{\"name\": \"p\", \"source\": \"./p\"}]}", null)]
    [InlineData("{\"name\": \"m\", \"interface\": {}, \"plugins\": [{\"name\": \"p\", \"source\": \"./p\"}]}", null)]
    [InlineData("{\"name\": \"m\", \"interface\": {\"displayName\": null}, \"plugins\": [{\"name\": \"p\", \"source\": \"./p\", \"policy\": [\"AVAILABLE\", \"ON_INSTALL\", null]}]}", null)]
    [InlineData("{\"name\": \"m\", \"plugins\": [{\"name\": \"p\", \"source\": \"./p\", \"policy\": {\"installation\": {\"AVAILABLE\": null}, \"products\": null}}]}", null)]
    public void Odd_forms_that_Codex_reads_are_read(string json, string? displayName)
    {
        _home.WriteCatalog("m", json);

        var catalog = Read("m");

        Assert.Equal(displayName, catalog.DisplayName);
        Assert.True(Assert.Single(catalog.Entries).IsListed);
        Assert.Empty(catalog.CodexRefusals);
    }

    [Fact]
    public void Every_field_of_an_entry_is_read()
    {
        var catalog = new MarketplaceCatalogReader(_home.Environment).Read(SampleCatalogs.Complete, isRemote: false);

        Assert.Equal("Complete", catalog.DisplayName);
        Assert.Empty(catalog.CodexRefusals);
        var hello = Assert.Single(catalog.Named("hello"));
        Assert.Equal(("INSTALLED_BY_DEFAULT", "ON_USE", "Productivity"), (hello.Installation, hello.Authentication, hello.Category));
        Assert.Equal(["CODEX", "chatgpt"], hello.Products!);
        Assert.Equal("plugins/hello", Assert.IsType<LocalSource>(hello.Source).Path.Value);
        var bare = Assert.Single(catalog.Named("bare"));
        Assert.Equal(("AVAILABLE", "ON_INSTALL"), (bare.Installation, bare.Authentication));
        Assert.NotNull(bare.Fallback);
        Assert.Equal("plugins/bare", Assert.IsType<LocalSource>(bare.Source).Path.Value);
        Assert.Equal("v2", Assert.IsType<GitSource>(catalog.Named("com.example.remote")[0].Source).Ref);
        Assert.Equal("https://github.com/example/tools.git",
            Assert.IsType<GitSubdirectorySource>(catalog.Named("folder-of-remote")[0].Source).Url.Value);
        Assert.IsType<NpmSource>(catalog.Named("package")[0].Source);
        Assert.True(catalog.Named("unavailable")[0] is { IsListed: true, Installation: "NOT_AVAILABLE", Fallback: null });
        Assert.True(catalog.Named("elsewhere")[0] is { IsListed: false, IsHidden: true });
    }

    [Fact]
    public void A_bad_entry_is_skipped_with_its_place_and_hides_no_other()
    {
        var catalog = new MarketplaceCatalogReader(_home.Environment).Read(SampleCatalogs.BrokenEntries, isRemote: false);

        Assert.Equal(["ok", "con", "double", "Case", "case"], catalog.Entries.Where(entry => entry.IsListed).Select(entry => entry.Name));
        Assert.All(catalog.Entries.Where(entry => !entry.IsListed),
            entry => Assert.StartsWith($"line {entry.Line}, column ", entry.SkipReason, StringComparison.Ordinal));
        Assert.Null(catalog.Named("ok")[0].InstallRefusal);
        Assert.Equal(MarketErrorCode.NameInvalid, catalog.Named("con")[0].InstallRefusalCode);
        Assert.NotNull(catalog.Named("con")[0].InstallRefusal);
        Assert.All(catalog.Named("double"), entry => Assert.Equal(MarketErrorCode.PluginNameAmbiguous, entry.InstallRefusalCode));
        Assert.All(catalog.Named("Case").Concat(catalog.Named("case")),
            entry => Assert.Contains("letter case", entry.InstallRefusal, StringComparison.Ordinal));

        // What stops Codex's whole file, against what costs it only the entry.
        string[] fatal = ["wrong-enum", "wrong-authentication", "null-policy", "wrong-product", "wrong-category", "no-source", "twice"];
        string[] skipped = ["bad enum", "null-source", "github-source", "leaves", "no-dot", "twice-in-source", "unknown-twice"];
        Assert.All(fatal, name => Assert.Contains(catalog.CodexRefusals, problem => problem == catalog.Named(name)[0].SkipReason));
        Assert.All(skipped, name => Assert.DoesNotContain(catalog.CodexRefusals, problem => problem == catalog.Named(name)[0].SkipReason));
    }

    [Fact]
    public void A_byte_order_mark_is_read_over_and_bars_installing()
    {
        _home.Scratch.Write("m/.agents/plugins/marketplace.json",
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"name\": \"m\", \"plugins\": [{\"name\": \"p\", \"source\": \"./p\"}]}")]);

        var catalog = Read("m");

        Assert.True(catalog.HadBom);
        Assert.NotEmpty(catalog.CodexRefusals);
        var entry = Assert.Single(catalog.Entries);
        Assert.True(entry.IsListed);
        Assert.Equal(MarketErrorCode.CatalogUnreadable, entry.InstallRefusalCode);
        Assert.NotNull(entry.InstallRefusal);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("ä")]
    public void A_catalog_whose_name_is_none_lists_nothing(string name)
    {
        _home.WriteCatalog("m", $"{{\"name\": \"{name}\", \"plugins\": [{{\"name\": \"p\", \"source\": \"./p\"}}]}}");

        var catalog = Read("m");

        Assert.Null(catalog.ValidName);
        Assert.False(Assert.Single(catalog.Entries).IsListed);
    }

    [Fact]
    public void A_catalog_from_the_network_names_no_place_of_this_computer()
    {
        _home.WriteCatalog("m",
            "{\"name\": \"m\", \"plugins\": [{\"name\": \"p\", \"source\": {\"source\": \"url\", \"url\": \"/home/admin/private\"}}]}");

        Assert.True(new MarketplaceCatalogReader(_home.Environment).Read(_home.Scratch["m"], isRemote: false).Entries[0].IsListed);
        Assert.False(new MarketplaceCatalogReader(_home.Environment).Read(_home.Scratch["m"], isRemote: true).Entries[0].IsListed);
    }

    [Fact]
    public void Text_of_a_catalog_is_escaped()
    {
        _home.WriteCatalog("m",
            "{\"name\": \"m\\u001b[2J\", \"interface\": {\"displayName\": \"\\u202eD\"}, \"plugins\": [{\"name\": \"p\\u0007\", "
                + "\"source\": \"./p\", \"category\": \"c\\u001b\"}, {\"name\": \"q\", \"source\": \"./q\", \"category\": \"c\\u001b\"}]}");

        var catalog = Read("m");

        string?[] shown = [catalog.Name, catalog.DisplayName,
            .. catalog.Entries.SelectMany(entry => new[] { entry.Name, entry.Category, entry.SkipReason })];
        Assert.All(shown.OfType<string>(),
            text => Assert.DoesNotContain(text, character => char.IsControl(character) || character == '\u202e'));
        Assert.Contains("\\u{001B}", catalog.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_entries_are_refused()
    {
        var entries = string.Join(",", Enumerable.Repeat("{}", 11));
        _home.WriteCatalog("m", $"{{\"name\": \"m\", \"plugins\": [{entries}]}}");
        var environment = _home.Environment with { Limits = new Limits { CatalogEntries = 10 } };

        Assert.Equal(MarketErrorCode.LimitExceeded,
            Assert.Throws<PluginMarketException>(() => new MarketplaceCatalogReader(environment).Read(_home.Scratch["m"], false)).Code);
    }

    [Fact]
    public void A_catalog_is_read_once_per_reader()
    {
        var opened = new List<string>();
        var files = new FaultingFileOps { Watch = (operation, path) => { if (operation == "open") { opened.Add(path); } } };
        using var home = new TestHome(files);
        home.WriteMarketplace("m", "m", "one", "two");
        var reader = new MarketplaceCatalogReader(home.Environment);

        Assert.Same(reader.Read(home.Scratch["m"], false), reader.Read(home.Scratch["m"], false));
        Assert.Single(opened, path => path.EndsWith("marketplace.json", StringComparison.Ordinal));
    }

    private MarketplaceCatalog Read(string root) =>
        new MarketplaceCatalogReader(_home.Environment).Read(_home.Scratch[root], isRemote: false);
}
