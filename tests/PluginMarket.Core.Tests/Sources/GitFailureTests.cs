using System.Net;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

public abstract class GitFailureTests(GitEngine engine) : IAsyncDisposable
{
    private protected readonly GitFixture _git = new(engine);

    public async ValueTask DisposeAsync()
    {
        await _git.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(401, "no", MarketErrorCode.GitAuthenticationFailed, "PLUGINMARKET_GIT_TOKEN")]
    [InlineData(403, "no", MarketErrorCode.GitAuthenticationFailed, "gh auth login")]
    [InlineData(403, "The 'acme' organization has enabled or enforced SAML SSO.\nVisit https://h/sso?authorization=secret-canary \u001b[2J", MarketErrorCode.SsoRequired, "gh auth refresh")]
    [InlineData(404, "no", MarketErrorCode.SourceUnreachable, "git ls-remote")]
    [InlineData(500, "no", MarketErrorCode.SourceUnreachable, "git ls-remote")]
    [InlineData(200, "zzzz\u001b]0;x\u0007", MarketErrorCode.GitFailed, "git ls-remote")]
    public async Task What_a_server_answers_has_its_own_id_and_names_a_command(int status, string body, MarketErrorCode code, string command)
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(status, status == 200 ? "application/x-git-upload-pack-advertisement" : "text/plain", body)
        {
            Headers = status == 401 ? new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"x\"" } : new Dictionary<string, string>(),
        };

        var failure = await Fails(() => GitFixture.Resolve(_git.Store(), server.Url + "/repo"));

        Assert.Equal(code, failure.Code);
        Assert.Contains(command, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain("secret-canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains(server.Authority, failure.Target!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        var server = _git.Serve();
        var url = server.Url + "/repo";
        await server.DisposeAsync();

        await FailsWith(MarketErrorCode.SourceUnreachable, () => GitFixture.Resolve(_git.Store(), url));
        Assert.Equal(MarketErrorCode.SourceUnreachable, (await Fails(() => GitFixture.Resolve(_git.Store(), "file:///no/such/repository"))).Code);
    }

    [Fact]
    public async Task A_silent_server_is_left_in_time_and_no_process_stays()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200) { Hangs = true };

        var failure = await Fails(() => GitFixture.Resolve(_git.Store(limits: Limits.Default with { GitTime = TimeSpan.FromSeconds(3) }), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitTimeout, failure.Code);
        Assert.Contains($"git ls-remote {server.Url}/repo", failure.Message, StringComparison.Ordinal);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
    }

    [Fact]
    public async Task References_and_commits_that_are_not_there_are_told_apart()
    {
        _git.Repository.Run("tag", "--annotate", "--message=x", "noted");
        var server = _git.Serve();
        var url = server.Url + "/repo";
        var store = _git.Store();

        await FailsWith(MarketErrorCode.GitRefNotFound, () => GitFixture.Resolve(store, url, "missing"));
        await FailsWith(MarketErrorCode.GitRefNotFound, () => Fetch(store, url, new string('1', 40)));
        await FailsWith(MarketErrorCode.GitCommitMismatch, () => Fetch(store, url, _git.Repository.Run("rev-parse", "noted").Trim()));
        await FailsWith(MarketErrorCode.GitCommitMismatch, () => Fetch(store, url, _git.Repository.Head[..12]));
        await FailsWith(MarketErrorCode.GitCommitMismatch, () => GitFixture.Resolve(store, url, null, _git.Repository.Head[..12]));
        await FailsWith(MarketErrorCode.GitCommitMismatch, () => GitFixture.Resolve(store, url, null, "main"));
        Assert.Equal(_git.Repository.Head, (await GitFixture.Resolve(store, url, null, _git.Repository.Head.ToUpperInvariant())).Commit);
    }

    [Theory]
    [InlineData("--upload-pack=touch")]
    [InlineData("-b")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a^{tree}")]
    [InlineData("a:b")]
    [InlineData("refs/heads/*")]
    [InlineData("@{-1}")]
    [InlineData("x.lock")]
    public async Task A_reference_that_git_might_take_for_more_never_reaches_it(string reference)
    {
        var failure = await Fails(() => GitFixture.Resolve(_git.Store(), _git.Repository.FileUrl, reference));

        Assert.Equal(MarketErrorCode.GitRefNotFound, failure.Code);
        Assert.Empty(_git.Log.Commands);
    }

    [Fact]
    public async Task An_empty_repository_has_no_default_branch()
    {
        GitRepository.Create(_git.Scratch["served/empty"]);

        Assert.Equal(MarketErrorCode.GitRefNotFound, (await Fails(() => GitFixture.Resolve(_git.Store(), "file://" + _git.Scratch["served/empty"], null))).Code);
    }

    [Fact]
    public async Task Plain_http_to_other_machines_needs_leave()
    {
        const string url = "http://no-such-host.invalid/x";
        var closed = _git.Serve();
        await closed.DisposeAsync();

        Assert.Equal(MarketErrorCode.HttpNotAllowed, (await Fails(() => GitFixture.Resolve(_git.Store(), url))).Code);
        Assert.Equal(MarketErrorCode.SourceUnreachable, (await Fails(() => GitFixture.Resolve(_git.Store(new GitOptions { AllowHttp = true }, Proxy(closed)), url))).Code);
    }

    [Fact]
    public async Task A_public_catalog_does_not_reach_private_hosts()
    {
        var server = _git.Serve();
        var url = server.Url + "/repo";

        var failure = await Fails(() => GitFixture.Resolve(_git.Store(), url, origin: SourceOrigin.PublicCatalog));

        Assert.Equal(MarketErrorCode.HostNotAllowed, failure.Code);
        Assert.Contains($"-AllowHost {server.Authority}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Log);
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(), url, origin: SourceOrigin.PrivateCatalog)).Commit.Length);
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(new GitOptions { AllowHosts = [server.Authority] }), url, origin: SourceOrigin.PublicCatalog)).Commit.Length);
    }

    [Fact]
    public async Task A_public_name_of_a_private_address_is_private()
    {
        var options = new GitOptions { LookUp = (_, _) => Task.FromResult(new[] { IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1") }) };

        Assert.Equal(MarketErrorCode.HostNotAllowed, (await Fails(() => GitFixture.Resolve(_git.Store(options), "https://rebound.example/x", origin: SourceOrigin.PublicCatalog))).Code);
        Assert.Empty(_git.Log.Commands);
    }

    [Theory]
    [InlineData(SourceOrigin.PublicCatalog)]
    [InlineData(SourceOrigin.PrivateCatalog)]
    public async Task A_catalog_from_the_network_does_not_reach_paths_of_this_machine(SourceOrigin origin)
    {
        Assert.Equal(MarketErrorCode.SourceInvalid, (await Fails(() => GitFixture.Resolve(_git.Store(), _git.Repository.FileUrl, origin: origin))).Code);
        Assert.Equal(40, (await _git.Store().ResolveAsync(GitUrl.FromMarketplaceFolder(_git.Repository.Folder), null, null, origin, CancellationToken.None)).Commit.Length);
    }

    [Fact]
    public async Task Cancelling_ends_the_question_and_all_that_it_started()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200) { Hangs = true };
        using var cancel = new CancellationTokenSource();
        var asking = _git.Store().ResolveAsync(GitUrl.Parse(server.Url + "/repo"), "main", null, SourceOrigin.User, cancel.Token);
        await Task.WhenAny(server.FirstRequest, asking);
        Assert.Equal(engine == GitEngine.Git, GitFixture.ProcessesWith(server.Authority).Count > 0);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
    }

    [Fact]
    public async Task One_failure_answers_for_all_who_ask()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(404);
        var store = _git.Store();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Fails(() => GitFixture.Resolve(store, server.Url + "/repo"))));

        Assert.Single(server.Log);
    }

    /// <summary>Every request goes to this server instead of asking for names, which a machine without a network waits long for.</summary>
    private static Dictionary<string, string> Proxy(GitHttpServer server) => new() { ["http_proxy"] = server.Url };

    private static Task<GitTree> Fetch(GitStore store, string url, string commit) =>
        store.FetchAsync(GitUrl.Parse(url), commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None);

    private static Task<PluginMarketException> Fails(Func<Task> action) => Assert.ThrowsAsync<PluginMarketException>(action);

    private static async Task FailsWith(MarketErrorCode code, Func<Task> action)
    {
        var failure = await Fails(action);

        Assert.Equal(code, failure.Code);
        Assert.Contains("`git ls-remote http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
    }
}

/// <summary>The same with the git command.</summary>
[Trait("Category", "Slow")]
public sealed class CommandGitFailureTests() : GitFailureTests(GitEngine.Git);

/// <summary>The same without a git command.</summary>
[Trait("Category", "Slow")]
public sealed class LibraryGitFailureTests() : GitFailureTests(GitEngine.LibGit2);
