using PluginMarket.Home;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class ConfigurationLayersTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly MarketEnvironment _environment;

    public ConfigurationLayersTests() => _environment = _scratch.Environment() with { WorkingDirectory = _scratch["repo/sub/deep"] };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Nothing_anywhere_is_nothing()
    {
        Directory.Delete(_environment.CodexHome);
        var layers = Read();

        Assert.Empty(layers.Marketplaces);
        Assert.Empty(layers.Plugins);
        Assert.Empty(layers.Files);
        Assert.True(layers.PluginsFeatureEnabled);
        Assert.Equal(new MarketplaceRequirements(false, layers.Requirements.AllowedSources, null, null, null), layers.Requirements);
        Assert.False(Directory.Exists(_environment.CodexHome));
    }

    [Fact]
    public void A_later_layer_wins_key_by_key()
    {
        Git("repo");
        System("[marketplaces.corp]\nsource_type = \"git\"\nsource = \"https://host/corp.git\"\nref = "
            + "\"stable\"\n[plugins.\"s@corp\"]\n[plugins.\"t@corp\"]\nenabled = true\n");
        User(Trusting("repo") + "[marketplaces.mine]\nsource_type = \"local\"\nsource = \"/mine\"\nsparse_paths = [\"a\"]\nlast_updated = "
            + "\"2026-01-01T00:00:00Z\"\n[marketplaces.corp]\nref = \"dev\"\n[plugins.\"a@mine\"]\n[plugins.\"b@mine\"]\nenabled = "
            + "true\n[plugins.\"c@mine\"]\nenabled = false\n[plugins.\"t@corp\"]\nenabled = false\n");
        Project("repo", "[plugins.\"c@mine\"]\nenabled = true\n[plugins.\"d@mine\"]\nenabled = true\n");
        Project("repo/sub", "[plugins.\"d@mine\"]\nenabled = false\n");
        Managed("[plugins.\"b@mine\"]\nenabled = false\n[marketplaces.forced]\nsource_type = \"local\"\nsource = \"/f\"\n");
        var layers = Read();

        Assert.Equal(["corp", "forced", "mine"], layers.Marketplaces.Select(marketplace => marketplace.Name));
        var corp = layers.FindMarketplace("corp")!;
        Assert.Equal(("git", "https://host/corp.git", "dev", ConfigurationLayer.User, true),
            (corp.SourceType, corp.Source, corp.Ref, corp.Layer, corp.InUserLayer));
        var mine = layers.FindMarketplace("mine")!;
        Assert.Equal(["a"], mine.SparsePaths);
        Assert.Equal("2026-01-01T00:00:00Z", mine.LastUpdated);
        Assert.Equal((ConfigurationLayer.Managed, _scratch["etc/managed_config.toml"]),
            (layers.FindMarketplace("forced")!.Layer, layers.FindMarketplace("forced")!.File));

        var states = layers.Plugins.ToDictionary(plugin => plugin.Id,
            plugin => (plugin.Enabled, plugin.Layer, plugin.UserEnabled), StringComparer.Ordinal);
        Assert.Equal((true, ConfigurationLayer.User, (bool?)true), states["a@mine"]);
        Assert.Equal((false, ConfigurationLayer.Managed, true), states["b@mine"]);
        Assert.Equal((true, ConfigurationLayer.Project, false), states["c@mine"]);
        Assert.Equal((false, ConfigurationLayer.Project, null), states["d@mine"]);
        Assert.Equal((true, ConfigurationLayer.System, null), states["s@corp"]);
        Assert.Equal((false, ConfigurationLayer.User, false), states["t@corp"]);
        Assert.Equal(_scratch["repo/sub/.codex/config.toml"], layers.FindPlugin("d@mine")!.File);
        Assert.True(layers.IsEffectivelyEnabled("a@mine"));
        Assert.False(layers.IsEffectivelyEnabled("b@mine"));
        Assert.False(layers.IsEffectivelyEnabled("nobody@mine"));
    }

    [Fact]
    public void What_is_not_the_users_is_refused_with_its_file()
    {
        Git("repo");
        System("[marketplaces.corp]\nsource = \"x\"\n[plugins.\"s@corp\"]\nenabled = true\n");
        User(Trusting("repo") + "[marketplaces.mine]\nsource = \"y\"\n[plugins.\"a@mine\"]\n[plugins.\"b@mine\"]\n[plugins.\"c@mine\"]\n");
        Project("repo", "[plugins.\"c@mine\"]\nenabled = true\n");
        Managed("[plugins.\"b@mine\"]\nenabled = false\n");
        var layers = Read();

        layers.DemandUserMarketplace("mine");
        layers.DemandUserMarketplace("unknown");
        layers.DemandUserPlugin("a@mine");
        layers.DemandUserPlugin("s@corp");
        layers.DemandUserPlugin("new@mine", removing: true);
        Refused(() => layers.DemandUserMarketplace("corp"), "corp", "etc/config.toml");
        Refused(() => layers.DemandUserPlugin("s@corp", removing: true), "s@corp", "etc/config.toml");
        Refused(() => layers.DemandUserPlugin("b@mine"), "b@mine", "etc/managed_config.toml");
        Refused(() => layers.DemandUserPlugin("c@mine"), "c@mine", "repo/.codex/config.toml");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("[projects.\"{repo}\"]\ntrust_level = \"trusted\"\n", true)]
    [InlineData("[projects.\"{repo}\"]\ntrust_level = \"untrusted\"\n", false)]
    [InlineData("[projects.\"{repo}/sub\"]\ntrust_level = \"untrusted\"\n[projects.\"{repo}\"]\ntrust_level = \"trusted\"\n", false)]
    [InlineData("[projects.\"{repo}/sub\"]\ntrust_level = \"trusted\"\n", true)]
    [InlineData("[projects.\"{repo}/sub/deep\"]\ntrust_level = \"trusted\"\n", false)]
    public void A_project_has_a_say_only_where_it_is_trusted(string user, bool expected)
    {
        Git("repo");
        User(user.Replace("{repo}", _scratch["repo"], StringComparison.Ordinal));
        Project("repo/sub", "[plugins.\"x@y\"]\nenabled = true\n");

        Assert.Equal(expected, Read().IsEffectivelyEnabled("x@y"));
    }

    [Fact]
    public void A_link_to_a_trusted_project_is_trusted_and_a_project_cannot_trust_itself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        Git("repo");
        Project("repo", Trusting("repo") + "[plugins.\"x@y\"]\n");
        Assert.False(Read().IsEffectivelyEnabled("x@y"));

        User(Trusting("repo"));
        File.CreateSymbolicLink(_scratch["link"], "repo");
        Assert.True(ConfigurationLayers.Read(_environment with { WorkingDirectory = _scratch["link"] }).IsEffectivelyEnabled("x@y"));
        Assert.False(ConfigurationLayers.Read(_environment with { WorkingDirectory = null }).IsEffectivelyEnabled("x@y"));
    }

    [Fact]
    public void A_linked_work_tree_is_trusted_with_its_repository()
    {
        Git("main");
        _scratch.MakeFolder("main/.git/worktrees/w");
        _scratch.Write("tree/.git", $"gitdir: {_scratch["main/.git/worktrees/w"]}\n");
        Project("tree", "[plugins.\"x@y\"]\n");
        User(Trusting("main"));

        Assert.True(ConfigurationLayers.Read(_environment with { WorkingDirectory = _scratch["tree"] }).IsEffectivelyEnabled("x@y"));
    }

    [Fact]
    public void Folders_above_the_project_do_not_count_and_the_home_is_not_a_project()
    {
        Git("repo");
        User(Trusting("repo") + $"[projects.\"{_scratch.Path}\"]\ntrust_level = "
            + $"\"trusted\"\n[projects.\"{_scratch["home"]}\"]\ntrust_level = \"trusted\"\n[plugins.\"u@y\"]\n");
        _scratch.Write(".codex/config.toml", "[plugins.\"x@y\"]\n");

        Assert.Null(Read().FindPlugin("x@y"));
        Assert.Equal(ConfigurationLayer.User,
            ConfigurationLayers.Read(_environment with { WorkingDirectory = _scratch["home"] }).FindPlugin("u@y")!.Layer);
    }

    [Theory]
    [InlineData("[features]\nplugins = false\n", "", false)]
    [InlineData("[features]\nplugins = true\n", "", true)]
    [InlineData("", "[features]\nplugins = false\n", false)]
    [InlineData("[features]\nplugins = false\n", "[features]\nplugins = true\n", true)]
    public void The_plugins_feature_is_the_administrators_first(string user, string requirements, bool expected)
    {
        User(user + "[plugins.\"x@y\"]\n");
        Requirements(requirements);
        var layers = Read();

        Assert.Equal(expected, layers.PluginsFeatureEnabled);
        Assert.Equal(expected, layers.IsEffectivelyEnabled("x@y"));
    }

    [Fact]
    public void Allowed_sources_are_read()
    {
        Requirements("""
            [marketplaces]
            restrict_to_allowed_sources = true
            [marketplaces.allowed_sources.a]
            source = "git"
            url = "https://host/a.git"
            ref = "main"
            path = "irrelevant"
            [marketplaces.allowed_sources.b]
            source = "host_pattern"
            host_pattern = "^.*\\.corp$"
            [marketplaces.allowed_sources.c]
            source = "local"
            path = "/srv/catalog"
            """);
        var requirements = Read().Requirements;

        Assert.True(requirements.Restricted);
        Assert.Null(requirements.Refusal);
        Assert.Equal(_scratch["etc/requirements.toml"], requirements.File);
        Assert.Equal([new("a", "git", "https://host/a.git", "main"), new("b", "host_pattern", "^.*\\.corp$", null),
            new AllowedSource("c", "local", "/srv/catalog", null)], requirements.AllowedSources);
    }

    [Theory]
    [InlineData("source = \"git\"\nref = \"x\"", "missing url")]
    [InlineData("url = \"x\"", "missing source")]
    [InlineData("source = \"local\"", "missing path")]
    public void An_incomplete_rule_is_a_problem(string rule, string problem)
    {
        Requirements("[marketplaces.allowed_sources.a]\n" + rule + "\n");

        Assert.EndsWith(problem, Read().Requirements.Refusal, StringComparison.Ordinal);
        Assert.Empty(Read().Requirements.AllowedSources);
    }

    [Theory]
    [InlineData("etc/config.toml", "a = \n")]
    [InlineData("etc/managed_config.toml", "a = \n")]
    [InlineData("etc/requirements.toml", "a = \n")]
    [InlineData("home/.codex/config.toml", "a = \n")]
    [InlineData("etc/requirements.toml", "[marketplaces.allowed_sources.a]\nsource = \"git\"\nurl = \"x\"\nother = 1\n")]
    [InlineData("etc/requirements.toml", "[marketplaces.allowed_sources.a]\nsource = \"svn\"\n")]
    [InlineData("etc/requirements.toml", "[marketplaces.allowed_sources]\na = 1\n")]
    public void A_broken_file_is_named(string file, string text)
    {
        _scratch.Write(file, text);
        var error = Assert.Throws<PluginMarketException>(Read);

        Assert.Equal((MarketErrorCode.ConfigInvalid, _scratch[file]), (error.Code, error.File));
    }

    [Theory]
    [InlineData("[marketplaces]\ncorp = 5\n", 2, 8, "'marketplaces.corp' must be a table, not a number")]
    [InlineData("[plugins]\nx = 3\n", 2, 5, "'plugins.x' must be a table, not a number")]
    [InlineData("plugins = 3\n", 1, 11, "'plugins' must be a table, not a number")]
    [InlineData("# é\nmarketplaces = []\n", 2, 16, "'marketplaces' must be a table, not an array")]
    [InlineData("\n[[plugins]]\na = 1\n", 2, 1, "'plugins' must be a table, not an array of tables")]
    [InlineData("[marketplaces.corp]\nsource = 5\n", 2, 10, "'marketplaces.corp.source' must be a string")]
    [InlineData("[marketplaces.corp]\nsource_type = true\n", 2, 15, "'marketplaces.corp.source_type' must be \"git\" or \"local\", not true or false")]
    [InlineData("[marketplaces.corp]\nsource_type = \"svn\"\nsource = \"/x\"\n", 2, 15, "'marketplaces.corp.source_type' must be \"git\" or \"local\", not another text")]
    [InlineData("[marketplaces.corp]\nsource_type = \"Git\"\n", 2, 15, "'marketplaces.corp.source_type' must be \"git\" or \"local\", not another text")]
    [InlineData("marketplaces.corp.ref = 2026\n", 1, 25, "'marketplaces.corp.ref' must be a string, not a number")]
    [InlineData("marketplaces.corp.auto_update = \"x\"\n", 1, 33, "'marketplaces.corp.auto_update' must be true or false, not a string")]
    [InlineData("marketplaces.corp.last_revision = 1\n", 1, 35, "'marketplaces.corp.last_revision' must be a string, not a number")]
    [InlineData("projects = 1\n", 1, 12, "'projects' must be a table, not a number")]
    [InlineData("[projects]\n\"/p\" = \"trusted\"\n", 2, 8, "'projects.\"/p\"' must be a table, not a string")]
    [InlineData("projects.\"/p\".trust_level = \"Trusted\"\n", 1, 29, "'projects.\"/p\".trust_level' must be \"trusted\" or \"untrusted\", not another text")]
    [InlineData("[plugins.\"p@m\".mcp_servers.s]\nenabled = 1\n", 2, 11, "'plugins.\"p@m\".mcp_servers.s.enabled' must be true or false, not a number")]
    [InlineData("[hooks.state.\"p@m:x\"]\nenabled = 1\n", 2, 11, "'hooks.state.\"p@m:x\".enabled' must be true or false, not a number")]
    [InlineData("[[skills.config]]\npath = \"/x\"\n", 1, 1, "every table of 'skills.config' needs 'enabled', true or false")]
    [InlineData("model = 1\n", 1, 9, "'model' must be a string, not a number")]
    [InlineData("[marketplaces.corp]\nsparse_paths = [\"a\", 1]\n", 2, 16, "'marketplaces.corp.sparse_paths' must be an array of strings")]
    [InlineData("plugins = { \"a@b\" = { enabled = \"yes\" } }\n", 1, 33, "'plugins.\"a@b\".enabled' must be true or false, not a string")]
    [InlineData("[features]\nplugins = 3\n", 2, 11, "'features.plugins' must be true or false")]
    [InlineData("features = 3\n", 1, 12, "'features' must be a table")]
    public void A_value_of_the_wrong_type_is_told_as_Codex_tells_it(string text, int line, int column, string problem)
    {
        foreach (var file in new[] { "home/.codex/config.toml", "etc/config.toml", "etc/managed_config.toml" })
        {
            _scratch.Write(file, text);
            var error = Assert.Throws<PluginMarketException>(Read);

            Assert.Equal((MarketErrorCode.ConfigInvalid, _scratch[file], line, column), (error.Code, error.File, error.Line, error.Column));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Equal(text, File.ReadAllText(_scratch[file]));
            File.Delete(_scratch[file]);
        }
    }

    [Theory]
    [InlineData("marketplaces = 1\n", 1, 16)]
    [InlineData("[marketplaces]\nrestrict_to_allowed_sources = \"yes\"\n", 2, 31)]
    [InlineData("[marketplaces]\nrestrict_to_allowed_sources = true\nallowed_sources = []\n", 3, 19)]
    [InlineData("[marketplaces.allowed_sources.a]\nsource = \"git\"\nurl = \"x\"\nref = 1\n", 4, 7)]
    [InlineData("[features]\nplugins = 0\n", 2, 11)]
    public void A_rule_of_the_administrator_with_a_wrong_type_does_not_count_as_none(string text, int line, int column)
    {
        Requirements(text);
        var error = Assert.Throws<PluginMarketException>(Read);

        Assert.Equal((MarketErrorCode.ConfigInvalid, line, column), (error.Code, error.Line, error.Column));
    }

    [Fact]
    public void A_broken_file_of_an_untrusted_project_harms_nobody()
    {
        Git("repo");
        Project("repo", "a = \n");
        Assert.Empty(Read().Files);

        User(Trusting("repo"));
        Assert.Equal(_scratch["repo/.codex/config.toml"], Assert.Throws<PluginMarketException>(Read).File);
    }

    [Fact]
    public void Only_a_file_can_be_read()
    {
        _scratch.MakeFolder("home/.codex/config.toml");

        Assert.Equal(MarketErrorCode.ConfigInvalid, Assert.Throws<PluginMarketException>(Read).Code);
    }

    private ConfigurationLayers Read() => ConfigurationLayers.Read(_environment);

    private void Refused(Action demand, string target, string file)
    {
        var error = Assert.Throws<PluginMarketException>(demand);
        Assert.Equal((MarketErrorCode.ManagedByAdministrator, target, _scratch[file]), (error.Code, error.Target, error.File));
        Assert.Contains(_scratch[file], error.Message, StringComparison.Ordinal);
    }

    private void Git(string folder)
    {
        _scratch.MakeFolder(folder + "/.git");
        _scratch.MakeFolder(folder + "/sub/deep");
    }

    private string Trusting(string folder) => $"[projects.'{_scratch[folder]}']\ntrust_level = \"trusted\"\n";

    private void System(string text) => _scratch.Write("etc/config.toml", text);

    private void Managed(string text) => _scratch.Write("etc/managed_config.toml", text);

    private void Requirements(string text) => _scratch.Write("etc/requirements.toml", text);

    private void User(string text) => _scratch.Write("home/.codex/config.toml", text);

    private void Project(string folder, string text) => _scratch.Write(folder + "/.codex/config.toml", text);
}
