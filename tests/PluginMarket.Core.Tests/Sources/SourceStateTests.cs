using PluginMarket.Files;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>A folder that is replaced while it is copied is taken in one state or not at all.</summary>
[Trait("Category", "Fast")]
public sealed class SourceStateTests : IDisposable
{
    private readonly TestShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("the plugin's folder")]
    [InlineData("the folder around it")]
    [InlineData("the marketplace")]
    [InlineData("a folder in it")]
    [InlineData("one file")]
    [InlineData("one file's bytes")]
    [InlineData("one file's bytes and time")]
    [InlineData("a file that is added")]
    [InlineData("a file that is removed")]
    public async Task A_source_that_is_replaced_once_is_read_again(string part)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && part == "one file's bytes and time",
            "Windows has no time of a change that a program cannot set.");
        Write("shop", 1);
        Write("next", 2);
        var copy = new DuringCopy(_shop.Scratch, (files, times) => times == 1, () => Replace(part));
        _shop.Environment = _shop.Environment with { Files = copy };

        var result = await _shop.InstallAsync("tool@shop");

        Assert.True(copy.Count >= 1);
        Assert.Equal("Installed", result.Status);
        Assert.Equal(TreeDigest.Compute(FolderTree.Read(Path.Join(_shop.Root, "plugins/tool"), FileOps.Default, Limits.Default)),
            result.TreeHash);
        Assert.True(new IntegrityCheck(_shop.Environment).Check(PluginId.Parse("tool@shop")).IsIntact);
    }

    [Fact]
    public async Task A_source_that_is_written_to_all_the_time_is_refused_and_nothing_is_installed()
    {
        Write("shop", 1);
        var count = 0;
        _shop.Environment = _shop.Environment with
        {
            Files = new DuringCopy(_shop.Scratch, (_, _) => true,
                () => _shop.Scratch.Write("shop/plugins/tool/data/3.txt", $"state {++count}")),
        };

        var result = await _shop.InstallAsync("tool@shop");

        TestShop.AssertFailed(MarketErrorCode.SourceChanged, result);
        Assert.Null(_shop.Environment.Home.Cache.ActivePath(PluginId.Parse("tool@shop")));
        Assert.Empty(ScratchFolder.Inventory(_shop.Layout.State.StagingPath));
    }

    private void Write(string root, int state)
    {
        _shop.Scratch.Write($"{root}/.agents/plugins/marketplace.json",
            """{"name":"shop","plugins":[{"name":"tool","source":"./plugins/tool"}]}""");
        _shop.Scratch.Write($"{root}/plugins/tool/.codex-plugin/plugin.json", $$"""{"name":"tool","version":"{{state}}.0.0"}""");
        for (var i = 0; i < 6; i++)
        {
            _shop.Scratch.Write($"{root}/plugins/tool/data/{i}.txt", $"state {state}");
        }
    }

    private void Replace(string part)
    {
        var (now, next) = (_shop.Scratch["shop/plugins/tool"], _shop.Scratch["next/plugins/tool"]);
        switch (part)
        {
            case "the plugin's folder":
                Swap("shop/plugins/tool", "next/plugins/tool");
                break;
            case "the folder around it":
                Swap("shop/plugins", "next/plugins");
                break;
            case "the marketplace":
                Swap("shop", "next");
                break;
            case "a folder in it":
                Swap("shop/plugins/tool/data", "next/plugins/tool/data");
                break;
            case "one file":
                File.Move(Path.Join(next, "data/5.txt"), Path.Join(now, "data/5.txt"), overwrite: true);
                break;
            case "one file's bytes":
                File.AppendAllText(Path.Join(now, "data/0.txt"), "more");
                break;
            case "one file's bytes and time":
                var time = File.GetLastWriteTimeUtc(Path.Join(now, "data/0.txt"));
                File.WriteAllText(Path.Join(now, "data/0.txt"), "STATE 1");
                File.SetLastWriteTimeUtc(Path.Join(now, "data/0.txt"), time);
                break;
            case "a file that is added":
                File.WriteAllText(Path.Join(now, "data/9.txt"), "new");
                break;
            case "a file that is removed":
                File.Delete(Path.Join(now, "data/0.txt"));
                break;
        }
    }

    private void Swap(string folder, string other)
    {
        Directory.Move(_shop.Scratch[folder], _shop.Scratch["old"]);
        Directory.Move(_shop.Scratch[other], _shop.Scratch[folder]);
    }

    /// <summary>Does something when a file of the source is copied, as another process may.</summary>
    private sealed class DuringCopy(ScratchFolder scratch, Func<string, int, bool> isDue, Action action) : FileOps
    {
        internal int Count { get; private set; }

        protected override void Before(string operation, string path)
        {
            if (operation == "create" && path.EndsWith(Path.Join("data", "2.txt"), StringComparison.Ordinal)
                && path.StartsWith(scratch["home"], StringComparison.Ordinal))
            {
                Count++;
                if (isDue(path, Count))
                {
                    action();
                }
            }
        }
    }
}
