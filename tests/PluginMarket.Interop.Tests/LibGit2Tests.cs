using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>One home without a git command for us: everything over http through libgit2, and Codex lists what came.</summary>
public sealed class LibGit2Tests : IAsyncDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly CodexCli _codex;
    private readonly GitHttpServer _server;

    public LibGit2Tests()
    {
        var codex = CodexCli.Find(out var missing);
        Assert.SkipWhen(codex is null, missing ?? "");
        Assert.SkipWhen(LibGit2File.Find() is null, LibGit2File.Missing);
        _codex = codex!;
        _server = new GitHttpServer(_scratch.MakeFolder("served"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Without_git_marketplaces_and_plugins_come_as_with_it_and_codex_lists_them()
    {
        var tool = Tool("1.0.0");
        tool.Run("tag", "v1");
        var first = tool.Head;
        Tool("2.0.0", tool);
        var market = GitRepository.Create(_scratch["served/market"]);
        market.Write(".agents/plugins/marketplace.json", $$$"""
            {"name":"shop","plugins":[
              {"name":"whole","source":{"source":"url","url":"{{{_server.Url}}}/whole"}},
              {"name":"by-branch","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-branch","ref":"main"}},
              {"name":"by-tag","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-tag","ref":"v1"}},
              {"name":"by-sha","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-sha","sha":"{{{first}}}"}},
              {"name":"inside","source":"./inside"}]}
            """);
        market.Write("inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.0.0"}""").Commit();
        GitRepository.Create(_scratch["served/whole"]).Write(".codex-plugin/plugin.json", """{"name":"whole","version":"1.0.0"}""").Write("run", "#!/bin/sh\n", executable: true).Commit();
        var (with, without) = (Side("with", true), Side("without", false));

        var (ours, theirs) = (await SetUpAsync(without), await SetUpAsync(with));

        Assert.Equal(theirs, ours);
        Assert.Equal(["by-branch 2.0.0", "by-sha 1.0.0", "by-tag 1.0.0", "inside 1.0.0", "whole 1.0.0"], ours.Select(line => string.Join(' ', line.Split(' ')[..2])));
        Assert.Equal("libgit2", EngineOf(without, "by-tag"));
        Assert.Equal("git", EngineOf(with, "by-tag"));
        Assert.Equal(["by-branch@shop", "by-sha@shop", "by-tag@shop", "inside@shop", "whole@shop"], Listed(without));
        var file = Lock(without, "without.json");
        Assert.Equal(File.ReadAllText(Lock(with, "with.json").Path), File.ReadAllText(file.Path));

        market.Write("inside/.codex-plugin/plugin.json", """{"name":"inside","version":"3.0.0"}""").Commit();
        Tool("4.0.0", tool);
        var updated = await new MarketplaceRegistry(without.Environment).UpdateAsync(new MarketplaceUpdateRequest { Names = ["shop"] });
        Assert.Empty(updated.Failures);
        Assert.Equal(market.Head, Assert.Single(updated.Results).NewCommit);
        var again = await without.InstallAsync(["inside@shop", "by-branch@shop", "by-tag@shop"], reinstall: true);
        Assert.Equal(["by-branch Updated 4.0.0", "by-tag Unchanged 1.0.0", "inside Updated 3.0.0"], again.Select(result => $"{result.Name} {result.Status} {result.Version}").Order(StringComparer.Ordinal));

        // The lock keeps to what was there before the update, in a home that knows none of the marketplaces.
        var other = Side("other", false);
        Assert.Equal(theirs, Lines(await other.InstallAsync(new InstallRequest { LockFile = file, Frozen = true })));
        Assert.Equal("libgit2", EngineOf(other, "by-tag"));
        Assert.All(new IntegrityQuery(other.Environment).Check(new IntegrityRequest { LockFile = file }).Results, result => Assert.True(result.IsIntact, result.Reason));
    }

    private PluginLockFile Lock(OurSide side, string name)
    {
        var draft = new LockFileMaker(side.Environment).Make(_scratch[name], []);
        Assert.Empty(draft.Failures);
        Assert.True(draft.File.Write(side.Environment));
        return PluginLockFile.Read(side.Environment, draft.File.Path);
    }

    private async Task<List<string>> SetUpAsync(OurSide side)
    {
        await new MarketplaceRegistry(side.Environment).AddAsync(new MarketplaceAddRequest { Source = _server.Url + "/market" });
        return Lines(await side.InstallAsync(["whole@shop", "by-branch@shop", "by-tag@shop", "by-sha@shop", "inside@shop"]));
    }

    private static List<string> Lines(IReadOnlyList<PluginOperationResult> results)
    {
        Assert.All(results, result => Assert.True(result.Status == "Installed", result.Reason));
        return [.. results.Select(result => $"{result.Name} {result.Version} {result.TreeHash} {result.Commit}").Order(StringComparer.Ordinal)];
    }

    private static string? EngineOf(OurSide side, string plugin) => new ReceiptStore(side.Environment).Find(PluginId.Parse(plugin + "@shop"))!.Engine;

    private List<string> Listed(OurSide side)
    {
        var run = _codex.Run(side.Environment.CodexHome, side.Environment.HomePath, ["plugin", "list", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.Json().GetProperty("installed").EnumerateArray().Select(item => item.GetProperty("pluginId").GetString()!).Order(StringComparer.Ordinal)];
    }

    private OurSide Side(string folder, bool hasGit)
    {
        var side = new OurSide(_scratch, folder);
        var variables = new Dictionary<string, string>(side.Environment.Variables, StringComparer.Ordinal);
        if (!hasGit)
        {
            variables["PLUGINMARKET_LIBGIT2"] = LibGit2File.Find()!;
            variables["PATH"] = _scratch.MakeFolder("no-programs");
        }

        return new OurSide(side.Environment with { Variables = variables });
    }

    private GitRepository Tool(string version, GitRepository? repository = null)
    {
        repository ??= GitRepository.Create(_scratch["served/tool"]);
        foreach (var name in new[] { "by-branch", "by-tag", "by-sha" })
        {
            repository.Write($"plugins/{name}/.codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"{{version}}"}""");
            repository.Write($"plugins/{name}/skills/a/SKILL.md", "---\nname: a\ndescription: d\n---\nDo.\n");
        }

        repository.Commit();
        return repository;
    }
}
