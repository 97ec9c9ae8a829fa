using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Each test plants a canary where an engine could be made to run something, or to reach for what nobody asked for.</summary>
public abstract partial class GitEngineContract
{
    [Fact]
    public async Task Hooks_and_templates_of_the_user_do_not_run()
    {
        foreach (var hook in new[] { "post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "post-merge" })
        {
            _git.Trap("home/template/hooks/" + hook);
            _git.Trap("home/hooks/" + hook);
        }

        var monitor = _git.Trap("home/monitor");
        _git.ConfigureUser($"[init]\n\ttemplateDir = {_git.Scratch["home/template"]}\n[core]\n\thooksPath = "
            + $"{_git.Scratch["home/hooks"]}\n\tfsmonitor = {monitor}\n");
        var server = _git.Serve();
        server.SpeaksVersion2 = false;
        var store = _git.Store();
        await GitFixture.Take(store, server.Url + "/repo");
        await store.WriteRepositoryAsync(GitUrl.Parse(server.Url + "/repo"), _git.Repository.Head, "main",
            _git.Scratch.MakeFolder("snapshot"), SourceOrigin.User, CancellationToken.None);

        Assert.False(File.Exists(_git.Canary));
    }

    [Fact]
    public async Task The_hostile_environment_does_not_reach_git()
    {
        var trap = _git.Trap("bin/trap");
        var trace = _git.Scratch["trace"];
        var server = _git.Serve();

        var tree = await GitFixture.Take(
            _git.Store(variables: new Dictionary<string, string>
            {
                ["GIT_DIR"] = "/no/such",
                ["GIT_WORK_TREE"] = "/no/such",
                ["GIT_EXEC_PATH"] = _git.Scratch["bin"],
                ["GIT_TEMPLATE_DIR"] = _git.Scratch["bin"],
                ["GIT_CONFIG_COUNT"] = "3",
                ["GIT_CONFIG_KEY_0"] = "core.fsmonitor",
                ["GIT_CONFIG_VALUE_0"] = trap,
                ["GIT_CONFIG_KEY_1"] = "core.sshCommand",
                ["GIT_CONFIG_VALUE_1"] = trap,
                ["GIT_CONFIG_KEY_2"] = "core.alternateRefsCommand",
                ["GIT_CONFIG_VALUE_2"] = trap,
                ["GIT_CONFIG_PARAMETERS"] = $"'core.hooksPath={_git.Scratch["bin"]}'",
                ["GIT_SSH"] = trap,
                ["GIT_PROXY_COMMAND"] = trap,
                ["GIT_EXTERNAL_DIFF"] = trap,
                ["GIT_PAGER"] = trap,
                ["SSH_ASKPASS"] = trap,
                ["GIT_OBJECT_DIRECTORY"] = "/no/such",
                ["GIT_NAMESPACE"] = "x",
                ["GIT_TRACE"] = trace,
                ["GIT_TRACE_CURL"] = trace,
                ["GIT_CURL_VERBOSE"] = "1",
                ["GIT_TRACE_PACKET"] = trace,
                ["GIT_TRACE2_EVENT"] = trace,
            }),
            server.Url + "/repo");

        Assert.Equal("1", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/one")!, 10)));
        Assert.False(File.Exists(_git.Canary));
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [InlineData("ext::sh -c 'touch CANARY' ")]
    [InlineData("fd::3 ")]
    public async Task A_rewriting_of_the_configuration_reaches_no_remote_helper(string base_)
    {
        _git.ConfigureUser($"[url \"{base_.Replace("CANARY", _git.Canary, StringComparison.Ordinal)}\"]\n\tinsteadOf = "
            + $"https://rewritten.invalid/\n[protocol]\n\tallow = always\n");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(), "https://rewritten.invalid/x"));

        Assert.Equal(MarketErrorCode.SourceNotSupported, failure.Code);
        Assert.False(File.Exists(_git.Canary));
    }

    [Fact]
    public async Task A_mirror_in_the_users_configuration_is_used()
    {
        var server = _git.Serve();
        _git.ConfigureUser($"[url \"{server.Url}/\"]\n\tinsteadOf = https://mirrored.invalid/\n");

        Assert.Equal(_git.Repository.Head, (await GitFixture.Resolve(_git.Store(), "https://mirrored.invalid/repo")).Commit);
    }

    [Theory]
    [InlineData("GIT_CONFIG_GLOBAL", null)]
    [InlineData("GIT_CONFIG_SYSTEM", null)]
    [InlineData("GIT_CONFIG_SYSTEM", "0")]
    public async Task The_configuration_files_that_the_user_names_are_read(string variable, string? noSystem)
    {
        var server = _git.Serve();
        var file = _git.Scratch.Write("elsewhere.gitconfig", $"[url \"{server.Url}/\"]\n\tinsteadOf = https://mirrored.invalid/\n");
        _git.ConfigureUser("[user]\n\tname = u\n");
        var variables = new Dictionary<string, string> { [variable] = file };
        if (noSystem is not null)
        {
            variables["GIT_CONFIG_NOSYSTEM"] = noSystem;
        }

        Assert.Equal(_git.Repository.Head,
            (await GitFixture.Resolve(_git.Store(variables: variables), "https://mirrored.invalid/repo")).Commit);
    }

    [Theory]
    [InlineData("GIT_CONFIG_GLOBAL", "/no/such/file", true)]
    [InlineData("GIT_CONFIG_NOSYSTEM", "1", false)]
    public async Task The_configuration_files_that_the_user_turns_off_are_not_read(string variable, string value, bool inHome)
    {
        var server = _git.Serve();
        var rewriting = $"[url \"{server.Url}/\"]\n\tinsteadOf = https://mirrored.invalid/\n";
        var file = _git.Scratch.Write("system.gitconfig", rewriting);
        _git.ConfigureUser(inHome ? rewriting : "[user]\n\tname = u\n");
        var variables = new Dictionary<string, string> { [variable] = value };
        if (!inHome)
        {
            variables["GIT_CONFIG_SYSTEM"] = file;
        }

        await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: variables), "https://mirrored.invalid/repo"));
    }

    [Fact]
    public async Task Submodules_are_listed_and_never_fetched()
    {
        var other = GitRepository.Create(_git.Scratch["served/other"], new Dictionary<string, string> { ["x"] = "x" });
        _git.Repository.Write(".gitmodules",
            $"[submodule \"n\"]\n\tpath = n\n\turl = ../other\n[submodule \"cr\"]\n\tpath = \"cr\\r\"\n\turl = ../other\n").Commit();
        _git.Repository.AddGitLink("n", other.Head).CommitIndex();
        var server = _git.Serve();
        var store = _git.Store();

        var tree = await store.FetchAsync(GitUrl.Parse(server.Url + "/repo"), _git.Repository.Head, TreeSelection.All,
            SourceOrigin.User, CancellationToken.None);

        Assert.Equal(TreeEntryKind.Submodule, tree.Find("n")!.Kind);
        Assert.Null(tree.Find("n/x"));
        Assert.DoesNotContain(server.Log, request => request.Path.StartsWith("/other", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData("..")]
    [InlineData("git~1")]
    [InlineData(".GIT")]
    public async Task A_tree_with_hostile_names_is_refused_or_freed_of_them(string name)
    {
        var repository = _git.Repository;
        var blob = repository.RunWith("[core]\n\tfsmonitor = touch /tmp/x\n"u8.ToArray(), "hash-object", "-w", "--stdin").Trim();
        var inner = RawTree(("100644", "config", blob));
        var outer = RawTree(("40000", name, inner), ("100644", "plain", blob));
        var commit = repository.Run("commit-tree", "-m", "x", outer).Trim();
        repository.Run("update-ref", "refs/heads/hostile", commit);
        var server = _git.Serve();
        var store = _git.Store();
        GitTree? tree = null;

        var failure = await Record.ExceptionAsync(async () => tree = await store.FetchAsync(GitUrl.Parse(server.Url + "/repo"), commit,
            TreeSelection.All, SourceOrigin.User, CancellationToken.None));

        Assert.True(failure is PluginMarketException { Code: MarketErrorCode.GitFailed } || (failure is null
            && tree!.Entries.All(entry => entry.Path == "plain")), failure?.ToString() ?? string.Join(' ', tree!.Entries));
    }

    [Fact]
    public async Task Running_git_touches_nothing_but_its_own_folder()
    {
        var server = _git.Serve();
        var store = _git.Store();
        _git.Scratch.Environment();
        var before = ScratchFolder.Inventory(_git.Scratch["home"]);

        await GitFixture.Take(store, server.Url + "/repo");

        Assert.Equal(before, ScratchFolder.Inventory(_git.Scratch["home"]));
    }

    private string RawTree(params (string Mode, string Name, string Id)[] entries)
    {
        using var bytes = new MemoryStream();
        foreach (var (mode, name, id) in entries)
        {
            bytes.Write(Encoding.UTF8.GetBytes($"{mode} {name}\0"));
            bytes.Write(Convert.FromHexString(id));
        }

        return _git.Repository.RunWith(bytes.ToArray(), "hash-object", "-w", "-t", "tree", "--literally", "--stdin").Trim();
    }
}
