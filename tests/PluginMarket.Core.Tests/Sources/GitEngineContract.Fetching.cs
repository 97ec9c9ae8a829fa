using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>References, commits and files come as they are, and no more of them than is wanted.</summary>
public abstract partial class GitEngineContract
{
    [Fact]
    public async Task A_branch_a_tag_an_annotated_tag_and_the_default_are_resolved()
    {
        var repository = Make();
        repository.Run("tag", "plain");
        repository.Run("tag", "--annotate", "--message=x", "noted");
        repository.Run("branch", "side/way");
        var first = repository.Head;
        repository.Write("later", "2").Commit();
        var server = _git.Serve();
        var store = _git.Store();
        var url = Url(server);

        Assert.Equal(repository.Head, (await Resolve(store, url, null)).Commit);
        Assert.Equal(repository.Head, (await Resolve(store, url, "main")).Commit);
        Assert.Equal(first, (await Resolve(store, url, "plain")).Commit);
        Assert.Equal(first, (await Resolve(store, url, "side/way")).Commit);
        var noted = await Resolve(store, url, "noted");
        Assert.Equal(first, noted.Commit);
        Assert.Equal("refs/tags/noted", noted.ReferenceName);
        Assert.Equal(repository.Run("rev-parse", "noted").Trim(), noted.AdvertisedId);
        Assert.Equal(first, (await Resolve(store, url, "refs/tags/plain")).Commit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ancestor_is_told_from_a_commit_that_history_lost(bool isServed)
    {
        var repository = Make();
        var first = repository.Head;
        repository.Write("later", "2").Commit();
        var lost = repository.Head;
        repository.Run("reset", "--quiet", "--hard", first);
        repository.Write("later", "3").Commit();
        var server = _git.Serve();
        var store = _git.Store();
        var url = isServed ? Url(server) : GitUrl.Parse(repository.FileUrl);

        Assert.True(await IsAncestor(first));
        Assert.False(await IsAncestor(lost));
        Assert.False(await IsAncestor(new string('1', 40)));
        Assert.True(await IsAncestor(repository.Head));

        Task<bool> IsAncestor(string older) =>
            store.IsAncestorAsync(url, older, repository.Head, SourceOrigin.User, CancellationToken.None);
    }

    [Fact]
    public async Task A_commit_is_read_with_kinds_modes_lengths_and_bytes()
    {
        var repository = Make();
        repository.Write("bin/run", "#!/bin/sh\n", executable: true).WriteLink("link", "a/one").Write("ünï/ö", "umlaut");
        repository.Write("raw", [0, 1, 13, 10, 255]);
        repository.Commit();
        repository.AddGitLink("nested").CommitIndex();
        var server = _git.Serve();
        var store = _git.Store();

        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.All);

        Assert.Equal(
            ["a:Directory:0:False", "a/one:File:1:False", "a/two:File:2:False", "b:Directory:0:False", "b/three:File:3:False",
                "bin:Directory:0:False", "bin/run:File:10:True",
                "link:SymbolicLink:0:False", "nested:Submodule:0:False", "raw:File:5:False", "root:File:4:False", "ünï:Directory:0:False",
                "ünï/ö:File:6:False"],
            tree.Entries.Select(e => $"{e.Path}:{e.Kind}:{e.Length}:{e.Executable}"));
        Assert.Equal([0, 1, 13, 10, 255], tree.ReadBytes(tree.Find("raw")!, 100));
        Assert.Equal("a/one", tree.ReadLink(tree.Find("link")!));
        Assert.Equal(repository.Head, tree.Commit);
        Assert.Throws<IOException>(() => tree.Open(tree.Find("link")!));
        Assert.Equal(1, server.Fetches);
    }

    [Fact]
    public async Task Of_a_folder_only_its_own_files_are_fetched()
    {
        var repository = Make();
        var server = _git.Serve();
        var store = _git.Store();

        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.Below(RelativePath.Parse("a")));

        Assert.Equal(["a", "a/one", "a/two"], tree.Entries.Select(e => e.Path));
        Assert.Equal("22", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/two")!, 10)));
        Assert.Equal(["one", "two"], tree.Subtree(RelativePath.Parse("a")).Entries.Select(e => e.Path));
        Assert.Equal(2, server.Fetches);
        var wanted = string.Concat(server.Log.Where(r => r.IsFetch).Select(r => r.BodyText));
        Assert.Contains(repository.Run("rev-parse", "HEAD:a/one").Trim(), wanted, StringComparison.Ordinal);
        Assert.DoesNotContain(repository.Run("rev-parse", "HEAD:b/three").Trim(), wanted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_filters_gets_one_shallow_fetch()
    {
        var repository = Make();
        repository.Run("config", "uploadpack.allowFilter", "false");
        var server = _git.Serve();
        var store = _git.Store();

        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.Below(RelativePath.Parse("b")));

        Assert.Equal("333", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("b/three")!, 10)));
        Assert.Equal(1, server.Fetches);
    }

