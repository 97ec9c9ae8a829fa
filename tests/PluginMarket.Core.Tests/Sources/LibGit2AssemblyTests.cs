using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What is not there or cannot be loaded is its own error. Nothing that can be loaded is: it would stay
/// loaded for the tests after this one.</summary>
[Trait("Category", "Fast")]
public sealed class LibGit2AssemblyTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData]
    [InlineData("LibGit2Sharp.dll")]
    [InlineData("LibGit2Sharp.dll", "PluginMarket.LibGit2.dll")]
    public void What_cannot_be_loaded_is_GitNotFound_and_says_what_to_do(params string[] broken)
    {
        var folder = _scratch.MakeFolder("libgit2");
        foreach (var name in broken)
        {
            _scratch.Write($"libgit2/{name}", "text");
        }

        var failure = Assert.Throws<PluginMarketException>(
            () => new LibGit2Assembly(folder).OpenEngine(_scratch.Environment(), _scratch.MakeFolder("store")));

        Assert.Equal((MarketErrorCode.GitNotFound, "libgit2"), (failure.Code, failure.Target));
        Assert.Contains(folder, failure.Message, StringComparison.Ordinal);
        Assert.Contains("install git", failure.Message, StringComparison.Ordinal);
    }
}
