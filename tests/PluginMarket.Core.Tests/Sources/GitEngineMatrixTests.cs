using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Each case with both engines: the same bytes or the same error id.</summary>
public sealed class GitEngineMatrixTests
{
    private const string Token = "matrix-token";

    [Theory]
    [InlineData("branch", "http", null)]
    [InlineData("tag", "http", null)]
    [InlineData("sha", "http", null)]
    [InlineData("default", "http", null)]
    [InlineData("moved", "http", null)]
    [InlineData("missing", "http", MarketErrorCode.GitRefNotFound)]
    [InlineData("missing-sha", "http", MarketErrorCode.GitRefNotFound)]
    [InlineData("auth", "http", MarketErrorCode.GitAuthenticationFailed)]
    [InlineData("auth-given", "http", null)]
    [InlineData("redirect", "http", MarketErrorCode.RedirectRefused)]
    [InlineData("huge", "http", MarketErrorCode.LimitExceeded)]
    [InlineData("slow", "http", MarketErrorCode.GitTimeout)]
    [InlineData("corrupt", "http", MarketErrorCode.GitFailed)]
    [InlineData("cut", "http", MarketErrorCode.SourceUnreachable)]
    [InlineData("branch", "file", null)]
    [InlineData("tag", "file", null)]
    [InlineData("sha", "file", null)]
    [InlineData("default", "file", null)]
    [InlineData("moved", "file", null)]
    [InlineData("missing", "file", MarketErrorCode.GitRefNotFound)]
    [InlineData("missing-sha", "file", MarketErrorCode.GitRefNotFound)]
    [InlineData("huge", "file", MarketErrorCode.LimitExceeded)]
    public async Task Both_engines_end_alike(string what, string transport, MarketErrorCode? failure)
    {
        var command = await RunAsync(GitEngine.Git, what, transport);
        var library = await RunAsync(GitEngine.LibGit2, what, transport);

        Assert.Equal(command, library);
        Assert.Equal(failure?.ToString(), failure is null ? null : library);
        Assert.True(failure is not null || library.Contains("a/one", StringComparison.Ordinal), library);
    }

    [Theory]
    [InlineData("branch")]
    [InlineData("sha")]
    [InlineData("missing")]
    [InlineData("default")]
    public async Task Over_ssh_libgit2_names_the_command(string what)
    {
        await using var git = new GitFixture(GitEngine.LibGit2);
        LibGit2.Demand();

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => TakeAsync(git, git.Store(), "ssh://git@127.0.0.1:1/repo", what));

        Assert.Equal(MarketErrorCode.SourceNotSupported, failure.Code);
        Assert.Contains("Install git", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-GitEngine Git", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The digest and paths of what came, or the error's id.</summary>
    private static async Task<string> RunAsync(GitEngine engine, string what, string transport)
    {
        await using var git = new GitFixture(engine);
        git.Repository.Run("tag", "--annotate", "--message=x", "noted");
        git.Repository.Write("bin/run", "#!/bin/sh\n", executable: true).WriteLink("link", "a/one").Commit();
        if (what == "huge")
        {
            var noise = new byte[300_000];
            new Random(7).NextBytes(noise);
            git.Repository.Write("noise", noise).Commit();
        }

        var limits = what switch
        {
            "huge" => Limits.Default with { MarketplaceBytes = 100_000 },
            "slow" => Limits.Default with { GitTime = TimeSpan.FromSeconds(2) },
            _ => Limits.Default,
        };
        var options = what == "auth-given" ? new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") } : GitOptions.Default;
        var url = transport == "file" ? git.Repository.FileUrl : Serve(git, what).Url + "/repo";
        try
        {
            var tree = await TakeAsync(git, git.Store(options, limits: limits), url, what);
            return $"{TreeDigest.Compute(tree)} {string.Join(' ', tree.Entries.Select(entry => $"{entry.Path}:{entry.Kind}:{entry.Executable}"))}";
        }
        catch (PluginMarketException e)
        {
            return e.Code.ToString();
        }
    }

    private static GitHttpServer Serve(GitFixture git, string what)
    {
        var server = git.Serve();
        server.RequiredToken = what.StartsWith("auth", StringComparison.Ordinal) ? Token : null;
        server.Answer = request => what switch
        {
            "redirect" => GitHttpAnswer.Redirect($"https://elsewhere.invalid/repo/info/refs?{request.Query}"),
            "slow" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n") { Hangs = true },
            "corrupt" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n0089\u0001PACK\0\0\0\u0002\0\0\0\u0001" + new string('x', 120) + "0000"),
            "cut" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n0011\u0001PACK\0\0\0\u0002\0\0\0\u0001"),
            _ => null,
        };
        return server;
    }

    private static async Task<GitTree> TakeAsync(GitFixture git, GitStore store, string url, string what)
    {
        var head = git.Repository.Head;
        var revision = await GitFixture.Resolve(store, url, what switch { "tag" => "noted", "default" => null, "missing" => "nowhere", "sha" => head, "missing-sha" => new string('1', 40), _ => "main" });
        if (what == "moved")
        {
            git.Repository.Run("reset", "--quiet", "--hard", "HEAD~1");
            git.Repository.Write("forced", "x").Commit();
        }

        return await store.FetchAsync(GitUrl.Parse(url), revision.Commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None);
    }
}
