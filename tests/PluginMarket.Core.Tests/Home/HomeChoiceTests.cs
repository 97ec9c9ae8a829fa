using PluginMarket.Diagnosis;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Home;

/// <summary>Which home a call works with, and what becomes of one that cannot be used: never another home.</summary>
[Trait("Category", "Fast")]
public sealed class HomeChoiceTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public HomeChoiceTests()
    {
        _scratch.MakeFolder("user/.codex");
        _scratch.MakeFolder("work/job/.codex");
        _scratch.Write("work/file", "");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_scratch["work/link"], _scratch["user/.codex"]);
            File.CreateSymbolicLink(_scratch["work/dangling"], _scratch["nowhere"]);
        }
    }

    [Theory]
    [InlineData(null, null, "user/.codex")]
    [InlineData(null, "", "user/.codex")]
    [InlineData(null, "job/.codex", "work/job/.codex")]
    [InlineData(null, "./job/.codex/", "work/job/.codex")]
    [InlineData(null, "/work/job/.codex", "work/job/.codex")]
    [InlineData("job/.codex", "missing", "work/job/.codex")]
    [InlineData("/user/.codex", "job/.codex", "user/.codex")]
    [InlineData(null, "link", "work/link")]
    public void A_home_that_is_there_is_used_as_it_is_named(string? parameter, string? variable, string expected)
    {
        var environment = Environment(parameter, variable, creates: false);

        Assert.Equal(_scratch[expected], environment.CodexHome);
        Assert.True(AgentHome.Open(environment).Exists);
        Assert.Equal(_scratch["user"], environment.HomePath);
    }

    [Theory]
    [InlineData(null, "missing", false)]
    [InlineData(null, "missing", true)]
    [InlineData(null, "/work/missing", false)]
    [InlineData(null, "~/.codex", false)]
    [InlineData(null, "~/.codex", true)]
    [InlineData(null, "file", true)]
    [InlineData(null, "/work/file", true)]
    [InlineData(null, " ", false)]
    [InlineData(null, "dangling", true)]
    [InlineData("typo/.codex", null, false)]
    [InlineData("~/.codex", null, true)]
    [InlineData("/work/file", null, true)]
    public void A_home_that_cannot_be_used_is_an_error_that_names_it(string? parameter, string? variable, bool creates)
    {
        var environment = Environment(parameter, variable, creates);

        var failure = Assert.Throws<PluginMarketException>(() => ConfigurationLayers.Read(environment));

        Assert.Equal(MarketErrorCode.HomeNotFound, failure.Code);
        Assert.StartsWith($"failed to resolve {(parameter is null ? "CODEX_HOME" : "-CodexHome")}: '{environment.CodexHome}'",
            failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(environment.CodexHome));
        Assert.Equal(MarketErrorCode.HomeNotFound,
            Assert.Throws<PluginMarketException>(() => new InstalledPluginQuery(environment).List(new InstalledPluginRequest())).Code);
    }

    [Theory]
    [InlineData(null, "/work/new/.codex")]
    [InlineData("new/.codex", null)]
    [InlineData("/work/new/.codex", "missing")]
    public async Task A_command_that_installs_creates_a_home_that_is_named_by_its_whole_path(string? parameter, string? variable)
    {
        var environment = Environment(parameter, variable, creates: true);
        _scratch.Write("market/.agents/plugins/marketplace.json", """{ "name": "mk", "plugins": [] }""");

        await new MarketplaceRegistry(environment).AddAsync(new MarketplaceAddRequest { Source = _scratch["market"] });

        Assert.True(File.Exists(_scratch["work/new/.codex/config.toml"]));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch["user/.codex"]));
    }

    [Fact]
    public void A_default_home_that_is_missing_counts_as_empty_as_Codex_has_it()
    {
        Directory.Delete(_scratch["user/.codex"]);

        Assert.Empty(new InstalledPluginQuery(Environment(null, null, creates: false)).List(new InstalledPluginRequest()).Plugins);
    }

    [Fact]
    public void The_personal_catalog_follows_the_user_and_never_the_home_of_the_agent()
    {
        _scratch.Write("work/repo/.agents/plugins/marketplace.json", """{ "name": "stranger", "plugins": [] }""");
        _scratch.MakeFolder("work/repo/.codex");
        var environment = Environment(null, "repo/.codex", creates: true) with { WorkingDirectory = _scratch["work/repo"] };

        var found = Assert.Single(MarketplaceView.Open(environment).Marketplaces);

        Assert.Equal(("stranger", MarketplaceScope.Repository), (found.Name, found.Location.Scope));
    }

    [Theory]
    [InlineData("/user", "/work", "user")]
    [InlineData("", "/work", "work")]
    [InlineData("relative", "/work", "work")]
    public void The_user_is_the_first_whole_path_of_HOME_and_USERPROFILE(string home, string profile, string expected)
    {
        var variables = new Dictionary<string, string> { ["HOME"] = Rooted(home)!, ["USERPROFILE"] = Rooted(profile)! };

        var environment = MarketEnvironment.Of(null, null, _scratch["work"], variables, createsHome: false);

        Assert.Equal(_scratch[expected], environment.HomePath);
        Assert.Equal(_scratch[expected + "/.codex"], environment.CodexHome);
    }

    [Fact]
    public async Task A_diagnosis_reports_the_home_and_does_not_fail()
    {
        var checks = await new EnvironmentDiagnosis(Environment(null, "missing", creates: false)).RunAsync();

        var home = Assert.Single(checks, check => check.Name == "Home");
        Assert.Equal("Failed", home.Status);
        Assert.Contains("failed to resolve CODEX_HOME", home.Message, StringComparison.Ordinal);
        Assert.Contains(checks, check => check.Name == "Git");
    }

    public void Dispose() => _scratch.Dispose();

    private MarketEnvironment Environment(string? parameter, string? variable, bool creates)
    {
        var variables = new Dictionary<string, string>(_scratch.Environment().Variables) { ["HOME"] = _scratch["user"] };
        if (variable is not null)
        {
            variables["CODEX_HOME"] = Rooted(variable)!;
        }

        return MarketEnvironment.Of(Rooted(parameter), null, _scratch["work"], variables, creates) with
        {
            SystemConfigurationFolder = _scratch["etc"],
        };
    }

    private string? Rooted(string? path) => path?.StartsWith('/') == true ? _scratch[path[1..]] : path;
}
