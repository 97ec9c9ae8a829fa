using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Who may read what: certificates, credentials however they are handed over, redirects; and a secret is seen nowhere.</summary>
public abstract partial class GitEngineContract
{
    private const string Token = "token-canary-7f3a";

    [Fact]
    public async Task A_certificate_of_a_private_authority_has_its_own_failure_and_remedy()
    {
        var server = _git.Serve(Tls);

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(_git.Store(), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.TlsUntrusted, failure.Code);
        Assert.Contains("sslCAInfo", failure.Message, StringComparison.Ordinal);
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(variables: Trusting()), server.Url + "/repo")).Commit.Length);
    }

    [Fact]
    public async Task A_token_of_the_environment_opens_its_host_and_is_seen_nowhere()
    {
        var server = Guarded();
        var seen = new List<string>();
        server.Answer = request =>
        {
            seen.AddRange(GitFixture.ProcessesWith(Token));
            return null;
        };
        _git.ConfigureUser("[credential]\n\thelper = store\n");

        var tree = await GitFixture.Take(_git.Store(variables: Trusting(("PLUGINMARKET_GIT_TOKEN", Token),
            ("PLUGINMARKET_GIT_TOKEN_HOST", server.Authority))), server.Url + "/repo");

        Assert.Equal("1", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/one")!, 10)));
        Assert.Contains(server.Log, request => request.Token == Token);
        Assert.Empty(seen);
        Assert.DoesNotContain(_git.Log.Commands, command => command.Contains(Token, StringComparison.Ordinal));
        Assert.DoesNotContain(
            Directory.GetFiles(_git.Scratch.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }),
            path => File.ReadAllText(path, Encoding.Latin1).Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_given_credential_opens_its_host()
    {
        var server = Guarded();
        var credential = new GitCredential("bob", Token, "127.0.0.1");

        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(new GitOptions { Credential = credential }, Trusting()),
            server.Url + "/repo")).Commit.Length);
        Assert.DoesNotContain(Token, credential.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_an_authentication_failure_that_does_not_show_it()
    {
        var server = Guarded();

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(
            _git.Store(new GitOptions { Credential = new GitCredential("bob", "wrong-canary", "127.0.0.1") }, Trusting()),
            server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitAuthenticationFailed, failure.Code);
        Assert.DoesNotContain("wrong-canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_not_sent_to_another_host()
    {
        var server = Guarded();

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(
            _git.Store(variables: Trusting(("PLUGINMARKET_GIT_TOKEN", Token), ("PLUGINMARKET_GIT_TOKEN_HOST", "git.example.com"))),
            server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitAuthenticationFailed, failure.Code);
        Assert.DoesNotContain(server.Log, request => request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_token_without_a_host_is_not_used_and_that_is_said()
    {
        var server = Guarded();

        await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: Trusting(("PLUGINMARKET_GIT_TOKEN", Token))), server.Url + "/repo"));

        Assert.Contains(_git.Log.Warnings, warning => warning.Contains("PLUGINMARKET_GIT_TOKEN_HOST", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log, request => request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task The_users_credential_helper_works_and_so_does_one_of_a_job()
    {
        var server = Guarded();
        var helper = $"!f() {{ test \"$1\" = get && printf 'username=u\\npassword={Token}\\n'; }}; f";

        Assert.Equal(40, (await GitFixture.Resolve(
            _git.Store(variables: Trusting(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", $"credential.{server.Url}.helper"),
                ("GIT_CONFIG_VALUE_0", helper))), server.Url + "/repo")).Commit.Length);
        _git.ConfigureUser($"[credential]\n\thelper = "
            + $"\"{helper.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(variables: Trusting()), server.Url + "/repo")).Commit.Length);
    }

    [Theory]
    [InlineData("MY_CI_PASS")]
    [InlineData("GIT_PASSWORD")]
    [InlineData("Vault_Value")]
    public async Task A_helper_reads_the_variables_that_it_was_set_up_with(string name)
    {
        var server = Guarded();
        _git.ConfigureUser($"[credential]\n\thelper = \"!f() {{ test \\\"$1\\\" = get && printf 'username=u\\npassword=%s\\n' "
            + $"\\\"${name}\\\"; }}; f\"\n");

        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(variables: Trusting((name, Token))), server.Url + "/repo")).Commit.Length);
    }

    [Fact]
    public async Task A_token_can_have_a_user_name()
    {
        var server = Guarded();
        var variables = Trusting(("PLUGINMARKET_GIT_TOKEN", Token), ("PLUGINMARKET_GIT_TOKEN_HOST", server.Authority),
            ("PLUGINMARKET_GIT_TOKEN_USER", "deploy"));

        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(variables: variables), server.Url + "/repo")).Commit.Length);
        Assert.Contains(server.Log, request => request.Headers.TryGetValue("Authorization", out var sent)
            && System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(sent["Basic ".Length..])).StartsWith("deploy:",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_sign_in_names_what_was_withheld_and_nothing_else_does()
    {
        var server = Guarded();
        var variables = Trusting(("GIT_PROXY_COMMAND", "/bin/corkscrew"), ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.gitProxy"), ("GIT_CONFIG_VALUE_0", "x"), ("GIT_TRACE2", "0"));

        var refused = await Fails(() => GitFixture.Resolve(_git.Store(variables: variables), server.Url + "/repo"));
        var plain = await Fails(() => GitFixture.Resolve(_git.Store(variables: Trusting()), server.Url + "/repo"));

        Assert.Contains("not used: GIT_PROXY_COMMAND, core.gitProxy. ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not used:", plain.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_waits_ends_with_its_run()
    {
        var server = Guarded();
        var helper = GitFixture.Program(_git.Scratch, "bin/waiting", "sleep 605.25\n");
        _git.ConfigureUser($"[credential]\n\thelper = {helper}\n");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(
            _git.Store(variables: Trusting(), limits: Limits.Default with { GitTime = TimeSpan.FromSeconds(3) }), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitTimeout, failure.Code);
        Assert.Empty(GitFixture.ProcessesWith("605.25"));
    }

    [Theory]
    [InlineData("bob:token-canary-7f3a", "bob")]
    [InlineData(":token-canary-7f3a", "x-access-token")]
    [InlineData("a%40b:token%2Dcanary-7f3a", "a@b")]
    [InlineData("token-canary-7f3a:x-oauth-basic", Token)]
    public async Task A_password_that_the_configuration_puts_into_an_address_opens_its_host_and_no_process_list_shows_it(string login,
        string user)
    {
        foreach (var inFile in new[] { false, true })
        {
            var server = Guarded();
            server.RequiredToken = login.EndsWith("x-oauth-basic", StringComparison.Ordinal) ? "x-oauth-basic" : Token;
            var seen = new List<string>();
            server.Answer = request =>
            {
                seen.AddRange(GitFixture.ProcessesWith(Token));
                return request.Path.StartsWith("/old", StringComparison.Ordinal)
                    ? GitHttpAnswer.Redirect($"/repo{request.Path[4..]}?{request.Query}", 301) : null;
            };
            var stored = _git.Scratch["stored"];
            var storing =
                $"[credential]\n\thelper = store --file={stored}\n[credential \"{server.Url}\"]\n\thelper = store --file={stored}\n";
            var key = $"url.https://{login}@{server.Authority}/";
            _git.ConfigureUser(storing + (inFile ? $"[url \"{key[4..]}\"]\n\tinsteadOf = https://named.invalid/\n" : ""));
            var variables = inFile ? Trusting() : Trusting(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", key + ".insteadOf"),
                ("GIT_CONFIG_VALUE_0", "https://named.invalid/"));

            var tree = await GitFixture.Take(_git.Store(variables: variables), "https://named.invalid/old");

            Assert.Equal("1", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/one")!, 10)));
            Assert.Contains(server.Log, request => request.Headers.TryGetValue("Authorization", out var header)
                && Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).StartsWith(user + ":", StringComparison.Ordinal));
            Assert.Empty(seen);
            Assert.False(File.Exists(stored));
            Assert.DoesNotContain(_git.Log.Commands, command => command.Contains(Token, StringComparison.Ordinal));
            Assert.DoesNotContain(
                Directory.GetFiles(_git.Scratch.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                    .Where(path => !path.EndsWith(".gitconfig", StringComparison.Ordinal)),
                path => File.ReadAllText(path, Encoding.Latin1).Contains(Token, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_password_of_the_configuration_that_is_wrong_is_an_authentication_failure_that_does_not_show_it()
    {
        var server = Guarded();
        var variables = Trusting(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0",
            $"url.https://user-canary:wrong-canary@{server.Authority}/.insteadOf"), ("GIT_CONFIG_VALUE_0", server.Url + "/"));

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: variables), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitAuthenticationFailed, failure.Code);
        Assert.Contains(server.Log, request => request.Token == "wrong-canary");
        Assert.DoesNotContain("-canary", failure + failure.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://token-canary-7f3a@SERVER/")]
    [InlineData("https://token-canary-7f3a:@SERVER/")]
    [InlineData("https://bob:token@canary-7f3a@SERVER/")]
    [InlineData("https://SERVER/?private_token=token-canary-7f3a&x=/")]
    [InlineData("http://bob:token-canary-7f3a@git.example.com/")]
    public async Task A_rewriting_to_an_address_whose_secret_cannot_be_hidden_is_refused_before_any_process_list_shows_it(string address)
    {
        var server = Guarded();
        var variables = Trusting(("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", $"url.{address.Replace("SERVER", server.Authority, StringComparison.Ordinal)}.insteadOf"),
            ("GIT_CONFIG_VALUE_0", server.Url + "/"));

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: variables), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.CredentialInUrl, failure.Code);
        Assert.Contains("git config --show-origin", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure + failure.Target, StringComparison.Ordinal);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_refused_and_that_host_hears_nothing()
    {
        var other = _git.Serve(Tls);
        var server = Guarded();
        server.Answer = request => GitHttpAnswer.Redirect($"https://localhost:{other.Port}/repo/info/refs?{request.Query}");
        var options = new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") };

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(
            _git.Store(options, Trusting(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", $"http.{server.Url}.extraHeader"),
                ("GIT_CONFIG_VALUE_0", "X-Canary: " + Token))), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.RedirectRefused, failure.Code);
        Assert.Contains("localhost", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Log);
    }

    [Fact]
    public async Task Following_redirects_in_the_users_configuration_changes_nothing()
    {
        var other = _git.Serve(Tls);
        var server = _git.Serve(Tls);
        server.Answer = request => GitHttpAnswer.Redirect($"{other.Url}/repo/info/refs?{request.Query}");
        _git.ConfigureUser($"[http]\n\tfollowRedirects = true\n[http \"{server.Url}/\"]\n\tfollowRedirects = true\n[http "
            + $"\"{server.Url}/repo\"]\n\tfollowRedirects = true\n");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: Trusting()), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.RedirectRefused, failure.Code);
        Assert.Empty(other.Log);
    }

    [Fact]
    public async Task A_repository_that_moved_on_its_host_is_followed_once_and_remembered()
    {
        var server = Guarded();
        server.Answer = request => request.Path.StartsWith("/old", StringComparison.Ordinal)
            ? GitHttpAnswer.Redirect($"/repo{request.Path[4..]}?{request.Query}", 301) : null;
        var store = _git.Store(new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") }, Trusting());

        var tree = await GitFixture.Take(store, server.Url + "/old");

        Assert.Equal("1", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/one")!, 10)));
        Assert.Equal(server.Url + "/repo", store.RedirectOf(GitUrl.Parse(server.Url + "/old"))!.Value);
        Assert.DoesNotContain(server.Log,
            request => request.Path.StartsWith("/old", StringComparison.Ordinal) && request.Headers.ContainsKey("Authorization"));
        Assert.Equal(2, server.Log.Count(request => request.Path.StartsWith("/old", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/again")]
    [InlineData("http://127.0.0.1:1/repo")]
    [InlineData("file:///etc")]
    public async Task Redirects_in_circles_or_to_other_schemes_are_refused(string target)
    {
        var server = _git.Serve(Tls);
        server.Answer = request => GitHttpAnswer.Redirect($"{target}/info/refs?{request.Query}");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: Trusting()), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.RedirectRefused, failure.Code);
        Assert.True(server.Log.Count <= 3);
    }

    [Theory]
    [InlineData("variable")]
    [InlineData("credential")]
    [InlineData("header")]
    [InlineData("rewriting")]
    public async Task A_server_that_says_the_secret_back_is_not_repeated(string way)
    {
        var server = _git.Serve(Tls);
        var variables = way switch
        {
            "variable" => Trusting(("PLUGINMARKET_GIT_TOKEN", Token), ("PLUGINMARKET_GIT_TOKEN_HOST", server.Authority)),
            "header" => Configured($"http.{server.Url}.extraHeader",
                "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("u:" + Token))),
            "rewriting" => Configured($"url.https://bob:{Token}@{server.Authority}/.insteadOf", server.Url + "/"),
            _ => Trusting(),
        };
        var options = way == "credential"
            ? new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") } : GitOptions.Default;
        foreach (var status in new[] { 401, 403, 500 })
        {
            server.Answer = request => request.Token is null
                ? new GitHttpAnswer(401) { Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"x\"" } }
                : new GitHttpAnswer(status, "text/plain", $"You gave {Token}, from https://bob:{Token}@h/x?key={Token}.\n");

            var failure = await Fails(() => GitFixture.Resolve(_git.Store(options, variables), server.Url + "/repo"));

            Assert.DoesNotContain(Token, failure + failure.Target, StringComparison.Ordinal);
        }

        Assert.Contains(server.Log, request => request.Token == Token);
        Assert.DoesNotContain(_git.Log.Commands.Concat(_git.Log.Details).Concat(_git.Log.Warnings),
            line => line.Contains(Token, StringComparison.Ordinal));

        Dictionary<string, string> Configured(string key, string value) =>
            Trusting(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", key), ("GIT_CONFIG_VALUE_0", value));
    }

    private GitHttpServer Guarded()
    {
        var server = _git.Serve(Tls);
        server.RequiredToken = Token;
        return server;
    }

    private Dictionary<string, string> Trusting(params (string Name, string Value)[] more)
    {
        var variables = more.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        variables["GIT_SSL_CAINFO"] = Tls.PemPath;
        return variables;
    }
}
