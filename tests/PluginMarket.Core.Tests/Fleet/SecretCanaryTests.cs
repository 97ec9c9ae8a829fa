using System.Text;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Records;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>A token that opens a repository, in a helper, in the environment, in an address: found
/// nowhere afterwards (promise 15).</summary>
[Trait("Category", "Slow")]
public sealed class SecretCanaryTests : IAsyncDisposable
{
    private const string Canary = "canary-9c41f0d2";

    private readonly TestShop _shop;
    private readonly GitRepository _repository;
    private readonly GitHttpServer _server;
    private readonly RecordingLog _log = new();
    private readonly List<string> _seen = [];

    public SecretCanaryTests()
    {
        _shop = new TestShop();
        _repository = GitRepository.Create(_shop.Scratch.MakeFolder("served/tool"));
        _repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""").Commit();
        _server = new GitHttpServer(_shop.Scratch["served"]) { RequiredToken = Canary };
        _shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{_server.Url}}}/tool"}}""",
            $$$"""{"name":"open","source":{"source":"url","url":"{{{_server.Url.Replace("//", "//user:" + Canary + "@",
                StringComparison.Ordinal)}}}/tool"}}""");
        _shop.Environment = _shop.Environment with { Log = _log };
    }

    [Theory]
    [InlineData("helper")]
    [InlineData("environment")]
    [InlineData("credential")]
    public async Task A_token_that_opens_a_repository_is_found_nowhere(string way)
    {
        var git = GitOptions.Default;
        switch (way)
        {
            case "helper":
                With(("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "credential.helper"),
                    ("GIT_CONFIG_VALUE_0", $"!f() {{ test \"$1\" = get && printf 'username=u\\npassword={Canary}\\n'; }}; f"));
                break;
            case "environment":
                With(("PLUGINMARKET_GIT_TOKEN", Canary), ("PLUGINMARKET_GIT_TOKEN_HOST", _server.Authority));
                break;
            default:
                git = new GitOptions { Credential = new GitCredential("bob", Canary, _server.Authority) };
                break;
        }

        await RunEverythingAsync(git);

        Assert.Contains(_server.Log, request => request.Token == Canary);
        Assert.True(File.Exists(_shop.Layout.State.HistoryPath));
        AssertNowhere();
    }

    [Fact]
    public async Task A_token_in_an_address_is_refused_and_found_nowhere()
    {
        var url = $"https://user:{Canary}@example.com/tool.git";
        Note(await _shop.InstallAsync("open@shop"));
        Note(await Assert.ThrowsAsync<PluginMarketException>(
            () => new MarketplaceRegistry(_shop.Environment).AddAsync(new MarketplaceAddRequest { Source = url })));
        var path = _shop.Scratch.Write("edited.json",
            $$"""{"format":1,"plugins":[{"id":"tool@shop","source":{"type":"git","url":"{{url}}","commit":"0123456789012345678901234567890123456789"},"treeHash":"{{TreeDigest.OfBytes(
                [1])}}"}]}""");
        var refused = Assert.Throws<PluginMarketException>(() => PluginLockFile.Read(_shop.Environment, path));
        Assert.Equal(MarketErrorCode.CredentialInUrl, refused.Code);
        Note(refused);
        File.Delete(path);

        AssertNowhere();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _shop.Dispose();
    }

    private async Task RunEverythingAsync(GitOptions git)
    {
        var installed = await _shop.InstallAsync("tool@shop", request => request with { Git = git });
        Assert.True(installed.Status == "Installed", installed.Reason);
        Note(installed);
        var draft = new LockFileMaker(_shop.Environment).Make(_shop.Scratch["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(_shop.Environment);
        Note(draft.File);
        File.AppendAllText(Path.Join(installed.Path, ".codex-plugin/plugin.json"), " ");
        Note(new IntegrityQuery(_shop.Environment).Check(new IntegrityRequest()).Results);
        var repaired = await new PluginRepairer(_shop.Environment).RepairAsync(PluginReference.Parse("tool@shop"), git);
        Assert.True(repaired.Status == "Updated", repaired.Reason);
        Note(repaired);
        Note(await new FrozenMarketplace(_shop.Environment).WriteAsync(draft.File, _shop.Scratch["frozen"], git));
        Note(new InstalledPluginQuery(_shop.Environment).List(new InstalledPluginRequest { IncludeHash = true }));
        Note(new SecurityContextQuery(_shop.Environment).Read());

        // A review, and what comes of it.
        _repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"2.0.0"}""").Commit();
        var updates = await new PluginUpdateQuery(_shop.Environment).FindAsync(
            new PluginUpdateRequest { Names = ["tool"], Git = git, IncludeContentChange = true });
        Note(updates);
        var approval = await new PluginReview(_shop.Environment).ApproveAsync(PluginReference.Parse("tool@shop"), "CHG-1", git);
        await ApprovalFile.AddAsync(_shop.Environment, _shop.Scratch["approvals.json"], approval);
        Note(approval);
        Note(
            await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest { Resolve = true, IncludeSkipped = true, Git = git }));
        var updated = await _shop.UpdateAsync(Assert.Single(updates.Updates), request => request with { Git = git });
        Assert.True(updated.Status == "Updated", updated.Reason);
        Note(updated);
        Note(await new HoldPlugin(_shop.Environment).HoldAsync(PluginReference.Parse("tool@shop"), "CHG-1"));
        Note(await new HoldPlugin(_shop.Environment).ReleaseAsync(PluginReference.Parse("tool@shop"), "CHG-2"));

        // A server that says no, and one that is gone.
        _server.RequiredToken = "another";
        Note(await _shop.InstallAsync("tool@shop",
            request => request with { Git = git, Intent = new InstallIntent.Install { Reinstall = true } }));
        await _server.DisposeAsync();
        Note(await _shop.InstallAsync("tool@shop",
            request => request with { Git = git, Intent = new InstallIntent.Install { Reinstall = true } }));
    }

    private void With(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(_shop.Environment.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        _shop.Environment = _shop.Environment with { Variables = all };
    }

    private void Note(object found)
    {
        _seen.Add(found as string ?? (found is Exception ? found.ToString()! : JsonSerializer.Serialize(found, found.GetType())));
        if (found is PluginOperationResult result && result.GetFailure() is { } failure)
        {
            Note(failure);
        }
    }

    private void AssertNowhere()
    {
        Assert.NotEmpty(_seen);
        Assert.DoesNotContain(_seen.Concat(_log.Commands).Concat(_log.Warnings).Concat(_log.Details),
            text => text.Contains(Canary, StringComparison.Ordinal));
        var files = Directory.EnumerateFiles(_shop.Scratch.Path, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(path => path != Path.Join(_shop.Root, ".agents/plugins/marketplace.json")).ToList();
        Assert.DoesNotContain(files, path => File.ReadAllText(path, Encoding.Latin1).Contains(Canary, StringComparison.Ordinal));
    }
}
