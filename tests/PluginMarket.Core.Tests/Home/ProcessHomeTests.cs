using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class ProcessHomeTests
{
    /// <summary>A repository cannot redirect the home (threat E13).</summary>
    [Fact]
    public void Files_of_the_callers_folder_do_not_move_the_home()
    {
        using var scratch = new ScratchFolder();
        scratch.Write(".env", $"CODEX_HOME={scratch["hostile"]}\nHOME={scratch["hostile"]}\n");
        scratch.MakeFolder(".codex");

        var outside = MarketEnvironment.FromProcess(null, null, null, SilentActivityLog.Instance);
        var inside = MarketEnvironment.FromProcess(null, null, scratch.Path, SilentActivityLog.Instance);

        Assert.Equal((outside.CodexHome, outside.HomePath), (inside.CodexHome, inside.HomePath));
        Assert.DoesNotContain(scratch.Path, inside.CodexHome + inside.HomePath, StringComparison.Ordinal);
    }
}
