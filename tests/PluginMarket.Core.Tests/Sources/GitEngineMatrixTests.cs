using System.Diagnostics;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Both engines over each transport: in every cell of the table the same files or the same error, libgit2 over ssh aside, which names the git command.</summary>
[Engines("Each cell is a test for each engine.")]
[Trait("Category", "Slow")]
public sealed class GitEngineMatrixTests(SshOfMatrix ssh) : IClassFixture<SshOfMatrix>
{
    private const string Token = "matrix-token";
    private const string NamesTheCommand = "SourceNotSupported, and the git command is named";

    private static readonly string[] Transports = ["http", "file", "ssh"];

    private static readonly Cell Files = new(null, null);

    private static readonly Row[] Table =
    [
        //                 http                                             file                                                     ssh, by the git command
        new("branch",      Files,                                           Files,                                                   Files),
        new("tag",         Files,                                           Files,                                                   Files),
        new("sha",         Files,                                           Files,                                                   Files),
        new("default",     Files,                                           Files,                                                   Files),
        new("moved",       Files,                                           Files,                                                   Files),
        new("missing",     Fails(MarketErrorCode.GitRefNotFound),           Fails(MarketErrorCode.GitRefNotFound),                   Fails(MarketErrorCode.GitRefNotFound)),
        new("missing-sha", Fails(MarketErrorCode.GitRefNotFound),           Fails(MarketErrorCode.GitRefNotFound),                   Fails(MarketErrorCode.GitRefNotFound)),
        new("auth",        Fails(MarketErrorCode.GitAuthenticationFailed),  Never("A folder asks for no credential."),               Fails(MarketErrorCode.SshKeyRefused)),
        new("auth-given",  Files,                                           Never("A folder asks for no credential."),               Never("Every other cell of this column gives the key.")),
        new("redirect",    Fails(MarketErrorCode.RedirectRefused),          Never("A folder sends nobody elsewhere."),               Never("Ssh knows no redirects.")),
        new("huge",        Fails(MarketErrorCode.LimitExceeded),            Fails(MarketErrorCode.LimitExceeded),                    Fails(MarketErrorCode.LimitExceeded)),
        new("slow",        Fails(MarketErrorCode.GitTimeout),               Fails(MarketErrorCode.GitTimeout),                       Fails(MarketErrorCode.GitTimeout)),
        new("corrupt",     Fails(MarketErrorCode.GitFailed),                Fails(MarketErrorCode.GitFailed),                        Fails(MarketErrorCode.GitFailed)),
        new("cut",         Fails(MarketErrorCode.SourceUnreachable),        Never("No connection is there to end; see 'corrupt'."),  Fails(MarketErrorCode.SourceUnreachable)),
    ];

    /// <summary>What every cell of files holds, whichever engine and transport brought them.</summary>
    private static readonly string Wanted = Describe(new MemoryTree().Add("a/one", "1").Add("b/two", "22").Add("bin/run", "#!/bin/sh\n", executable: true).AddLink("link", "a/one"));

