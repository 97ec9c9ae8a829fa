using System.Text;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

public abstract class GitStoreTests(GitEngine engine) : IDisposable
{
    private protected readonly ScratchFolder _scratch = new();
    private protected readonly RecordingLog _log = new();

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_branch_a_tag_an_annotated_tag_and_the_default_are_resolved()
    {
        var repository = Make();
        repository.Run("tag", "plain");
        repository.Run("tag", "--annotate", "--message=x", "noted");
        repository.Run("branch", "side/way");
        var first = repository.Head;
        repository.Write("later", "2").Commit();
        await using var server = Serve();
        await using var store = Store();
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

    [Fact]
    public async Task A_branch_wins_over_a_tag_of_the_same_name()
    {
        var repository = Make();
        repository.Run("tag", "both");
        repository.Write("later", "2").Commit();
        repository.Run("branch", "both");
        await using var store = Store();

        Assert.Equal(repository.Head, (await Resolve(store, GitUrl.Parse(repository.FileUrl), "both")).Commit);
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
        await using var server = Serve();
        await using var store = Store();
        var url = isServed ? Url(server) : GitUrl.Parse(repository.FileUrl);

        Assert.True(await IsAncestor(first));
        Assert.False(await IsAncestor(lost));
        Assert.False(await IsAncestor(new string('1', 40)));
        Assert.True(await IsAncestor(repository.Head));

        Task<bool> IsAncestor(string older) => store.IsAncestorAsync(url, older, repository.Head, SourceOrigin.User, CancellationToken.None);
    }

    [Fact]
    public async Task A_full_id_is_taken_as_it_is_without_asking_anybody()
    {
        await using var store = Store();
        var id = new string('A', 40);

        var revision = await Resolve(store, GitUrl.Parse("https://no-such-host.invalid/x"), id);

        Assert.Equal(id.ToLowerInvariant(), revision.Commit);
    }

    [Fact]
    public async Task The_same_question_is_asked_once_even_in_parallel()
    {
        Make();
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Resolve(store, url, "main")));

