using System.Text;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>A secret is handed over in each way there is; marketplaces are added, listed, updated, searched and installed from, with
/// success and without; then it is looked for (promise 15, threat H1 to H7).</summary>
[Trait("Category", "Slow")]
public sealed class SecretTests : IAsyncDisposable
{
    private readonly string _secret = "canary" + Guid.NewGuid().ToString("N");
    private readonly TestHome _home = new();
    private readonly TlsAuthority _tls;
    private readonly GitHttpServer _server;
    private readonly GitRepository _market;

    public SecretTests()
    {
        _tls = new TlsAuthority(_home.Scratch);
        _server = new GitHttpServer(_home.Scratch["served"], _tls) { RequiredToken = _secret };
        var plugin = GitRepository.Create(_home.Scratch["served/tool"],
            new Dictionary<string, string> { [".codex-plugin/plugin.json"] = """{"name":"tool","version":"1.0.0"}""" });
        _market = GitRepository.Create(_home.Scratch["served/market"], new Dictionary<string, string>
        {
            [".agents/plugins/marketplace.json"] =
                $$$"""{"name":"market","plugins":[{"name":"tool","source":{"source":"url","url":"{{{_server.Url}}}/tool"}},{"name":"near","source":{"source":"url","url":"./near"}}]}""",
        });
        Assert.Equal(40, plugin.Head.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Dispose();
        _tls.Dispose();
    }

    [Theory]
    [InlineData("variable")]
    [InlineData("credential")]
    [InlineData("helper")]
    [InlineData("header")]
    [InlineData("rewriting")]
    public async Task A_secret_is_seen_nowhere_whichever_way_it_comes(string way)
    {
        var options = HandOver(way);
        await using var watch = new SecretWatch(_secret, _home.Home);
        _server.Answer = request =>
        {
            watch.Look();
            return request.Path.StartsWith("/moved", StringComparison.Ordinal)
                ? GitHttpAnswer.Redirect($"/market{request.Path[6..]}?{request.Query}") : null;
        };

        await UseAsync(watch, options, succeeds: true);
        _server.RequiredToken = "another";
        await UseAsync(watch, options, succeeds: false);

        watch.Look();
        watch.Look("message", new object[] { _home.Log.Details, _home.Log.Commands, _home.Log.Warnings, _home.Log.Activities });
        Assert.Empty(watch.Places);
        Assert.True(watch.GitProcesses > 0);
        Assert.Contains(_server.Log, request => request.Token == _secret);
        Assert.Empty(_home.Litter());
    }

    [Theory]
    [InlineData("variable")]
    [InlineData("credential")]
    [InlineData("rewriting")]
    public async Task A_server_that_says_the_secret_back_is_not_repeated(string way)
    {
        var options = HandOver(way);
        await using var watch = new SecretWatch(_secret, _home.Home);
        _server.RequiredToken = null;
        foreach (var status in new[] { 401, 403, 500 })
        {
            _server.Answer = request => request.Token is null
                ? new GitHttpAnswer(401) { Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"x\"" } }
                : new GitHttpAnswer(status, "text/plain", $"You gave {_secret}, from https://bob:{_secret}@h/x?key={_secret}.\n");

            watch.Look("error", await FailsAsync(() => new MarketplaceRegistry(_home.Environment).AddAsync(
                new MarketplaceAddRequest { Source = _server.Url + "/market", Git = options })));
        }

        watch.Look();
        watch.Look("message", _home.Log);
        Assert.Empty(watch.Places);
        Assert.Contains(_server.Log, request => request.Token == _secret);
    }

