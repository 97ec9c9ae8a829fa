using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Plugins whose files come from repositories of their own.</summary>
[Trait("Category", "Slow")]
public sealed class GitInstallTests
{
    [Fact]
    public async Task A_repository_is_installed_into_its_version_with_its_commit()
    {
        using var shop = new TestShop();
        var repository = Repository(shop, "1.0.0");
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}"}}""");

        var result = await shop.InstallAsync("tool@shop");

        Assert.True(result.Status == "Installed", result.Reason);
        Assert.Equal(("1.0.0", repository.Head), (result.Version, result.Commit));
        Assert.False(Path.Exists(Path.Join(result.Path, ".git")));
        var receipt = shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!;
        Assert.Equal(("git", repository.Head, "git"), (receipt.SourceType, receipt.Provenance.OwnCommit, receipt.Engine));
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
    }

    [Fact]
    public async Task A_folder_of_a_repository_is_installed_alone()
    {
        using var shop = new TestShop();
        var repository = GitRepository.Create(shop.Scratch["repository"]);
        repository.Write("plugins/tool/.codex-plugin/plugin.json", """{"name":"tool"}""").Write("other.txt", "x").Commit();
        shop.Catalog($$$"""{"name":"tool","source":{"source":"git-subdir","url":"{{{repository.FileUrl}}}","path":"plugins/tool"}}""");

        var result = await shop.InstallAsync("tool@shop");

        Assert.True(result.Status == "Installed", result.Reason);
        Assert.Equal((null, "local"), (result.Version, result.CacheVersion));
        Assert.Equal([".codex-plugin"], FileOps.Default.List(result.Path!));
    }

    [Fact]
    public async Task A_commit_that_is_missing_gets_advice_that_can_help()
    {
        using var shop = new TestShop();
        var repository = Repository(shop, "1.0.0");
        foreach (var commit in new[] { $"\"sha\":\"{new string('a', 40)}\"", $"\"ref\":\"{new string('a', 40)}\"", "\"sha\":\"aaaa\"" })
        {
            shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}",{{{commit}}}}}""");

            var reason = (await shop.InstallAsync("tool@shop")).Reason;

            Assert.Contains("in a clone", reason, StringComparison.Ordinal);
            Assert.DoesNotContain("ls-remote", reason, StringComparison.Ordinal);
        }

        var said = GitFailures.Explain(GitUrl.Parse("https://git.example/o/r.git"), "fatal: remote error: upload-pack: not our ref abc\0\n",
            SecretMask.None, "fetch");
        Assert.Equal(MarketErrorCode.GitRefNotFound, said.Code);
        Assert.Contains("git said: fatal: remote error: upload-pack: not our ref abc", said.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("u{0000}", said.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ls-remote", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_moved_is_an_update_and_a_sha_is_exact()
    {
        using var shop = new TestShop();
        var repository = Repository(shop, "1.0.0");
        var first = repository.Head;
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}"}}""");
        await shop.InstallAsync("tool@shop");
        repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"2.0.0"}""").Commit();

        Assert.Equal("UpdateAvailable", (await shop.InstallAsync("tool@shop")).ReasonCode);
        var updated = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });
        Assert.Equal(("Updated", "2.0.0", "1.0.0"), (updated.Status, updated.Version, updated.PreviousVersion));

        TestShop.AssertFailed(MarketErrorCode.DowngradeRefused,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Sha = first } }));
        var back = await shop.InstallAsync("tool@shop",
            request => request with { AllowDowngrade = true, Intent = new InstallIntent.Install { Sha = first } });
        Assert.Equal(("Updated", "1.0.0", first), (back.Status, back.Version, back.Commit));
        Assert.Equal(["1.0.0"], FileOps.Default.List(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
        TestShop.AssertFailed(MarketErrorCode.GitCommitMismatch,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Sha = first[..12] } }));
        TestShop.AssertFailed(MarketErrorCode.GitRefNotFound,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Ref = "nowhere" } }));
    }

    [Fact]
    public async Task Many_plugins_of_one_repository_come_from_one_commit()
    {
        using var shop = new TestShop();
        var repository = GitRepository.Create(shop.Scratch["repository"]);
        var names = Enumerable.Range(0, 12).Select(i => $"p{i}").ToList();
        names.ForEach(name => repository.Write($"{name}/.codex-plugin/plugin.json", $$"""{"name":"{{name}}"}"""));
        repository.Commit();
        shop.Catalog([.. names.Select(
            name => $$$"""{"name":"{{{name}}}","source":{"source":"git-subdir","url":"{{{repository.FileUrl}}}","path":"{{{name}}}"}}""")]);

        var results = await shop.InstallAllAsync(
            new InstallRequest { References = [.. names.Select(name => PluginReference.Parse(name + "@shop"))] });

        Assert.All(results, result => Assert.True(result.Status == "Installed" && result.Commit == repository.Head, result.Reason));
        Assert.Equal(names.Count, results.Count);
    }

    [Fact]
    public async Task A_folder_that_the_commit_lacks_is_stated()
    {
        using var shop = new TestShop();
        var repository = Repository(shop, "1.0.0");
        shop.Catalog($$$"""{"name":"tool","source":{"source":"git-subdir","url":"{{{repository.FileUrl}}}","path":"nowhere"}}""");

        var before = shop.Inventory();

        TestShop.AssertFailed(MarketErrorCode.SourceUnreachable, await shop.InstallAsync("tool@shop"));
        Assert.Equal(before, shop.Inventory());
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/x", "", MarketErrorCode.SourceUnreachable, "https://127.0.0.1:1/x")]
    [InlineData("REPOSITORY", ",\"ref\":\"nowhere\"", MarketErrorCode.GitRefNotFound, "nowhere")]
    [InlineData("REPOSITORY", ",\"sha\":\"0123456789012345678901234567890123456789\"", MarketErrorCode.GitRefNotFound, "file://")]
    [InlineData("REPOSITORY", ",\"sha\":\"0123456\"", MarketErrorCode.GitCommitMismatch, "0123456")]
    [InlineData("https://bob:canary@h/x", "", MarketErrorCode.CredentialInUrl, "user name or password")]
    public async Task A_failure_of_git_names_the_plugin_and_the_address(string url, string more, MarketErrorCode code, string said)
    {
        using var shop = new TestShop();
        var repository = Repository(shop, "1.0.0");
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{url.Replace("REPOSITORY", repository.FileUrl,
            StringComparison.Ordinal)}}}"{{{more}}}}}""");

        var result = await shop.InstallAsync("tool@shop");

        TestShop.AssertFailed(code, result);
        Assert.Equal("tool@shop", result.GetFailure()!.Target);
        Assert.Contains("'tool@shop'", result.Reason, StringComparison.Ordinal);
        Assert.Contains(said, result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Reason, StringComparison.Ordinal);
    }

    private static GitRepository Repository(TestShop shop, string version)
    {
        var repository = GitRepository.Create(shop.Scratch["repository"]);
        repository.Write(".codex-plugin/plugin.json", $$"""{"name":"tool","version":"{{version}}"}""").Commit();
        return repository;
    }
}