        Assert.Equal(1, server.Listings);
    }

    [Fact]
    public async Task A_commit_is_read_with_kinds_modes_lengths_and_bytes()
    {
        var repository = Make();
        repository.Write("bin/run", "#!/bin/sh\n", executable: true).WriteLink("link", "a/one").Write("ünï/ö", "umlaut");
        repository.Write("raw", [0, 1, 13, 10, 255]);
        repository.Commit();
        repository.AddGitLink("nested").CommitIndex();
        await using var server = Serve();
        await using var store = Store();

        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.All);

        Assert.Equal(
            ["a:Directory:0:False", "a/one:File:1:False", "a/two:File:2:False", "b:Directory:0:False", "b/three:File:3:False", "bin:Directory:0:False", "bin/run:File:10:True",
                "link:SymbolicLink:0:False", "nested:Submodule:0:False", "raw:File:5:False", "root:File:4:False", "ünï:Directory:0:False", "ünï/ö:File:6:False"],
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
        await using var server = Serve();
        await using var store = Store();

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
    public async Task Announced_folders_cost_two_fetches_however_many_they_are()
    {
        var repository = Make();
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);
        TreeSelection[] folders = [TreeSelection.Below(RelativePath.Parse("a")), TreeSelection.Below(RelativePath.Parse("b"))];
        foreach (var folder in folders)
        {
            store.Announce(url, folder);
        }

        var trees = await Task.WhenAll(folders.Concat(folders).Select(folder => Fetch(store, url, repository.Head, folder)));

        Assert.Equal(2, server.Fetches);
        Assert.Equal("333", Encoding.UTF8.GetString(trees[1].ReadBytes(trees[1].Find("b/three")!, 10)));
    }

    [Fact]
    public async Task Folders_that_nobody_announced_cost_three_fetches_at_the_most()
    {
        var repository = Make();
        for (var i = 0; i < 20; i++)
        {
            repository.Write($"p{i}/file", $"content {i}");
        }

        repository.Commit();
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);

        var trees = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Fetch(store, url, repository.Head, TreeSelection.Below(RelativePath.Parse($"p{i}")))));

        Assert.Equal(3, server.Fetches);
        Assert.All(trees, (tree, i) => Assert.Equal($"content {i}", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find($"p{i}/file")!, 100))));
    }

    [Fact]
    public async Task A_repository_fetched_whole_serves_every_folder_without_another_fetch()
    {
        var repository = Make();
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Fetch(store, url, repository.Head, TreeSelection.All)));
        await Fetch(store, url, repository.Head, TreeSelection.Below(RelativePath.Parse("b")));

        Assert.Equal(1, server.Fetches);
    }

    [Fact]
    public async Task A_server_without_filters_gets_one_shallow_fetch()
    {
        var repository = Make();
        repository.Run("config", "uploadpack.allowFilter", "false");
        await using var server = Serve();
        await using var store = Store();

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
        await using var server = Serve();
        server.SpeaksVersion2 = false;
        await using var store = Store();

        var tree = await Fetch(store, Url(server), first, TreeSelection.Below(RelativePath.Parse("b")));

        Assert.Equal("333", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("b/three")!, 10)));
        Assert.Null(tree.Find("later"));
    }

    [Fact]
    public async Task Cone_mode_takes_the_folders_and_the_files_beside_their_parents()
    {
        var repository = Make();
        repository.Write("x/y/z/deep", "d").Write("x/y/beside", "b").Write("x/above", "a").Write("x/other/no", "n").Commit();
        await using var store = Store();

        var tree = await Fetch(store, GitUrl.Parse(repository.FileUrl), repository.Head, TreeSelection.Cone([RelativePath.Parse("x/y/z"), RelativePath.Parse("b")]));
        repository.Run("sparse-checkout", "set", "--cone", "x/y/z", "b");

        var checkedOut = Directory.GetFiles(repository.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(repository.Folder, path)).Where(path => !path.StartsWith(".git", StringComparison.Ordinal));
        Assert.Equal(checkedOut.Order(StringComparer.Ordinal), tree.Files.Select(e => e.Path));
        Assert.Contains("x/y/beside", tree.Files.Select(e => e.Path));
    }

    [Fact]
    public async Task Nothing_about_the_server_stays_in_the_store()
    {
        var repository = Make();
        await using var server = Serve();
        await using var store = Store();
        await Fetch(store, Url(server), repository.Head, TreeSelection.Below(RelativePath.Parse("a")));

        var holding = Directory.GetFiles(_scratch["store"], "*", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path, Encoding.Latin1).Contains(server.Authority, StringComparison.Ordinal));

        Assert.Empty(holding);
        Assert.NotEmpty(Directory.GetFiles(_scratch["store"], "*.pack", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_moved_branch_does_not_change_what_was_resolved()
    {
        var repository = Make();
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);
        var revision = await Resolve(store, url, "main");
        repository.Write("a/one", "changed").Commit();
        repository.Run("reset", "--quiet", "--hard", "HEAD~1");
        repository.Write("b/new", "forced").Commit();

        var tree = await Fetch(store, url, revision.Commit, TreeSelection.All);

        Assert.Null(tree.Find("b/new"));
        Assert.Equal(revision, await Resolve(store, url, "main"));
    }

    [Fact]
    public async Task A_snapshot_becomes_a_repository_that_git_can_clone()
    {
        var repository = Make();
        repository.Write("later", "4").Commit();
        await using var server = Serve();
        await using var store = Store();
        var folder = _scratch.MakeFolder("snapshot");
        var tree = await Fetch(store, Url(server), repository.Head, TreeSelection.All);
        foreach (var file in tree.Files)
        {
            _scratch.Write("snapshot/" + file.Path, tree.ReadBytes(file, 1000));
        }

        await store.WriteRepositoryAsync(Url(server), repository.Head, "main", folder, SourceOrigin.User, CancellationToken.None);

        repository.Run("clone", "--quiet", folder, _scratch["clone"]);
        Assert.Equal("333", File.ReadAllText(_scratch["clone/b/three"]));
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
        await using var server = Serve();
        await using var store = Store();

        await Resolve(store, Url(server), "main");
        var commands = _log.Commands.Count;
        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => Resolve(store, GitUrl.FromCatalog(server.Url + "/repo?key=hidden-canary"), "main"));

        Assert.Contains(_log.Commands, command => command.Contains(engine == GitEngine.Git ? "ls-remote" : "libgit2: POST", StringComparison.Ordinal));
        Assert.Equal(MarketErrorCode.CredentialInUrl, failure.Code);
        Assert.DoesNotContain("hidden-canary", failure + failure.Target, StringComparison.Ordinal);
        Assert.Equal(commands, _log.Commands.Count);
    }

    [Fact]
    public async Task A_cancelled_question_can_be_asked_again()
    {
        Make();
        await using var server = Serve();
        var hanging = true;
        server.Answer = _ => hanging ? new GitHttpAnswer(200) { Hangs = true } : null;
        await using var store = Store();
        using var cancel = new CancellationTokenSource();
        var asking = store.ResolveAsync(Url(server), "main", null, SourceOrigin.User, cancel.Token);
        await Task.WhenAny(server.FirstRequest, asking);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        hanging = false;

        Assert.Equal(40, (await Resolve(store, Url(server), "main")).Commit.Length);
    }

    private protected GitRepository Make() => GitRepository.Create(_scratch["repo"], new Dictionary<string, string> { ["root"] = "root", ["a/one"] = "1", ["a/two"] = "22", ["b/three"] = "333" });

    private protected GitHttpServer Serve() => new(_scratch.Path);

    private protected GitStore Store()
    {
        var environment = _scratch.Environment(log: _log);
        var variables = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal);
        var options = LibGit2.Prepare(engine, null, variables);
        return new(environment with { Variables = variables }, _scratch.MakeFolder("store"), options);
    }

    private protected static GitUrl Url(GitHttpServer server) => GitUrl.Parse(server.Url + "/repo");

    private protected static Task<GitRevision> Resolve(GitStore store, GitUrl url, string? reference) => store.ResolveAsync(url, reference, null, SourceOrigin.User, CancellationToken.None);

    private protected static Task<GitTree> Fetch(GitStore store, GitUrl url, string commit, TreeSelection selection) => store.FetchAsync(url, commit, selection, SourceOrigin.User, CancellationToken.None);
}

