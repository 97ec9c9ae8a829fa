using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class AgentHomeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_missing_home_is_made_for_its_owner_alone()
    {
        var home = AgentHome.Open(_scratch.Environment() with { CodexHome = _scratch["new/.codex"] });
        Assert.False(home.Exists);

        home.EnsureExists();
        home.EnsureExists();

        Assert.True(home.Exists);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(home.Path) == FileOps.PrivateFolder);
    }

    [Fact]
    public void One_folder_under_two_names_is_one_home()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        var environment = _scratch.Environment();
        File.CreateSymbolicLink(_scratch["link"], "home/.codex");
        var home = AgentHome.Open(environment);

        Assert.True(home.IsAt(environment.CodexHome + "/"));
        Assert.True(home.IsAt(_scratch["link"]));
        Assert.True(AgentHome.Open(environment with { CodexHome = _scratch["link"] }).IsAt(environment.CodexHome));
        Assert.False(home.IsAt(_scratch["home"]));
        Assert.False(home.IsAt(_scratch["missing"]));
        Assert.False(home.IsAt(".codex"));
    }

    [Fact]
    public void A_linked_home_is_a_home()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a right on Windows");
        var environment = _scratch.Environment();
        File.CreateSymbolicLink(_scratch["link"], "home/.codex");

        Assert.True(AgentHome.Open(environment with { CodexHome = _scratch["link"] }).Exists);
    }

    [Fact]
    public void A_file_at_the_path_of_the_home_is_an_error()
    {
        _scratch.Write("file", "");
        var home = AgentHome.Open(_scratch.Environment() with { CodexHome = _scratch["file"] });

        Assert.False(home.Exists);
        Assert.Equal(MarketErrorCode.HomeNotWritable, Assert.Throws<PluginMarketException>(home.EnsureExists).Code);
    }

    [Fact]
    public void Places_in_the_home_are_those_of_the_contract()
    {
        var environment = _scratch.Environment();
        var home = AgentHome.Open(environment);

        Assert.Equal(_scratch["home/.codex/config.toml"], home.ConfigPath);
        Assert.Equal(_scratch["home/.codex/.tmp/marketplaces/.staging.lock"], home.MarketplacesLockPath);
        Assert.Equal(_scratch["home/.codex/plugins/cache"], home.CachePath);
        Assert.Equal(environment.Home.State.Layout.StatePath, home.StatePath);
    }
}
