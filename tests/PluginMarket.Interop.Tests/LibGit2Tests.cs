using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>One home without a git command for us: everything over http through libgit2, and Codex lists what came.</summary>
public sealed class LibGit2Tests : IAsyncDisposable
{
    private static readonly string[] Urls = ["url-branch", "url-tag", "url-sha"];
    private static readonly string[] All = ["by-branch@shop", "by-sha@shop", "by-tag@shop", "inside@shop", "url-branch@shop",
        "url-sha@shop", "url-tag@shop", "whole@shop"];

    private readonly ScratchFolder _scratch = new();
    private readonly RecordingLog _log = new();
    private readonly CodexCli _codex;
    private readonly GitHttpServer _server;

    public LibGit2Tests()
    {
        _codex = Judge.Current;
        _server = new GitHttpServer(_scratch.MakeFolder("served"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [CodexFact]
    public async Task Without_git_marketplaces_and_plugins_come_as_with_it_and_codex_lists_them()
    {
        var urlFirst = "";
        foreach (var name in Urls)
        {
            var own = GitRepository.Create(_scratch[$"served/{name}"]);
            own.Write(".codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"1.0.0"}""").Commit();
            own.Run("tag", "--annotate", "--message=x", "v1");
            urlFirst = own.Head;
            own.Write(".codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"2.0.0"}""").Write("notes.txt", "new\n").Commit();
        }

        var tool = Tool("1.0.0");
        tool.Run("tag", "v1");
        var first = tool.Head;
        Tool("2.0.0", tool);
        var market = GitRepository.Create(_scratch["served/market"]);
        market.Write(".agents/plugins/marketplace.json", $$$"""
            {"name":"shop","plugins":[
              {"name":"whole","source":{"source":"url","url":"{{{_server.Url}}}/whole"}},
              {"name":"url-branch","source":{"source":"url","url":"{{{_server.Url}}}/url-branch","ref":"main"}},
              {"name":"url-tag","source":{"source":"url","url":"{{{_server.Url}}}/url-tag","ref":"v1"}},
              {"name":"url-sha","source":{"source":"url","url":"{{{_server.Url}}}/url-sha","sha":"{{{urlFirst}}}"}},
              {"name":"by-branch","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-branch","ref":"main"}},
              {"name":"by-tag","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-tag","ref":"v1"}},
              {"name":"by-sha","source":{"source":"git-subdir","url":"{{{_server.Url}}}/tool","path":"plugins/by-sha","sha":"{{{first}}}"}},
              {"name":"inside","source":"./inside"}]}
            """);
        market.Write("inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.0.0"}""").Commit();
        GitRepository.Create(_scratch["served/whole"]).Write(".codex-plugin/plugin.json", """{"name":"whole","version":"1.0.0"}""")
            .Write("run", "#!/bin/sh\n", executable: true).Commit();
        var (with, without) = (Side("with", true), Side("without", false));

        var (ours, theirs) = (await SetUpAsync(without), await SetUpAsync(with));

        Assert.Equal(theirs, ours);
        Assert.Equal(["by-branch 2.0.0", "by-sha 1.0.0", "by-tag 1.0.0", "inside 1.0.0", "url-branch 2.0.0", "url-sha 1.0.0",
            "url-tag 1.0.0", "whole 1.0.0"], ours.Select(line => string.Join(' ', line.Split(' ')[..2])));
        Assert.Equal("libgit2", EngineOf(without, "by-tag"));
        Assert.Equal("git", EngineOf(with, "by-tag"));
        Assert.Equal(All, Listed(without));
        var file = Lock(without, "without.json");
        Assert.Equal(File.ReadAllText(Lock(with, "with.json").Path), File.ReadAllText(file.Path));

        market.Write("inside/.codex-plugin/plugin.json", """{"name":"inside","version":"3.0.0"}""").Commit();
        Tool("4.0.0", tool);
        var updated = await new MarketplaceRegistry(without.Environment).UpdateAsync(new MarketplaceUpdateRequest { Names = ["shop"] });
        Assert.Empty(updated.Failures);
        Assert.Equal(market.Head, Assert.Single(updated.Results).NewCommit);
        var updates = (await new PluginUpdateQuery(without.Environment).FindAsync(new PluginUpdateRequest())).Updates;
        Assert.Equal(["by-branch@shop 2.0.0 4.0.0 False", "inside@shop 1.0.0 3.0.0 False"], updates.Select(
            update => $"{update.Id} {update.FromVersion} {update.ToVersion} {update.IsHistoryRewritten}").Order(StringComparer.Ordinal));
        var again = await without.InstallAsync(new InstallRequest
        {
            References = [.. updates.Select(update => PluginReference.Parse(update.Id) with { TreeHash = update.ToTreeHash })],
            Intent = new InstallIntent.Update(),
        });
        Assert.Equal(["by-branch Updated 4.0.0", "inside Updated 3.0.0"],
            again.Select(result => $"{result.Name} {result.Status} {result.Version}").Order(StringComparer.Ordinal));
        Assert.Equal("Unchanged", Assert.Single(await without.InstallAsync(["by-tag@shop"], reinstall: true)).Status);
        Assert.Equal(All, Listed(without));

        // The lock keeps to what was there before the update, in a home that knows none of the marketplaces.
        var other = Side("other", false);
        Assert.Equal(theirs, Lines(await other.InstallAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } })));
        Assert.Equal("libgit2", EngineOf(other, "by-tag"));
        await new MarketplaceRegistry(other.Environment).AddAsync(new MarketplaceAddRequest { Source = _server.Url + "/market" });
        Assert.Equal(All, Listed(other));
        Assert.All(new IntegrityQuery(other.Environment).Check(new IntegrityRequest { LockFile = file }).Results,
            result => Assert.True(result.IsIntact, result.Reason));
        Assert.NotEmpty(_log.Commands);
        Assert.All(_log.Commands, command => Assert.StartsWith("libgit2: ", command, StringComparison.Ordinal));
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
        return Lines(await side.InstallAsync(All));
    }

    private static List<string> Lines(IReadOnlyList<PluginOperationResult> results)
    {
        Assert.All(results, result => Assert.True(result.Status == "Installed", result.Reason));
        return [.. results.Select(result => $"{result.Name} {result.Version} {result.TreeHash} {result.Commit}")
            .Order(StringComparer.Ordinal)];
    }

    private static string? EngineOf(OurSide side, string plugin) =>
        side.Environment.Home.Receipts.Find(PluginId.Parse(plugin + "@shop"))!.Engine;

    private List<string> Listed(OurSide side)
    {
        var run = _codex.Run(side.Environment.CodexHome, side.Environment.HomePath, ["plugin", "list", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.Json().GetProperty("installed").EnumerateArray().Select(item => item.GetProperty("pluginId").GetString()!)
            .Order(StringComparer.Ordinal)];
    }

    private OurSide Side(string folder, bool hasGit)
    {
        var side = new OurSide(_scratch, folder);
        if (hasGit)
        {
            return side;
        }

        // No program at all can be reached, and none is: the log has every command line and every request.
        side = side.With(("PATH", _scratch.MakeFolder("no-programs")));
        return new OurSide(side.Environment with { Log = _log });
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
