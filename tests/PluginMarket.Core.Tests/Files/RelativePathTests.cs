using FsCheck;
using FsCheck.Fluent;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class RelativePathTests
{
    [Theory]
    [InlineData("./a/./b//c/", "a/b/c")]
    [InlineData("a", "a")]
    [InlineData(".", "")]
    [InlineData("./", "")]
    [InlineData("", "")]
    [InlineData("./%2e%2e/x", "%2e%2e/x")]
    [InlineData("a/...", "a/...")]
    public void Paths_are_normalised_as_Codex_does(string text, string value)
    {
        var path = RelativePath.Parse(text);
        Assert.Equal(value, path.Value);
        Assert.Equal(value.Length == 0, path.IsRoot);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("./../x")]
    [InlineData("./a/../../x")]
    [InlineData(".\\..\\x")]
    [InlineData("/etc")]
    [InlineData("//srv/s")]
    [InlineData("C:\\x")]
    [InlineData("C:x")]
    [InlineData("\\\\srv\\s")]
    [InlineData("\\\\?\\C:\\")]
    [InlineData("\\\\.\\pipe\\x")]
    [InlineData("\\??\\")]
    [InlineData("FileSystem::/x")]
    [InlineData("Env:\\x")]
    [InlineData("~")]
    [InlineData("~/x")]
    [InlineData("a\0b")]
    [InlineData(null)]
    public void Paths_that_may_leave_the_root_are_refused_on_every_system(string? text)
    {
        Assert.False(RelativePath.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.Equal(MarketErrorCode.PathEscapesRoot, Assert.Throws<PluginMarketException>(() => RelativePath.Parse(text)).Code);
    }

    [Fact]
    public void An_accepted_path_never_leaves_its_root()
    {
        var root = Path.GetFullPath("/some/root");
        var pieces = Gen.Elements("..", ".", "", "a", "b.c", "/", "\\", ":", "~", " ", "\0", "C:", "%2e", "...", "é");
        var texts = Gen.ListOf(pieces).SelectMany(p => Gen.Elements("", "/").Select(s => string.Join(s, p)));
        var accepted = 0;
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (!RelativePath.TryParse(text, out var path, out _))
            {
                return true;
            }

            accepted++;
            var full = Path.GetFullPath(path.UnderRoot(root));
            return (full == root || full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                && RelativePath.Parse(path.Value).Equals(path);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        Assert.True(accepted > 100);
    }

    [Fact]
    public void Paths_combine_and_nest()
    {
        var folder = RelativePath.Parse("a/b");
        Assert.Equal("a/b/c", folder.Combine(RelativePath.Parse("c")).Value);
        Assert.Equal("a", folder.Parent.Value);
        Assert.True(folder.Parent.Parent.IsRoot);
        Assert.True(RelativePath.Root.Parent.IsRoot);
        Assert.True(RelativePath.Parse("a/b/c").IsWithin(folder));
        Assert.False(RelativePath.Parse("a/bc").IsWithin(folder));
        Assert.True(folder.IsWithin(RelativePath.Root));
        Assert.Same(folder, RelativePath.Root.Combine(folder));
        Assert.Same(folder, folder.Combine(RelativePath.Root));
    }
}
