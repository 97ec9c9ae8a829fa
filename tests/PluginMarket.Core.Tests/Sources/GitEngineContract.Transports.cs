using System.Diagnostics;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Each transport: in every cell of the table files or an error. The same for both engines, ssh aside, for which
/// libgit2 names the git command.</summary>
public abstract partial class GitEngineContract
{
    private const string NamesTheCommand = "SourceNotSupported, and the git command is named";

    private static readonly string[] Transports = ["http", "file", "ssh"];

    private static readonly Cell Files = new(null, null);

    private static readonly Row[] Table =
    [
        //                 http file ssh, by the git command
        new("branch",      Files,                                           Files,                                                   Files),
        new("tag",         Files,                                           Files,                                                   Files),
        new("sha",         Files,                                           Files,                                                   Files),
        new("default",     Files,                                           Files,                                                   Files),
        new("moved",       Files,                                           Files,                                                   Files),
        new("missing",     Ends(MarketErrorCode.GitRefNotFound),            Ends(MarketErrorCode.GitRefNotFound),
            Ends(MarketErrorCode.GitRefNotFound)),
        new("missing-sha", Ends(MarketErrorCode.GitRefNotFound),            Ends(MarketErrorCode.GitRefNotFound),
            Ends(MarketErrorCode.GitRefNotFound)),
        new("auth",        Ends(MarketErrorCode.GitAuthenticationFailed),   Never("A folder asks for no credential."),
            Ends(MarketErrorCode.SshKeyRefused)),
        new("auth-given",  Files,                                           Never("A folder asks for no credential."),
            Never("Every other cell of this column gives the key.")),
        new("redirect",    Ends(MarketErrorCode.RedirectRefused),           Never("A folder sends nobody elsewhere."),
            Never("Ssh knows no redirects.")),
        new("huge",        Ends(MarketErrorCode.LimitExceeded),             Ends(MarketErrorCode.LimitExceeded),
            Ends(MarketErrorCode.LimitExceeded)),
        new("slow",        Ends(MarketErrorCode.GitTimeout),                Ends(MarketErrorCode.GitTimeout),
            Ends(MarketErrorCode.GitTimeout)),
        new("corrupt",     Ends(MarketErrorCode.GitFailed),
            Ends(MarketErrorCode.GitFailed),                         Ends(MarketErrorCode.GitFailed)),
        new("cut",         Ends(MarketErrorCode.SourceUnreachable),         Never("No connection is there to end; see 'corrupt'."),
            Ends(MarketErrorCode.SourceUnreachable)),
    ];