    [Theory]
    [InlineData("https://bob:SECRET@")]
    [InlineData("https://SECRET@")]
    [InlineData("https://", "?private_token=SECRET")]
    [InlineData("http://bob:SECRET@")]
    public async Task A_secret_in_an_address_that_somebody_typed_is_refused_before_anything_runs(string login, string query = "")
    {
        var source = (login + _server.Authority + "/market" + query).Replace("SECRET", _secret, StringComparison.Ordinal);
        await using var watch = new SecretWatch(_secret, _home.Home);
        var registry = new MarketplaceRegistry(_home.Environment);
        await registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("local", "local", "one") });

        foreach (var fails in new Func<Task>[]
        {
            () => registry.AddAsync(new MarketplaceAddRequest { Source = source }),
            () => registry.SetAsync(new MarketplaceSetRequest { Name = "local", Source = source }),
        })
        {
            var failure = await FailsAsync(fails);

            Assert.Equal(MarketErrorCode.CredentialInUrl, failure.Code);
            watch.Look("error", failure);
        }

        watch.Look();
        watch.Look("message", _home.Log);
        Assert.Empty(watch.Places);
        Assert.Empty(_home.Log.Commands);
        Assert.Empty(_server.Log);
    }

    [Theory]
    [InlineData("https://bob:SECRET@", "")]
    [InlineData("https://SECRET@", "")]
    [InlineData("https://", "?private_token=SECRET")]
    public async Task A_secret_in_an_address_of_a_catalog_is_hidden_and_not_used(string login, string query)
    {
        var url = (login + _server.Authority + "/tool" + query).Replace("SECRET", _secret, StringComparison.Ordinal);
        var root = _home.WriteCatalog("shop",
            $$$"""{"name":"shop","plugins":[{"name":"tool","source":{"source":"url","url":"{{{url}}}"}},{"name":"part","source":{"source":"git-subdir","url":"{{{url}}}","path":"x"}}]}""");
        await using var watch = new SecretWatch(_secret, _home.Home);
        watch.Look("addition", await new MarketplaceRegistry(_home.Environment).AddAsync(new MarketplaceAddRequest { Source = root }));

        var found = await new PluginQuery(_home.Environment).FindAsync(new PluginFindRequest { IncludeSkipped = true, Resolve = true });
        var results = await InstallAsync(["tool@shop", "part@shop"], GitOptions.Default);

        Assert.Equal(["part", "tool"], found.Plugins.Select(plugin => plugin.Name).Order());
        Assert.All(results, result => Assert.Equal(nameof(MarketErrorCode.CredentialInUrl), result.Error));
        watch.Look("listing", found);
        watch.Look("result", results);
        watch.Look();
        watch.Look("message", _home.Log);
        Assert.Empty(watch.Places);
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task Keys_in_the_configuration_are_neither_shown_nor_made_readable()
    {
        var text = $"[mcp_servers.x]\ncommand = \"x\"\nenv = {{ KEY = \"{_secret}\" }}\n";
        FileOps.Default.WriteNew(_home.ConfigPath, Encoding.UTF8.GetBytes(text), FileOps.PrivateFile);
        var registry = new MarketplaceRegistry(_home.Environment);
        await using var watch = new SecretWatch(_secret, _home.Scratch["work"]);

        watch.Look("addition",
            await registry.AddAsync(new MarketplaceAddRequest { Source = _home.WriteMarketplace("local", "local", "one") }));
        watch.Look("result", await InstallAsync(["one@local"], GitOptions.Default));
        watch.Look("listing", await registry.ListAsync(new MarketplaceListRequest()));
        var holding = Directory.GetFiles(_home.Home, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => File.ReadAllText(file, Encoding.Latin1).Contains(_secret, StringComparison.Ordinal)).ToList();
        _home.WriteConfig(text + "broken = \"" + _secret);
        watch.Look("error", await FailsAsync(() => registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "local" })));

        watch.Look("message", _home.Log);
        Assert.Empty(watch.Places);
        Assert.Contains(_home.ConfigPath, holding);
        Assert.All(holding, file => Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(file).Mode));
    }

    [Fact]
    public async Task What_is_staged_is_for_its_owner_alone()
    {
        var options = HandOver("credential");
        var modes = new List<UnixFileMode>();
        _server.Answer = _ =>
        {
            var staging = Path.Join(_home.CodexHome, "plugins", ".pluginmarket", "staging");
            modes.AddRange(Directory.GetDirectories(staging).Append(staging).Select(folder => FileOps.Default.Examine(folder).Mode));
            return null;
        };

        await new MarketplaceRegistry(_home.Environment).AddAsync(
            new MarketplaceAddRequest { Source = _server.Url + "/market", Git = options });

        Assert.NotEmpty(modes);
        Assert.All(modes, mode => Assert.Equal(FileOps.PrivateFolder, mode));
    }

    private static async Task<PluginMarketException> FailsAsync(Func<Task> action) =>
        await Assert.ThrowsAsync<PluginMarketException>(action);

    private GitOptions HandOver(string way)
    {
        var variables = new Dictionary<string, string>(_home.Environment.Variables, StringComparer.Ordinal)
        {
            ["GIT_SSL_CAINFO"] = _tls.PemPath,
            ["GIT_TRACE"] = "1",
            ["GIT_TRACE_CURL"] = "1",
            ["GIT_CURL_VERBOSE"] = "1",
        };
        GitOptions options = new();
        switch (way)
        {
            case "variable":
                variables["PLUGINMARKET_GIT_TOKEN"] = _secret;
                variables["PLUGINMARKET_GIT_TOKEN_HOST"] = _server.Authority;
                _home.Scratch.Write("home/.gitconfig", "[credential]\n\thelper = store\n");
                break;
            case "credential":
                options = options with { Credential = new GitCredential("bob", _secret, _server.Authority) };
                _home.Scratch.Write("home/.gitconfig", "[credential]\n\thelper = store\n");
                break;
            case "helper":
                var answer = _home.Scratch.Write("bin/answer", $"username=bob\npassword={_secret}\n");
                var helper = GitFixture.Program(_home.Scratch, "bin/helper", $"test \"$1\" = get && cat '{answer}'\nexit 0\n");
                _home.Scratch.Write("home/.gitconfig", $"[credential]\n\thelper = {helper}\n");
                break;
            case "rewriting":
                variables["GIT_CONFIG_COUNT"] = "1";
                variables["GIT_CONFIG_KEY_0"] = $"url.https://bob:{_secret}@{_server.Authority}/.insteadOf";
                variables["GIT_CONFIG_VALUE_0"] = _server.Url + "/";
                _home.Scratch.Write("home/.gitconfig", "[credential]\n\thelper = store\n");
                break;
            default:
                variables["GIT_CONFIG_COUNT"] = "1";
                variables["GIT_CONFIG_KEY_0"] = $"http.{_server.Url}/.extraHeader";
                variables["GIT_CONFIG_VALUE_0"] = "Authorization: Basic "
                    + Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:" + _secret));
                break;
        }

        _home.Change(environment => environment with { Variables = variables });
        return options;
    }

    private async Task UseAsync(SecretWatch watch, GitOptions options, bool succeeds)
    {
        var registry = new MarketplaceRegistry(_home.Environment);
        async Task TryAsync(string what, Func<Task<object>> act)
        {
            var failure = await Record.ExceptionAsync(async () => watch.Look(what, await act()));
            Assert.True(succeeds == (failure is null), failure?.ToString() ?? $"No failure of {what}.");
            watch.Look("error of " + what, failure);
        }

        await TryAsync("addition", async () =>
            await registry.AddAsync(new MarketplaceAddRequest { Source = _server.Url + (succeeds ? "/moved" : "/tool"), Git = options }));
        _market.Write("more", succeeds ? "1" : "2").Commit();
        var updated = await registry.UpdateAsync(new MarketplaceUpdateRequest { Git = options });
        watch.Look("update", updated);
        Assert.Equal(succeeds ? "Updated" : "Failed", Assert.Single(updated.Results).Status);
        watch.Look("listing", await registry.ListAsync(new MarketplaceListRequest()));
        watch.Look("plugins", await new PluginQuery(_home.Environment).FindAsync(
            new PluginFindRequest { Resolve = true, IncludeSkipped = true, Git = options }));
        var results = await InstallAsync(["tool@market"], options);
        watch.Look("result", results);
        Assert.Equal(succeeds ? "Installed" : "Failed", Assert.Single(results).Status);
    }

    private async Task<IReadOnlyList<PluginOperationResult>> InstallAsync(string[] plugins, GitOptions options)
    {
        var installer = new PluginInstaller(_home.Environment);
        var plan = await installer.PlanAsync(new InstallRequest
        {
            References = [.. plugins.Select(PluginReference.Parse)],
            Git = options,
            Intent = new InstallIntent.Install { Reinstall = true },
        });
        var results = plan.Failures.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        return results;
    }
}
