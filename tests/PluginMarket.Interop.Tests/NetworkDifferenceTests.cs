using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Differences in which addresses are reached, each beside what Codex reaches. Public names lead to a server on this machine by
/// the user's own git configuration, which both tools heed.</summary>
public sealed class NetworkDifferenceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    [Shows("url-credential")]
    public async Task A_secret_in_a_source_is_refused_by_us_and_written_down_by_Codex()
    {
        _home.GitMarketplace();
        var url = _home.GitUrl.Replace("http://", "http://user:secret@", StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(url));
        Assert.Equal(MarketErrorCode.CredentialInUrl, refusal.Code);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", url).ExitCode);
        Assert.Contains("secret", _home.AloneConfiguration, StringComparison.Ordinal);
    }

    [CodexTheory]
    [Shows("revision")]
    [InlineData("main~0")]
    [InlineData("@")]
    public async Task A_revision_that_is_not_a_name_is_resolved_by_Codex_alone(string revision)
    {
        _home.GitMarketplace();
        _home.Write("revised/.agents/plugins/marketplace.json", $$$"""
            {"name":"revised","plugins":[{"name":"kit","source":{"source":"url","url":"{{{_home.Server.Url}}}/kit","ref":"{{{revision}}}"}}]}
            """);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home["revised"]).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "kit@revised").ExitCode);

        await _home.AddAsync(_home["revised"]);
        var refused = await _home.InstallAsync("kit@revised");
        Assert.Equal(("Failed", "GitRefNotFound"), (refused.Status, refused.Error));
    }

    [CodexFact]
    [Shows("plain-http")]
    public async Task Plain_http_to_another_host_is_refused_until_it_is_allowed()
    {
        const string Url = "http://plugins.example.org/tools";
        _home.GitMarketplace();
        _home.LeadToThisMachine("http://plugins.example.org/");
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", Url).ExitCode);

        var refusal = await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(Url));
        Assert.Equal(MarketErrorCode.HttpNotAllowed, refusal.Code);
        var allowed = await new MarketplaceRegistry(_home.Ours.Environment).AddAsync(
            new MarketplaceAddRequest { Source = Url, Git = new GitOptions { AllowHttp = true } });
        Assert.Equal((Url, 5), (allowed.Marketplace.Source, allowed.Marketplace.Plugins));
    }

    [CodexFact]
    [Shows("private-address")]
    public async Task A_catalog_from_a_public_host_does_not_lead_us_to_this_machine()
    {
        const string Url = "https://plugins.example.org/tools";
        _home.GitMarketplace();
        _home.LeadToThisMachine("https://plugins.example.org/");
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", Url).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "kit@tools").ExitCode);

        await _home.AddAsync(Url);
        var refused = await _home.InstallAsync("kit@tools");
        Assert.Equal(("Failed", "HostNotAllowed"), (refused.Status, refused.Error));
        Assert.Equal("Installed", Assert.Single(await _home.Ours.InstallAsync(new InstallRequest
        {
            References = [PluginReference.Parse("kit@tools")],
            Git = new GitOptions { AllowHosts = ["127.0.0.1"] },
        })).Status);
    }

    [CodexFact]
    [Shows("redirects")]
    public async Task A_redirect_to_plain_http_is_followed_by_Codex_alone()
    {
        _home.GitMarketplace();
        var moved = _home.GitUrl.Replace("/tools", "/moved", StringComparison.Ordinal);
        _home.Server.Answer = request => request.Path.StartsWith("/moved/", StringComparison.Ordinal)
            ? GitHttpAnswer.Redirect($"{_home.GitUrl}/{request.Path["/moved/".Length..]}?{request.Query}")
            : null;
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", moved).ExitCode);
        var refusal = await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(moved));
        Assert.Equal(MarketErrorCode.RedirectRefused, refusal.Code);
    }

    [CodexFact]
    [Shows("local-from-remote")]
    public async Task A_local_repository_named_by_a_catalog_from_the_network_is_skipped_by_us_alone()
    {
        var repository = _home.GitMarketplace();
        var secret = GitRepository.Create(_home["secret"],
            new Dictionary<string, string> { [".codex-plugin/plugin.json"] = """{"name":"private","version":"1.0.0"}""" });
        repository.Write(".agents/plugins/marketplace.json", $$$"""
            {"name":"tools","plugins":[
              {"name":"inside","source":"./plugins/inside"},
              {"name":"private","source":{"source":"url","url":"{{{secret.FileUrl}}}"}},
              {"name":"path","source":{"source":"url","url":"{{{secret.Folder}}}"}}]}
            """).Commit();
        await _home.AddAsync(_home.GitUrl);
        Assert.Contains("private@tools", _home.CodexAvailable());
        var found = await new PluginQuery(_home.Ours.Environment).FindAsync(new PluginFindRequest { IncludeSkipped = true });
        Assert.Equal(["inside Available", "private Skipped", "path Skipped"],
            found.Plugins.Select(plugin => $"{plugin.Name} {plugin.Status}"));
        Assert.Equal("Failed", (await _home.InstallAsync("private@tools")).Status);
        _home.Codex("add", "private@tools");
    }

    [CodexFact]
    [Shows("file-url")]
    public async Task A_file_url_is_a_source_for_us_alone_and_Codex_goes_on_with_it()
    {
        var repository = _home.GitMarketplace();
        Assert.NotEqual(0, _home.TryCodex("marketplace", "add", repository.FileUrl).ExitCode);
        await _home.AddAsync(repository.FileUrl);
        Assert.Contains("inside@tools", _home.CodexAvailable());
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        repository.Write("other/file.txt", "2").Commit();
        Assert.Single(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
    }
}