    /// <summary>What every cell of files holds, whichever engine and transport brought them.</summary>
    private static readonly string Wanted = Describe(
        new MemoryTree().Add("a/one", "1").Add("b/two", "22").Add("bin/run", "#!/bin/sh\n", executable: true).AddLink("link", "a/one"));

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var (row, transport) in Table.SelectMany(
                row => Transports.Where(transport => row.Over(transport).Reason is null).Select(transport => (row, transport))))
            {
                cells.Add(row.What, transport);
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Every_transport_ends_as_the_table_says(string what, string transport)
    {
        var expected = transport == "ssh" && _engine == GitEngine.LibGit2
            ? NamesTheCommand : Table.Single(row => row.What == what).Over(transport).Failure?.ToString() ?? Wanted;

        Assert.Equal(expected, await RunAsync(what, transport));
    }

    /// <summary>The digest and paths of what came, or the error's id.</summary>
    private async Task<string> RunAsync(string what, string transport)
    {
        _git.Repository.Run("tag", "--annotate", "--message=x", "noted");
        _git.Repository.Write("bin/run", "#!/bin/sh\n", executable: true).WriteLink("link", "a/one").Commit();
        _git.Repository.Run("tag", "--force", "--annotate", "--message=x", "noted");
        if (what == "huge")
        {
            var noise = new byte[300_000];
            new Random(7).NextBytes(noise);
            _git.Repository.Write("noise", noise).Commit();
        }

        var limits = what switch
        {
            "huge" => Limits.Default with { MarketplaceBytes = 100_000 },
            "slow" => Limits.Default with { GitTime = TimeSpan.FromSeconds(2) },
            _ => Limits.Default,
        };
        var options = what == "auth-given"
            ? new GitOptions { Credential = new GitCredential("bob", Token, "127.0.0.1") } : GitOptions.Default;
        var (url, variables) = transport switch
        {
            "http" => (Serve(what).Url + "/repo", new Dictionary<string, string>()),
            "file" => (_git.Repository.FileUrl, []),
            _ => (_ssh.Demand().Url + _git.Repository.Folder, new Dictionary<string, string> { ["GIT_SSH_COMMAND"] = SshCommand(what) }),
        };
        try
        {
            return Describe(await TakeAsync(_git.Store(options, variables, limits), url, what));
        }
        catch (PluginMarketException e)
        {
            return e.Code == MarketErrorCode.SourceNotSupported && e.Message.Contains("Install git", StringComparison.Ordinal)
                && e.Message.Contains("-GitEngine Git", StringComparison.Ordinal) ? NamesTheCommand : e.Code.ToString();
        }
        finally
        {
            LetGo();
        }
    }

    private GitHttpServer Serve(string what)
    {
        var server = _git.Serve();
        server.RequiredToken = what.StartsWith("auth", StringComparison.Ordinal) ? Token : null;
        server.Answer = request => what switch
        {
            "redirect" => GitHttpAnswer.Redirect($"https://elsewhere.invalid/repo/info/refs?{request.Query}"),
            "slow" when request.IsFetch =>
                new GitHttpAnswer(200, "application/x-git-upload-pack-result", "000dpackfile\n") { Hangs = true },
            "corrupt" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result",
                "000dpackfile\n0089\u0001PACK\0\0\0\u0002\0\0\0\u0001" + new string('x', 120) + "0000"),
            "cut" when request.IsFetch => new GitHttpAnswer(200, "application/x-git-upload-pack-result",
                "000dpackfile\n0011\u0001PACK\0\0\0\u0002\0\0\0\u0001"),
            _ => null,
        };
        return server;
    }

    /// <summary>The ssh of the user; one that ends its connection early where that is the case to be shown.</summary>
    private string SshCommand(string what)
    {
        var server = _ssh.Demand();
        var command = server.Command(what == "auth" ? server.StrangerKey : server.UserKey, server.KnownHosts);
        return what == "cut" ? GitFixture.Program(_git.Scratch, "bin/ssh", $"if [ -e '{_git.Canary}' ]; then exec 3<&0; "
            + $"{command} \"$@\" <&3 3<&- | dd bs=1 count=400 2>/dev/null & else exec {command} \"$@\"; fi\n") : command;
    }

    private async Task<GitTree> TakeAsync(GitStore store, string url, string what)
    {
        var head = _git.Repository.Head;
        var revision = await GitFixture.Resolve(store, url, what switch
        {
            "tag" => "noted",
            "default" => null,
            "missing" => "nowhere",
            "sha" => head,
            "missing-sha" => new string('1', 40),
            _ => "main",
        });
        switch (what)
        {
            case "moved":
                _git.Repository.Run("reset", "--quiet", "--hard", "HEAD~1");
                _git.Repository.Write("forced", "x").Commit();
                break;
            case "cut":
                await File.WriteAllTextAsync(_git.Canary, "");
                break;
            case "corrupt" when !url.StartsWith("http", StringComparison.Ordinal):
                File.Delete(ObjectFile("HEAD:a/one"));
                await File.WriteAllTextAsync(ObjectFile("HEAD:a/one"), "no object");
                break;
            case "slow" when !url.StartsWith("http", StringComparison.Ordinal):
                // A read that does not end, as of a network drive that went away: of a pipe into which nobody writes.
                File.Delete(ObjectFile("HEAD:a"));
                using (var made = Process.Start("mkfifo", [ObjectFile("HEAD:a")]))
                {
                    await made.WaitForExitAsync();
                }

                await File.WriteAllTextAsync(_git.Canary, ObjectFile("HEAD:a"));
                break;
        }

        return await store.FetchAsync(GitUrl.Parse(url), revision.Commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None);
    }

    private string ObjectFile(string name)
    {
        var id = _git.Repository.Run("rev-parse", name).Trim();
        return Path.Join(_git.Repository.Folder, ".git/objects", id[..2], id[2..]);
    }

    /// <summary>Ends the reads of a pipe, so that who hangs in one goes home.</summary>
    private void LetGo()
    {
        if (File.Exists(_git.Canary) && File.ReadAllText(_git.Canary) is { Length: > 0 } pipe)
        {
            using var open = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
    }

    private static string Describe(FileTree tree) =>
        $"{TreeDigest.Compute(tree)} {string.Join(' ', tree.Entries.Where(entry => entry.Kind != TreeEntryKind.Directory)
            .Select(entry => $"{entry.Path}:{entry.Kind}:{entry.Executable}"))}";

    private static Cell Ends(MarketErrorCode failure) => new(failure, null);

    private static Cell Never(string reason) => new(null, reason);

    /// <summary>How it ends: files, an error, or that there is no such case and why.</summary>
    private sealed record Cell(MarketErrorCode? Failure, string? Reason);

    private sealed record Row(string What, Cell Http, Cell File, Cell Ssh)
    {
        internal Cell Over(string transport) => transport switch { "http" => Http, "file" => File, _ => Ssh };
    }
}
