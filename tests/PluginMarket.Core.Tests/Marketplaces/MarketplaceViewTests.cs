using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Contract 4.3 and 6: which marketplaces are in view, in which order, and what of broken ones.</summary>
[Trait("Category", "Fast")]
public sealed class MarketplaceViewTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_personal_catalog_comes_first_then_the_configured_ones_by_root_then_the_repository()
    {
        _home.WriteMarketplace("home", "zz-personal", "p");
        _home.RegisterLocal("first", _home.WriteMarketplace("z", "zeta", "p"));
        _home.RegisterLocal("second", _home.WriteMarketplace("a", "alpha", "p"));
        _home.WriteMarketplace("work", "repo", "p");

        var view = MarketplaceView.Open(_home.Environment);

        Assert.Empty(view.Failures);
        Assert.Equal(["zz-personal", "alpha", "zeta", "repo"], view.Marketplaces.Select(open => open.Name));
        Assert.Equal(
            [MarketplaceScope.Personal, MarketplaceScope.User, MarketplaceScope.User, MarketplaceScope.Repository],
            view.Marketplaces.Select(open => open.Location.Scope));
        Assert.Equal([false, false, false, true], view.Marketplaces.Select(open => open.Location.RequiresTrust));
    }

    [Fact]
    public void The_location_itself_and_then_its_git_root_are_searched()
    {
        _home.WriteMarketplace("repo", "outer", "p");
        _home.WriteMarketplace("repo/sub", "inner", "p");
        _home.Scratch.MakeFolder("repo/.git");
        _home.Scratch.MakeFolder("repo/sub/deep");

        Assert.Equal(["inner", "outer"], NamesAt("repo/sub"));
        Assert.Equal(["outer"], NamesAt("repo/sub/deep"));
        Assert.Equal(["outer"], NamesAt("repo"));
        Assert.Empty(NamesAt("work"));
    }

    [Fact]
    public void A_broken_configured_marketplace_is_a_failure_of_its_own()
    {
        _home.RegisterLocal("good", _home.WriteMarketplace("good", "good", "p"));
        _home.RegisterLocal("gone", _home.Scratch["gone"]);
        _home.RegisterLocal("broken", _home.WriteCatalog("broken", "{"));
        File.AppendAllText(_home.ConfigPath,
            "[marketplaces.\"a b\"]\nsource_type = \"local\"\nsource = \"/x\"\n[marketplaces.nosource]\nsource_type = "
                + "\"local\"\n[marketplaces.git]\nsource_type = \"git\"\nsource = \"https://git.example.com/r\"\n");

        var view = MarketplaceView.Open(_home.Environment);

        Assert.Equal(["good"], view.Marketplaces.Select(open => open.Name));
        Assert.Equal(["a b", "broken", "git", "gone", "nosource"],
            view.Failures.Select(failure => failure.Target).Order(StringComparer.Ordinal));
        Assert.Equal(MarketErrorCode.NameInvalid, view.Failures.Single(failure => failure.Target == "a b").Code);
        Assert.NotNull(view.Failures.Single(failure => failure.Target == "broken").Line);
        Assert.Contains("Update-PluginMarketplace",
            view.Failures.Single(failure => failure.Target == "git").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_names_are_ignored_as_key_and_as_name()
    {
        _home.RegisterLocal("openai-curated", _home.WriteMarketplace("a", "fine", "p"));
        _home.RegisterLocal("fine", _home.WriteMarketplace("b", "openai-bundled", "p"));
        _home.WriteMarketplace("home", "workspace-directory", "p");

        var view = MarketplaceView.Open(_home.Environment);

        Assert.Empty(view.Marketplaces);
        Assert.Empty(view.Failures);
    }

    [Fact]
    public void One_root_under_two_keys_is_listed_once()
    {
        var root = _home.WriteMarketplace("m", "m", "p");
        _home.RegisterLocal("one", root);
        _home.RegisterLocal("two", root);

        Assert.Single(MarketplaceView.Open(_home.Environment).Marketplaces);
    }

    [Fact]
    public void A_registered_personal_catalog_stays_first_and_is_registered()
    {
        _home.WriteMarketplace("home", "mine", "p");
        _home.RegisterLocal("mine", _home.Home);

        var open = Assert.Single(MarketplaceView.Open(_home.Environment).Marketplaces);

        Assert.Equal(MarketplaceScope.Personal, open.Location.Scope);
        Assert.True(open.Location.IsRegistered);
    }

    [Fact]
    public void With_plugins_switched_off_nothing_is_in_view()
    {
        _home.WriteMarketplace("home", "mine", "p");
        _home.WriteConfig("[features]\nplugins = false\n");

        Assert.Empty(MarketplaceView.Open(_home.Environment).Marketplaces);
        Assert.NotEmpty(_home.Log.Warnings);
    }

    [Fact]
    public void A_marketplace_of_the_system_is_in_view_and_says_so()
    {
        var root = _home.WriteMarketplace("m", "corp", "p");
        _home.Scratch.Write("etc/config.toml", $"[marketplaces.corp]\nsource_type = \"local\"\nsource = '{root}'\n");

        var open = Assert.Single(MarketplaceView.Open(_home.Environment).Marketplaces);

        Assert.Equal(MarketplaceScope.System, open.Location.Scope);
        Assert.Equal(_home.Scratch["etc/config.toml"], open.Location.Configured!.File);
    }

    [Fact]
    public void A_path_is_a_root_or_a_catalog_file_and_a_registered_one_keeps_its_registration()
    {
        var root = _home.WriteMarketplace("m", "m", "p");
        var file = _home.Scratch["m/.agents/plugins/marketplace.json"];

        Assert.All([root, file, root + "/"], path => Assert.Equal((MarketplaceScope.Path, root), ScopeAndRoot(path)));
        _home.RegisterLocal("m", root);
        Assert.All([root, file], path => Assert.Equal((MarketplaceScope.User, root), ScopeAndRoot(path)));
        var view = MarketplaceView.Open(_home.Environment, [_home.Scratch.Write("m/loose.json", "{}"), _home.Scratch["missing"]]);
        Assert.Equal([MarketErrorCode.CatalogUnreadable, MarketErrorCode.CatalogUnreadable], view.Failures.Select(failure => failure.Code));
    }

    [Fact]
    public void Of_two_marketplaces_with_one_name_the_first_that_can_use_the_plugin_counts()
    {
        _home.WriteCatalog("home",
            "{\"name\": \"m\", \"plugins\": [{\"name\": \"both\", \"source\": \"./both\"}, {\"name\": \"broken\", \"source\": 5}]}");
        _home.RegisterLocal("m", _home.WriteMarketplace("m", "m", "both", "broken", "second"));
        var view = MarketplaceView.Open(_home.Environment);

        Assert.Equal(_home.Home, Assert.Single(view.Locate("both", "m")).Marketplace.Location.Root);
        Assert.Equal(_home.Scratch["m"], Assert.Single(view.Locate("broken", "m")).Marketplace.Location.Root);
        Assert.Equal(_home.Scratch["m"], Assert.Single(view.Locate("second")).Marketplace.Location.Root);
        Assert.Empty(view.Locate("none"));
        Assert.Empty(view.Locate("both", "other"));
    }

    [Fact]
    public void A_name_in_two_marketplaces_is_found_in_both()
    {
        _home.RegisterLocal("a", _home.WriteMarketplace("a", "a", "p"));
        _home.RegisterLocal("b", _home.WriteMarketplace("b", "b", "p"));

        Assert.Equal(["a", "b"], MarketplaceView.Open(_home.Environment).Locate("p").Select(found => found.Marketplace.Name));
    }

    private IEnumerable<string> NamesAt(string location)
    {
        _home.Change(environment => environment with { WorkingDirectory = _home.Scratch[location] });
        return MarketplaceView.Open(_home.Environment).Marketplaces.Select(open => open.Name);
    }

    private (MarketplaceScope Scope, string Root) ScopeAndRoot(string path)
    {
        var open = Assert.Single(MarketplaceView.Open(_home.Environment, [path]).Marketplaces);
        return (open.Location.Scope, open.Catalog.Root);
    }
}
