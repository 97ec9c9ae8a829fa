using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Kind of source × use × origin of the catalog: whatever reads a plugin's bytes takes the same ones, or
/// refuses them alike and asks nobody.</summary>
[Trait("Category", "Slow")]
public sealed class OneDoorTests : IAsyncDisposable
{
    private static readonly string[] Uses = ["list", "resolve", "check", "check marketplace", "capabilities", "compare", "review",
        "save", "install", "update", "lock", "freeze", "restore", "repair"];

    private readonly ScratchFolder _scratch = new();
    private readonly RecordingLog _log = new();
    private readonly GitRepository _repository;
    private readonly GitHttpServer _server;
    private readonly NpmRegistry _registry = new();
    private MarketEnvironment _environment;
    private string _root = "";

    public OneDoorTests()
    {
        Assert.SkipWhen(NpmRegistry.MissingNpm is not null, NpmRegistry.MissingNpm ?? "");
        _environment = _scratch.Environment(null, _log) with { WorkingDirectory = _scratch.MakeFolder("elsewhere") };
        _repository = GitRepository.Create(_scratch["served/tool"]);
        _repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""")
            .Write("run.sh", "#!/bin/sh\n", executable: true);
        _repository.Write("plugins/tool/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""")
            .Write("plugins/tool/run.sh", "#!/bin/sh\n", executable: true).Commit();
        _server = new GitHttpServer(_scratch["served"]);
        _registry.Publish("tool", "1.0.0",
            NpmTarballBuilder.Plugin("tool", "1.0.0").Add("package/run.sh", "#!/bin/sh\n", executable: true).ToTarball());
        _scratch.Write("home/.npmrc", _registry.Configuration);
    }

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var kind in (string[])["local", "url", "git-subdir", "npm"])
        {
            foreach (var origin in (string[])["user", "personal", "repository", "network"])
            {
                rows.Add(kind, origin);
            }
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public void The_table_has_at_least_ninety_cells() => Assert.True(Rows().Count * Uses.Length >= 90);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_use_gives_the_same_answer_for_the_same_entry(string kind, string origin)
    {
        Place(kind, origin);
        var isRefused = origin == "network" && kind != "local";
        var found = new Dictionary<string, string>();
        foreach (var use in Uses)
        {
            found[use] = await Answer(use);
            if (isRefused)
            {
                Assert.Empty(_server.Log);
                Assert.Empty(_registry.Log);
            }
        }

        if (isRefused)
        {
            Assert.All(Uses.Except(["list"]),
                use => Assert.True(found[use] == nameof(MarketErrorCode.HostNotAllowed), $"{use}: {found[use]}"));
            return;
        }

        var digest = found["install"];
        Assert.StartsWith("sha256:", digest, StringComparison.Ordinal);
        Assert.All(Uses.Except(["list", "resolve", "check", "check marketplace"]),
            use => Assert.True(found[use] == digest, $"{use}: {found[use]}, installed: {digest}"));
        Assert.Equal(("Available", "Available", "True", "True"),
            (found["list"], found["resolve"], found["check"], found["check marketplace"]));
        if (kind is "url" or "git-subdir")
        {
            Assert.NotEmpty(_server.Log);
        }
    }

    [Theory]
    [InlineData("url")]
    [InlineData("git-subdir")]
    public async Task AllowHost_opens_the_host_for_everything_that_fetches(string kind)
    {
        Place(kind, "network");
        var git = new GitOptions { AllowHosts = [_server.Authority] };
        var entry = Located();
        await using var query = new PluginContentQuery(_environment, git);

        Assert.True((await new Validator(_environment).CheckEntryAsync(entry, new ValidationRequest { Git = git })).IsValid);
        Assert.Equal("1.0.0", (await query.OpenAsync(entry)).Manifest.Version);
        Assert.Equal("Available", Assert.Single(
            (await new PluginQuery(_environment).FindAsync(new PluginFindRequest { Resolve = true, Git = git })).Plugins).Status);
        Assert.Equal("Installed", (await Install(request => request with { Git = git })).Status);
    }

    private void Place(string kind, string origin)
    {
        var source = kind switch
        {
            "local" => "\"./tool\"",
            "url" => $$"""{"source":"url","url":"{{_server.Url}}/tool"}""",
            "git-subdir" => $$"""{"source":"git-subdir","url":"{{_server.Url}}/tool","path":"plugins/tool"}""",
            _ => origin == "network"
                ? """{"source":"npm","package":"tool","registry":"https://127.0.0.1:1/"}""" : """{"source":"npm","package":"tool"}""",
        };
        var folder =
            origin switch { "user" => "shop", "personal" => "home", "repository" => "clone", _ => "home/.codex/.tmp/marketplaces/shop" };
        _root = _scratch[folder];
        _scratch.Write($"{folder}/.agents/plugins/marketplace.json",
            $$"""{"name":"shop","plugins":[{"name":"tool","source":{{source}}}]}""");
        if (kind == "local")
        {
            _scratch.Write($"{folder}/tool/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""");
            _scratch.Write($"{folder}/tool/skills/a/SKILL.md", "---\nname: a\ndescription: d\n---\nDo.\n");
        }

        var config = origin switch
        {
            "user" => $"[marketplaces.shop]\nsource_type = \"local\"\nsource = {JsonSerializer.Serialize(_root)}\n",
            "network" => "[marketplaces.shop]\nsource_type = \"git\"\nsource = \"https://example.com/acme/shop.git\"\n",
            _ => "",
        };
        _scratch.Write("home/.codex/config.toml", config);
        _environment = origin == "repository" ? _environment with { WorkingDirectory = _root } : _environment;
    }

    private LocatedEntry Located() => Assert.Single(MarketplaceView.Open(_environment).Locate("tool", "shop"));

    private async Task<PluginOperationResult> Install(Func<InstallRequest, InstallRequest> change)
    {
        var installer = new PluginInstaller(_environment);
        var plan = await installer.PlanAsync(
            change(new InstallRequest { References = [PluginReference.Parse("tool@shop")], TrustMarketplace = true }));
        if (plan.Failures is [var refused, ..])
        {
            return refused;
        }

        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            return result;
        }

        throw new InvalidOperationException("Nothing was installed.");
    }

    private async Task<PluginOperationResult> Save()
    {
        var folder = _scratch[$"saved-{Guid.NewGuid():N}"];
        var save = new SavePlugin(_environment, folder, force: false);
        var plan = await save.PlanAsync(
            new InstallRequest { References = [PluginReference.Parse("tool@shop")], TrustMarketplace = true }, CancellationToken.None);
        Assert.Empty(plan.Failures);
        await foreach (var result in save.RunAsync(plan, plan.Items, CancellationToken.None))
        {
            Assert.Equal(result.Error is null, Directory.Exists(Path.Join(folder, "tool")));
            Assert.True(result.TreeHash is null || result.TreeHash
                == TreeDigest.Compute(FolderTree.Read(Path.Join(folder, "tool"), FileOps.Default, Limits.Default)));
            return result;
        }

        throw new InvalidOperationException("Nothing was saved.");
    }

    private async Task<string> Answer(string use)
    {
        try
        {
            return await Use(use);
        }
        catch (PluginMarketException failure)
        {
            return failure.Code.ToString();
        }
    }

    private async Task<string> Use(string use)
    {
        var lockPath = _scratch["shop.lock.json"];
        switch (use)
        {
            case "list":
                return Assert.Single((await new PluginQuery(_environment).FindAsync(new PluginFindRequest())).Plugins).Status ?? "null";
            case "resolve":
                var plugin = Assert.Single(
                    (await new PluginQuery(_environment).FindAsync(new PluginFindRequest { Resolve = true })).Plugins);
                return plugin.GetFailure()?.Code.ToString() ?? plugin.Status ?? "null";
            case "check":
                return (await new Validator(_environment).CheckEntryAsync(Located(), new ValidationRequest())).IsValid.ToString();
            case "check marketplace":
                var listing = await new Validator(_environment).CheckMarketplacesAsync(
                    new ValidationRequest { Paths = [_root], ResolveSources = true });
                var unreachable = Assert.Single(listing.Results).Diagnostics
                    .FirstOrDefault(found => found.Message.Contains("A catalog from a public host", StringComparison.Ordinal));
                return unreachable is null ? listing.Results[0].IsValid.ToString() : nameof(MarketErrorCode.HostNotAllowed);
            case "capabilities":
                await using (var query = new PluginContentQuery(_environment))
                {
                    return TreeDigest.Compute((await query.OpenAsync(Located())).Files);
                }

            case "compare":
                await using (var query = new PluginContentQuery(_environment))
                {
                    var (first, second) = (await query.OpenAsync(PluginReference.Parse("tool@shop"), PluginContentPlace.Catalog),
                        await query.OpenAsync(Located()));
                    Assert.True(first.IsSameAs(second));
                    return TreeDigest.Compute(second.Files);
                }

            case "review":
                return (await new PluginReview(_environment).ApproveAsync(PluginReference.Parse("tool@shop"))).TreeHash;
            case "save":
                return Result(await Save());
            case "install":
                return Result(await Install(request => request));
            case "update":
                return Result(await Install(request => request with { Intent = new InstallIntent.Install { Reinstall = true } }));
            case "lock":
                return IsInstalled ? Lock(lockPath).TreeHash : Result(await Install(request => request));
            case "freeze":
                if (!IsInstalled)
                {
                    return Result(await Install(request => request));
                }

                var frozen = _scratch[$"frozen-{Guid.NewGuid():N}"];
                await new FrozenMarketplace(_environment).WriteAsync(new PluginLockFile(lockPath, [Lock(lockPath)]), frozen);
                return TreeDigest.Compute(FolderTree.Read(Path.Join(frozen, "plugins/tool"), FileOps.Default, Limits.Default));
            case "restore":
                return !IsInstalled
                    ? Result(await Install(request => request))
                    : Result(await Install(request => request with
                    {
                        References = [],
                        Intent = new InstallIntent.RestoreLock
                        {
                            Entries = new PluginLockFile(lockPath, [Lock(lockPath)]).Entries,
                            Frozen = true,
                        },
                    }));
            case "repair":
                if (!IsInstalled)
                {
                    return Result(await Install(request => request));
                }

                File.WriteAllText(Path.Join(_environment.Home.Cache.ActivePath(PluginId.Parse("tool@shop"))!, "added.txt"), "x");
                return Result(await new PluginRepairer(_environment).RepairAsync(PluginReference.Parse("tool@shop")));
            default:
                throw new ArgumentException(use, nameof(use));
        }
    }

    private bool IsInstalled => _environment.Home.Cache.ActivePath(PluginId.Parse("tool@shop")) is not null;

    private PluginLockEntry Lock(string path)
    {
        var draft = new LockFileMaker(_environment).Make(path, ["tool"]);
        Assert.Empty(draft.Failures);
        return Assert.Single(draft.File.Entries);
    }

    private static string Result(PluginOperationResult result) => result.Error ?? result.TreeHash ?? result.Status;
}