    [Fact]
    public async Task A_server_that_gives_only_tips_is_fetched_whole()
    {
        var repository = Make();
        var first = repository.Head;
        repository.Write("later", "2").Commit();
        var server = _git.Serve();
        server.SpeaksVersion2 = false;
        var store = _git.Store();

        var tree = await Fetch(store, Url(server), first, TreeSelection.Below(RelativePath.Parse("b")));

        Assert.Equal("333", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("b/three")!, 10)));
        Assert.Null(tree.Find("later"));
    }

    [Fact]
    public async Task Nothing_about_the_server_stays_in_the_store()
    {
        var repository = Make();
        var server = _git.Serve();
        var store = _git.Store();
        await Fetch(store, Url(server), repository.Head, TreeSelection.Below(RelativePath.Parse("a")));

        var holding = Directory.GetFiles(_git.Scratch["store0"], "*", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path, Encoding.Latin1).Contains(server.Authority, StringComparison.Ordinal));

        Assert.Empty(holding);
        Assert.NotEmpty(Directory.GetFiles(_git.Scratch["store0"], "*.pack", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_snapshot_becomes_a_repository_that_git_can_clone()
    {
        var repository = Make();
        repository.Write("later", "4").Commit();
        var server = _git.Serve();
        var store = _git.Store();
        var folder = _git.Scratch.MakeFolder("snapshot");
        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.All);
        foreach (var file in tree.Files)
        {
            _git.Scratch.Write("snapshot/" + file.Path, tree.ReadBytes(file, 1000));
        }

        await store.WriteRepositoryAsync(Url(server), repository.Head, "main", folder, SourceOrigin.User, CancellationToken.None);

        repository.Run("clone", "--quiet", folder, _git.Scratch["clone"]);
        Assert.Equal("333", File.ReadAllText(_git.Scratch["clone/b/three"]));
        Assert.Equal(repository.Head, repository.Run("-C", folder, "rev-parse", "HEAD").Trim());
        Assert.Equal("", repository.Run("-C", folder, "status", "--porcelain"));
        Assert.Equal("false", repository.Run("-C", folder, "rev-parse", "--is-shallow-repository").Trim());
        Assert.Equal("2", repository.Run("-C", folder, "rev-list", "--count", "HEAD").Trim());
        Assert.DoesNotContain("remote", File.ReadAllText(Path.Join(folder, ".git/config")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_lines_or_requests_are_logged_and_an_address_with_a_secret_reaches_none()
    {
        Make();
        var server = _git.Serve();
        var store = _git.Store();

        await Resolve(store, Url(server), "main");
        var commands = _git.Log.Commands.Count;
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => Resolve(store, GitUrl.FromCatalog(server.Url + "/layers?key=hidden-canary"), "main"));

        Assert.Contains(_git.Log.Commands,
            command => command.Contains(_engine == GitEngine.Git ? "ls-remote" : "libgit2: POST", StringComparison.Ordinal));
        Assert.Equal(MarketErrorCode.CredentialInUrl, failure.Code);
        Assert.DoesNotContain("hidden-canary", failure + failure.Target, StringComparison.Ordinal);
        Assert.Equal(commands, _git.Log.Commands.Count);
    }

    [Fact]
    public async Task A_cancelled_question_can_be_asked_again()
    {
        Make();
        var server = _git.Serve();
        var hanging = true;
        server.Answer = _ => hanging ? new GitHttpAnswer(200) { Hangs = true } : null;
        var store = _git.Store();
        using var cancel = new CancellationTokenSource();
        var asking = store.ResolveAsync(Url(server), "main", null, SourceOrigin.User, cancel.Token);
        await Task.WhenAny(server.FirstRequest, asking);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        hanging = false;

        Assert.Equal(40, (await Resolve(store, Url(server), "main")).Commit.Length);
    }

    /// <summary>A repository with files in its root and in two folders.</summary>
    private GitRepository Make() => GitRepository.Create(
        _git.Scratch["served/layers"],
        new Dictionary<string, string> { ["root"] = "root", ["a/one"] = "1", ["a/two"] = "22", ["b/three"] = "333" });

    private static GitUrl Url(GitHttpServer server) => GitUrl.Parse(server.Url + "/layers");

    private static Task<GitRevision> Resolve(GitStore store, GitUrl url, string? reference) =>
        store.ResolveAsync(url, reference, null, SourceOrigin.User, CancellationToken.None);

    private static Task<GitTree> Fetch(GitStore store, GitUrl url, string commit, TreeSelection selection) =>
        store.FetchAsync(url, commit, selection, SourceOrigin.User, CancellationToken.None);
}
