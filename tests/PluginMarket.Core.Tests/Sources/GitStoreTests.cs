using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What the store makes of any engine: each question is asked once, each repository is fetched once.</summary>
[Trait("Category", "Slow")]
public sealed class GitStoreTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

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

    [Theory]
    [InlineData(8, 100, true, 1)]
    [InlineData(50, 100, true, 1)]
    [InlineData(50, 200_000, true, 2)]
    [InlineData(50, 100, false, 3)]
    public async Task Many_announced_folders_come_with_the_listing_of_their_files(int folders, int bytes, bool givesSmallFiles, int fetches)
    {
        var repository = Make();
        for (var i = 0; i < folders; i++)
        {
            repository.Write($"p{i}/file", $"content {i}" + new string('x', bytes));
        }

        repository.Commit();
        repository.Run("config", "uploadpackfilter.blob:limit.allow", givesSmallFiles ? "true" : "false");
        await using var server = Serve();
        await using var store = Store();
        var url = Url(server);
        TreeSelection[] wanted = [.. Enumerable.Range(0, folders).Select(i => TreeSelection.Below(RelativePath.Parse($"p{i}")))];
        foreach (var folder in wanted)
        {
            store.Announce(url, folder);
        }

        var trees = await Task.WhenAll(wanted.Select(folder => Fetch(store, url, repository.Head, folder)));

        Assert.Equal(fetches, server.Fetches);
        Assert.All(trees, (tree, i) => Assert.StartsWith($"content {i}x",
            Encoding.UTF8.GetString(tree.ReadBytes(tree.Find($"p{i}/file")!, 1 << 20)), StringComparison.Ordinal));
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

        var trees = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Fetch(store, url, repository.Head, TreeSelection.Below(RelativePath.Parse($"p{i}")))));

        Assert.Equal(3, server.Fetches);
        Assert.All(trees,
            (tree, i) => Assert.Equal($"content {i}", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find($"p{i}/file")!, 100))));
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
    public async Task Cone_mode_takes_the_folders_and_the_files_beside_their_parents()
    {
        var repository = Make();
        repository.Write("x/y/z/deep", "d").Write("x/y/beside", "b").Write("x/above", "a").Write("x/other/no", "n").Commit();
        await using var store = Store();

        var tree = await Fetch(store, GitUrl.Parse(repository.FileUrl), repository.Head,
            TreeSelection.Cone([RelativePath.Parse("x/y/z"), RelativePath.Parse("b")]));
        repository.Run("sparse-checkout", "set", "--cone", "x/y/z", "b");

        var checkedOut = Directory.GetFiles(repository.Folder, "*", SearchOption.AllDirectories).Select(
            path => Path.GetRelativePath(repository.Folder, path)).Where(path => !path.StartsWith(".git", StringComparison.Ordinal));
        Assert.Equal(checkedOut.Order(StringComparer.Ordinal), tree.Files.Select(e => e.Path));
        Assert.Contains("x/y/beside", tree.Files.Select(e => e.Path));
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

    private GitRepository Make() => GitRepository.Create(_scratch["repo"],
        new Dictionary<string, string> { ["root"] = "root", ["a/one"] = "1", ["a/two"] = "22", ["b/three"] = "333" });

    private GitHttpServer Serve() => new(_scratch.Path);

    private GitStore Store() => new(_scratch.Environment(), _scratch.MakeFolder("store"), new GitOptions { Engine = GitEngine.Git });

    private static GitUrl Url(GitHttpServer server) => GitUrl.Parse(server.Url + "/repo");

    private static Task<GitRevision> Resolve(GitStore store, GitUrl url, string? reference) =>
        store.ResolveAsync(url, reference, null, SourceOrigin.User, CancellationToken.None);

    private static Task<GitTree> Fetch(GitStore store, GitUrl url, string commit, TreeSelection selection) =>
        store.FetchAsync(url, commit, selection, SourceOrigin.User, CancellationToken.None);
}