    public static TheoryData<string, string, GitEngine> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, GitEngine>();
            foreach (var (row, transport) in Table.SelectMany(row => Transports.Where(transport => row.Over(transport).Reason is null).Select(transport => (row, transport))))
            {
                cells.Add(row.What, transport, GitEngine.Git);
                cells.Add(row.What, transport, GitEngine.LibGit2);
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Both_engines_end_as_the_table_says(string what, string transport, GitEngine engine)
    {
        var expected = transport == "ssh" && engine == GitEngine.LibGit2 ? NamesTheCommand : Table.Single(row => row.What == what).Over(transport).Failure?.ToString() ?? Wanted;

        Assert.Equal(expected, await RunAsync(engine, what, transport));
    }

    /// <summary>The digest and paths of what came, or the error's id.</summary>
    private async Task<string> RunAsync(GitEngine engine, string what, string transport)
    {
        await using var git = new GitFixture(engine);
        git.Repository.Run("tag", "--annotate", "--message=x", "noted");
        git.Repository.Write("bin/run", "#!/bin/sh\n", executable: true).WriteLink("link", "a/one").Commit();
        git.Repository.Run("tag", "--force", "--annotate", "--message=x", "noted");
        if (what == "huge")
        {
            var noise = new byte[300_000];
            new Random(7).NextBytes(noise);
            git.Repository.Write("noise", noise).Commit();
        }

        var limits = what switch
        {
            "huge" => Limits.Default with { MarketplaceBytes = 100_000 },
            "slow" => Limits.Default with { GitTime = TimeSpan.FromSeconds(2) },
            _ => Limits.Default,
        };
        var options = what == "auth-given" ? new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") } : GitOptions.Default;
        var (url, variables) = transport switch
        {
            "http" => (Serve(git, what).Url + "/repo", new Dictionary<string, string>()),
            "file" => (git.Repository.FileUrl, []),
            _ => (ssh.Demand().Url + git.Repository.Folder, new Dictionary<string, string> { ["GIT_SSH_COMMAND"] = SshCommand(git, what) }),
        };
        try
        {
            return Describe(await TakeAsync(git, git.Store(options, variables, limits), url, what));
        }
        catch (PluginMarketException e)
        {
            return e.Code == MarketErrorCode.SourceNotSupported && e.Message.Contains("Install git", StringComparison.Ordinal) && e.Message.Contains("-GitEngine Git", StringComparison.Ordinal) ? NamesTheCommand : e.Code.ToString();
        }
        finally
        {
            LetGo(git);
        }
    }

    private static GitHttpServer Serve(GitFixture git, string what)
    {
        var server = git.Serve();
        server.RequiredToken = what.StartsWith("auth", StringComparison.Ordinal) ? Token : null;
        server.Answer = request => what switch
        {
            "redirect" => GitHttpAnswer.Redirect($"https://elsewhere.invalid/repo/info/refs?{request.Query}"),
            "slow" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n") { Hangs = true },
            "corrupt" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n0089\u0001PACK\0\0\0\u0002\0\0\0\u0001" + new string('x', 120) + "0000"),
            "cut" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n0011\u0001PACK\0\0\0\u0002\0\0\0\u0001"),
            _ => null,
        };
        return server;
    }

    /// <summary>The ssh of the user; one that ends its connection early where that is the case to be shown.</summary>
    private string SshCommand(GitFixture git, string what)
    {
        var server = ssh.Demand();
        var command = server.Command(what == "auth" ? server.StrangerKey : server.UserKey, server.KnownHosts);
        return what == "cut" ? GitFixture.Program(git.Scratch, "bin/ssh", $"if [ -e '{git.Canary}' ]; then exec 3<&0; {command} \"$@\" <&3 3<&- | dd bs=1 count=400 2>/dev/null & else exec {command} \"$@\"; fi\n") : command;
    }

    private static async Task<GitTree> TakeAsync(GitFixture git, GitStore store, string url, string what)
    {
        var head = git.Repository.Head;
        var revision = await GitFixture.Resolve(store, url, what switch { "tag" => "noted", "default" => null, "missing" => "nowhere", "sha" => head, "missing-sha" => new string('1', 40), _ => "main" });
        switch (what)
        {
            case "moved":
                git.Repository.Run("reset", "--quiet", "--hard", "HEAD~1");
                git.Repository.Write("forced", "x").Commit();
                break;
            case "cut":
                await File.WriteAllTextAsync(git.Canary, "");
                break;
            case "corrupt" when !url.StartsWith("http", StringComparison.Ordinal):
                File.Delete(ObjectFile(git, "HEAD:a/one"));
                await File.WriteAllTextAsync(ObjectFile(git, "HEAD:a/one"), "no object");
                break;
            case "slow" when !url.StartsWith("http", StringComparison.Ordinal):
                // A read that does not end, as of a network drive that went away: of a pipe into which nobody writes.
                File.Delete(ObjectFile(git, "HEAD:a"));
                using (var made = Process.Start("mkfifo", [ObjectFile(git, "HEAD:a")]))
                {
                    await made.WaitForExitAsync();
                }

                await File.WriteAllTextAsync(git.Canary, ObjectFile(git, "HEAD:a"));
                break;
        }

        return await store.FetchAsync(GitUrl.Parse(url), revision.Commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None);
    }

    private static string ObjectFile(GitFixture git, string name)
    {
        var id = git.Repository.Run("rev-parse", name).Trim();
        return Path.Join(git.Repository.Folder, ".git/objects", id[..2], id[2..]);
    }

    /// <summary>Ends the reads of a pipe, so that who hangs in one goes home.</summary>
    private static void LetGo(GitFixture git)
    {
        if (File.Exists(git.Canary) && File.ReadAllText(git.Canary) is { Length: > 0 } pipe)
        {
            using var open = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
    }

    private static string Describe(FileTree tree) =>
        $"{TreeDigest.Compute(tree)} {string.Join(' ', tree.Entries.Where(entry => entry.Kind != TreeEntryKind.Directory).Select(entry => $"{entry.Path}:{entry.Kind}:{entry.Executable}"))}";

    private static Cell Fails(MarketErrorCode failure) => new(failure, null);

    private static Cell Never(string reason) => new(null, reason);

    /// <summary>How it ends: files, an error, or that there is no such case and why.</summary>
    private sealed record Cell(MarketErrorCode? Failure, string? Reason);

    private sealed record Row(string What, Cell Http, Cell File, Cell Ssh)
    {
        internal Cell Over(string transport) => transport switch { "http" => Http, "file" => File, _ => Ssh };
    }
}

/// <summary>One ssh server for the whole table.</summary>
public sealed class SshOfMatrix : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SshServer? _server;
    private readonly string _problem;

    public SshOfMatrix() => _server = SshServer.TryStart(_scratch, out _problem);

    public SshServer Demand()
    {
        Assert.SkipWhen(_server is null, _problem);
        return _server;
    }

    public void Dispose()
    {
        _server?.Dispose();
        _scratch.Dispose();
    }
}
