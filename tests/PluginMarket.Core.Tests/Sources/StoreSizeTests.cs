using PluginMarket.Files;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

[Trait("Category", "Fast")]
public sealed class StoreSizeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void All_files_below_a_folder_count_and_links_are_not_followed()
    {
        _scratch.Write("store/a", new byte[600]);
        _scratch.Write("store/deep/er/b", new byte[500]);
        _scratch.Write("elsewhere/c", new byte[100_000]);
        Directory.CreateSymbolicLink(_scratch["store/link"], _scratch["elsewhere"]);

        Assert.True(StoreSize.Exceeds(FileOps.Default, _scratch["store"], 1099));
        Assert.False(StoreSize.Exceeds(FileOps.Default, _scratch["store"], 60_000));
        Assert.False(StoreSize.Exceeds(FileOps.Default, _scratch["missing"], 0));
    }

    [Fact]
    public void A_file_that_cannot_be_examined_does_not_hide_the_others()
    {
        _scratch.Write("store/a", new byte[10]);
        _scratch.Write("store/b", new byte[1000]);
        var files = new FaultingFileOps { At = 2, Failure = (_, path) => new IOException(path) };

        Assert.True(StoreSize.Exceeds(files, _scratch["store"], 900));
        Assert.Equal(_scratch["store/a"], files.Calls[1].Split(' ')[^1]);
    }
}
