using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What fails has its own error that names what to do, and nothing of it stays.</summary>
public abstract partial class GitEngineContract
{
    [Theory]
    [InlineData(401, "no", MarketErrorCode.GitAuthenticationFailed, "PLUGINMARKET_GIT_TOKEN")]
    [InlineData(403, "no", MarketErrorCode.GitAuthenticationFailed, "gh auth login")]
    [InlineData(403, "The 'acme' organization has enabled or enforced SAML SSO.\nVisit https://h/sso?authorization=secret-canary \u001b[2J", MarketErrorCode.SsoRequired, "gh auth refresh")]
    [InlineData(404, "no", MarketErrorCode.RepositoryNotFound, "git ls-remote")]
    [InlineData(410, "no", MarketErrorCode.RepositoryNotFound, "git ls-remote")]
    [InlineData(407, "no", MarketErrorCode.GitAuthenticationFailed, "http.proxy")]
    [InlineData(429, "no", MarketErrorCode.SourceUnreachable, "later")]
    [InlineData(500, "no", MarketErrorCode.SourceUnreachable, "git ls-remote")]
    [InlineData(503, "no", MarketErrorCode.SourceUnreachable, "later")]
    [InlineData(200, "zzzz\u001b]0;x\u0007", MarketErrorCode.GitFailed, "git ls-remote")]
    public async Task What_a_server_answers_has_its_own_id_and_names_a_command(int status, string body, MarketErrorCode code,
        string command)
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(status, status == 200 ? "application/x-git-upload-pack-advertisement" : "text/plain", body)
        {
            Headers = status == 401
                ? new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"x\"" } : new Dictionary<string, string>(),
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

        await FailsWith(MarketErrorCode.SourceUnreachable, "`git ls-remote http://127.0.0.1:", () => GitFixture.Resolve(_git.Store(), url));
        Assert.Equal(MarketErrorCode.RepositoryNotFound,
            (await Fails(() => GitFixture.Resolve(_git.Store(), "file:///no/such/repository"))).Code);
    }

    [Fact]
    public async Task Each_answer_of_a_server_has_a_sentence_of_its_own()
    {
        var server = _git.Serve();
        var said = new List<string>();
        foreach (var status in new[] { 403, 404, 407, 429, 503 })
        {
            server.Answer = _ => new GitHttpAnswer(status, "text/html", "<html>Sign in</html>");
            said.Add((await Fails(() => GitFixture.Resolve(_git.Store(), server.Url + "/repo"))).Message.Split(" git said:")[0]
                .Split(" The exchange")[0]);
        }

        Assert.Equal(said.Count, said.Select(text => text.Replace(server.Authority, "", StringComparison.Ordinal)).Distinct().Count());
        Assert.All(said, text => Assert.DoesNotContain("cannot be reached", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/repo", "text/html", "<html>Sign in</html>", "is not a git server")]
    [InlineData("/repo", "text/html", "<html>\nSign in\n</html>\n", "is not a git server")]
    [InlineData("/repo", "application/json", "{}", "is not a git server")]
    [InlineData("/o/r/main/.agents/plugins/marketplace.json", "application/json", "{\"name\":\"x\"}", "is the address of a file")]
    public async Task A_page_or_a_file_at_the_path_of_a_repository_is_told_as_such(string path, string type, string body, string sentence)
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200, type, body);

        foreach (var reference in new[] { null, "main" })
        {
            var failure = await Fails(() => GitFixture.Resolve(_git.Store(), server.Url + path, reference));

            Assert.Equal(MarketErrorCode.RepositoryNotFound, failure.Code);
            Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_time_of_all_fetches_is_one_setting_which_the_message_names()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200) { Hangs = true };

        var variable = await Fails(() => GitFixture.Resolve(
            _git.Store(variables: new Dictionary<string, string> { ["PLUGINMARKET_TIMEOUT_SEC"] = "1" }), server.Url + "/repo"));
        var option = await Fails(() => GitFixture.Resolve(
            _git.Store(new GitOptions { TimeLimit = TimeSpan.FromSeconds(1) }), server.Url + "/repo"));

        Assert.All([variable, option], failure =>
        {
            Assert.Equal(MarketErrorCode.GitTimeout, failure.Code);
            Assert.Contains("within the 1 seconds", failure.Message, StringComparison.Ordinal);
            Assert.Contains("-TimeoutSec", failure.Message, StringComparison.Ordinal);
            Assert.Contains("PLUGINMARKET_TIMEOUT_SEC", failure.Message, StringComparison.Ordinal);
        });
        Assert.Equal(MarketErrorCode.SourceInvalid, Assert.Throws<PluginMarketException>(
            () => _git.Store(variables: new Dictionary<string, string> { ["PLUGINMARKET_TIMEOUT_SEC"] = "soon" })).Code);
    }

    [Fact]
    public async Task A_silent_server_is_left_in_time_and_no_process_stays()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200) { Hangs = true };

        var failure = await Fails(
            () => GitFixture.Resolve(_git.Store(limits: Limits.Default with { GitTime = TimeSpan.FromSeconds(3) }), server.Url + "/repo"));

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

        await FailsWith(MarketErrorCode.GitRefNotFound, $"`git ls-remote {url}`", () => GitFixture.Resolve(store, url, "missing"));
        await FailsWith(MarketErrorCode.GitRefNotFound, "`git log --all`", () => FetchAll(store, url, new string('1', 40)));
        await FailsWith(MarketErrorCode.GitCommitMismatch, $"`git ls-remote {url}`",
            () => FetchAll(store, url, _git.Repository.Run("rev-parse", "noted").Trim()));
        await FailsWith(MarketErrorCode.GitCommitMismatch, "`git rev-parse COMMIT`", () => FetchAll(store, url, _git.Repository.Head[..12]));
        await FailsWith(MarketErrorCode.GitCommitMismatch, "`git rev-parse COMMIT`", () => GitFixture.Resolve(store, url, null, _git.Repository.Head[..12]));
        await FailsWith(MarketErrorCode.GitCommitMismatch, "`git rev-parse COMMIT`", () => GitFixture.Resolve(store, url, null, "main"));
        Assert.Equal(_git.Repository.Head, (await GitFixture.Resolve(store, url, null, _git.Repository.Head.ToUpperInvariant())).Commit);
    }

    [Fact]
    public async Task An_empty_repository_has_no_default_branch()
    {
        GitRepository.Create(_git.Scratch["served/empty"]);

        Assert.Equal(MarketErrorCode.GitRefNotFound,
            (await Fails(() => GitFixture.Resolve(_git.Store(), "file://" + _git.Scratch["served/empty"], null))).Code);
    }

    [Fact]
    public async Task Cancelling_ends_the_question_and_all_that_it_started()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(200) { Hangs = true };
        using var cancel = new CancellationTokenSource();
        var asking = _git.Store().ResolveAsync(GitUrl.Parse(server.Url + "/repo"), "main", null, SourceOrigin.User, cancel.Token);
        await Task.WhenAny(server.FirstRequest, asking);
        Assert.Equal(_engine == GitEngine.Git, GitFixture.ProcessesWith(server.Authority).Count > 0);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
    }

    private static Task<GitTree> FetchAll(GitStore store, string url, string commit) =>
        Fetch(store, GitUrl.Parse(url), commit, TreeSelection.All);

    private static Task<PluginMarketException> Fails(Func<Task> action) => Assert.ThrowsAsync<PluginMarketException>(action);

    private static async Task FailsWith(MarketErrorCode code, string advice, Func<Task> action)
    {
        var failure = await Fails(action);

        Assert.Equal(code, failure.Code);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }
}