/// <summary>The same with the git command, and what only that one has.</summary>
[Trait("Category", "Slow")]
public sealed class CommandGitStoreTests() : GitStoreTests(GitEngine.Git)
{
    [Fact]
    [Engines("The git command alone: libgit2 reads SHA-1, and says so of any other repository.")]
    public async Task A_sha256_repository_is_read()
    {
        var repository = GitRepository.Create(_scratch["repo"], "sha256").Write("a/one", "1");
        var commit = repository.Commit();
        await using var server = Serve();
        await using var store = Store();

        Assert.Equal(64, commit.Length);
        Assert.Equal(commit, (await Resolve(store, Url(server), "main")).Commit);
        Assert.Equal(["a", "a/one"], (await Fetch(store, Url(server), commit, TreeSelection.Below(RelativePath.Parse("a")))).Entries.Select(e => e.Path));
    }
}

/// <summary>The same without a git command.</summary>
[Trait("Category", "Fast")]
public sealed class LibraryGitStoreTests() : GitStoreTests(GitEngine.LibGit2)
{
    [Fact]
    [Engines("libgit2 alone: it is what that one does not reach.")]
    public async Task Repositories_of_the_other_hash_and_of_ssh_are_the_commands_to_reach()
    {
        var commit = GitRepository.Create(_scratch["repo"], "sha256").Write("a/one", "1").Commit();
        await using var server = Serve();
        await using var store = Store();

        foreach (var asking in new[] { () => Resolve(store, Url(server), "main"), () => Resolve(store, GitUrl.Parse("git@host.invalid:x/y"), "main"), () => (Task)Fetch(store, Url(server), commit, TreeSelection.All) })
        {
            var failure = await Assert.ThrowsAsync<PluginMarketException>(asking);

            Assert.Equal(MarketErrorCode.SourceNotSupported, failure.Code);
            Assert.Contains("-GitEngine Git", failure.Message, StringComparison.Ordinal);
        }
    }
}
