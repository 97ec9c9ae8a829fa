using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_surface_of_the_core_is_the_one_on_record() =>
        Assert.Null(PublicSurface.Compare(typeof(Plugin).Assembly.Location, "PluginMarket.Core", "PluginMarket.Core.Tests"));
}
