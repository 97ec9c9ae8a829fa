using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests;

[Trait("Category", "Fast")]
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_surface_of_the_cmdlets_is_the_one_on_record() => Assert.Null(PublicSurface.Compare(
        Path.Join(RepositoryRoot.Path, "module", "bin", "PluginMarket.Cmdlets.dll"), "PluginMarket.Cmdlets", "PluginMarket.Module.Tests"));
}
