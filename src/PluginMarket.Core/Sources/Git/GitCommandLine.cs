using System.ComponentModel;
using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Reaches git by its command, so that the user's credential helpers, ssh and proxies work; nothing of a
/// repository is run (threat C1 to C17).</summary>
internal sealed class GitCommandLine : IGitEngine
{
    private const long ReferenceBytes = 64L << 20;
    private const long TreeBytes = 512L << 20;
    private const int SmallestRoom = 64 << 10;
    private const string SettledMark = "pluginmarket:";

    /// <summary>Old but harmless mistakes in commits, which hosts accept too.</summary>
    private static readonly string[] ForgivenMessages =
    [
        "zeroPaddedFilemode", "zeroPaddedDate", "badTimezone", "badDateOverflow", "missingSpaceBeforeDate", "missingEmail", "badEmail",
        "missingNameBeforeEmail", "missingSpaceBeforeEmail", "badName", "multipleAuthors", "gitmodulesMissing", "gitmodulesLarge",
    ];

    private readonly MarketEnvironment _environment;
    private readonly ProcessRunner _runner;
    private readonly GitAskPass _askPass;
    private readonly string _neutralFolder;
    private readonly Lazy<string> _program;
    private readonly SharedAnswers<string, string> _sshCommand = new();
    private readonly SharedAnswers<string, bool> _rewrites = new();

    /// <param name="environment">The outside world.</param>
    /// <param name="folder">A private folder of the store's.</param>
    internal GitCommandLine(MarketEnvironment environment, string folder)
    {
        _environment = environment;
        _runner = new ProcessRunner(environment);
        _askPass = new GitAskPass(environment.Files, folder);
        _neutralFolder = Path.Join(folder, "empty");
        _program = new Lazy<string>(() =>
        {
            var program = GitProgram.Find(environment);
            environment.Files.CreateDirectory(_neutralFolder, FileOps.PrivateFolder);
            return program;
        });
    }

    public string Name => "git";

    public async Task<string> RewriteAsync(GitUrl url, CancellationToken cancellationToken)
    {
        if (!await _rewrites.AskAsync("", () => RewritesAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            return url.Value;
        }

        // The answer comes through a pipe and may hold a password: it is taken out before anything is asked with it.
        var result = await RunAsync(["-c", "transfer.credentialsInUrl=allow", "ls-remote", "--get-url", "--end-of-options", url.Value],
            GitVariables.Make(_environment, _neutralFolder, withLogins: true), cancellationToken).ConfigureAwait(false);
        Demand(result, url, null, "read its configuration", []);
        return Encoding.UTF8.GetString(result.Output).TrimEnd('\n', '\r');
    }

    public async Task<IReadOnlyDictionary<string, string>> ListReferencesAsync(GitRemote remote, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        var variables = await VariablesAsync(remote, cancellationToken).ConfigureAwait(false);
        var result = await RunAsync([.. Transport(remote), "ls-remote", "--end-of-options", AddressFor(remote), .. names], variables,
            cancellationToken, ReferenceBytes).ConfigureAwait(false);
        Demand(result, remote.Address, remote.Credential, "list references", remote.Withheld);
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0 && GitReference.IsFullId(line[..tab]))
            {
                references[line[(tab + 1)..]] = line[..tab];
            }
        }

        return references;
    }

    public async Task<ServerSign> ProbeAsync(GitRemote remote, CancellationToken cancellationToken)
    {
        var variables = Variables(remote);
        variables["GIT_ASKPASS"] = "";
        variables["GIT_TRACE_CURL"] = "1";
        variables["GIT_TRACE_CURL_NO_DATA"] = "1";
        var probe = remote with { Credential = null };
        var result = await RunAsync([.. Transport(probe), "-c", "credential.helper=", "ls-remote", "--end-of-options", AddressFor(remote),
            "HEAD"], variables, cancellationToken, ReferenceBytes).ConfigureAwait(false);
        return ServerSign.OfTrace(result.ErrorText);
    }

    public async Task InitializeAsync(string store, int idLength, CancellationToken cancellationToken)
    {
        // Old versions do not know the option; they know SHA-1 only.
        string[] format = idLength == 64 ? ["--object-format=sha256"] : [];
        var result = await RunAsync(["init", "--quiet", "--bare", "--template=", .. format, "--", store], Variables(), cancellationToken)
            .ConfigureAwait(false);
        DemandLocal(result, "make a store");
    }

    public async Task FetchAsync(string store, GitRemote remote, GitFetch fetch, CancellationToken cancellationToken)
    {
        var variables = await VariablesAsync(remote, cancellationToken).ConfigureAwait(false);
        List<string> arguments =
        [
            "--git-dir=" + store, .. Transport(remote), "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
            "--recurse-submodules=no",
        ];
        if (fetch is { Wants.Count: > 0, AreBlobs: false, WithHistory: false })
        {
            arguments.Add("--depth=1");
        }

        if (fetch.Filter is { } filter)
        {
            arguments.Add("--filter=" + filter);
        }

        ReadOnlyMemory<byte> input = default;
        if (fetch.Wants.Count == 0)
        {
            arguments.AddRange(["--end-of-options", AddressFor(remote), "+refs/heads/*:refs/fetched/heads/*",
                "+refs/tags/*:refs/fetched/tags/*"]);
        }
        else
        {
            arguments.AddRange(["--stdin", "--end-of-options", AddressFor(remote)]);
            input = Encoding.ASCII.GetBytes(string.Concat(fetch.Wants.Select(want => want + "\n")));
        }

        long stored = 0;
        bool HasOvergrown() => StoreSize.Exceeds(_environment.Files, store, fetch.ByteLimit, bytes =>
        {
            stored = bytes;
            fetch.Received?.Invoke(bytes);
        });

        ProcessResult result;
        try
        {
            result = await RunAsync(arguments, variables, cancellationToken, input: input, hasOvergrown: HasOvergrown,
                progress: () => stored).ConfigureAwait(false);
        }
        finally
        {
            StoreConfiguration.Forget(_environment.Files, store);
        }

        // What came between the last look and the end counts too.
        if (result.End == ProcessEnd.Overgrown || (result.Succeeded && HasOvergrown()))
        {
            throw new PluginMarketException(MarketErrorCode.LimitExceeded, $"The repository {remote.Address} is larger than the allowed "
                + $"{fetch.ByteLimit} bytes. {Remedy.Do($"Use a smaller repository.")}", remote.Address.ToString());
        }

        Demand(result, remote.Address, remote.Credential, "fetch", remote.Withheld);
    }

    public async Task<string?> FindCommitAsync(string store, string id, CancellationToken cancellationToken)
    {
        var result = await RunAsync(["--git-dir=" + store, "rev-parse", "--verify", "--quiet", "--end-of-options", id + "^{commit}"],
            Variables(), cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? Encoding.ASCII.GetString(result.Output).Trim() : null;
    }

    public async Task<bool> IsAncestorAsync(string store, string older, string newer, CancellationToken cancellationToken)
    {
        if (await FindCommitAsync(store, older, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        var result = await RunAsync(["--git-dir=" + store, "merge-base", "--is-ancestor", older, newer], Variables(), cancellationToken)
            .ConfigureAwait(false);
        if (result.End == ProcessEnd.Exited && result.ExitCode == 1)
        {
            return false;
        }

        DemandLocal(result, "compare two commits");
        return true;
    }

    public async Task<IReadOnlyList<GitTreeItem>> ReadTreeAsync(string store, string commit, CancellationToken cancellationToken)
    {
        var result = await RunAsync(["--git-dir=" + store, "ls-tree", "-r", "-t", "-z", "--full-tree", commit], Variables(),
            cancellationToken, TreeBytes).ConfigureAwait(false);
        DemandLocal(result, "read the tree of " + commit);
        return GitTreeParser.Parse(result.Output);
    }

    public async Task<IReadOnlyDictionary<string, long>> MeasureAsync(string store, IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken)
    {
        var input = Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => id + "\n")));
        var result = await RunAsync(["--git-dir=" + store, "cat-file", "--batch-check", "--buffer"], Variables(), cancellationToken,
            TreeBytes, input).ConfigureAwait(false);
        DemandLocal(result, "measure files");
        var sizes = new Dictionary<string, long>(ids.Count, StringComparer.Ordinal);
        foreach (var line in Encoding.ASCII.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts.Length == 3 && parts[1] == "blob")
            {
                sizes[parts[0]] = long.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return sizes;
    }

    public IGitObjects OpenObjects(string store)
    {
        string[] arguments = ["--git-dir=" + store, "cat-file", "--batch"];
        _environment.Log.Command(Display(arguments));
        return new GitObjects(_runner, new ProcessRequest(_program.Value, [.. Quiet(), .. arguments], _neutralFolder, Variables())
        {
            IdleLimit = _environment.Limits.GitTime,
        });
    }

    public async Task ExportAsync(string store, string commit, string branch, string folder, CancellationToken cancellationToken)
    {
        var repository = Path.Join(folder, ".git");
        string[] format = commit.Length == 64 ? ["--object-format=sha256"] : [];
        var variables = Variables();
        variables["GIT_ALLOW_PROTOCOL"] = "file";
        DemandLocal(await RunAsync(["init", "--quiet", "--template=", .. format, "--", folder], Variables(), cancellationToken)
            .ConfigureAwait(false), "make a repository");
        string[] fetch = ["--git-dir=" + repository, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
            "--update-shallow", "--update-head-ok", "--end-of-options", store, $"+{commit}:refs/heads/{branch}"];
        DemandLocal(await RunAsync(fetch, variables, cancellationToken).ConfigureAwait(false), "copy a commit");
        DemandLocal(await RunAsync(["--git-dir=" + repository, "symbolic-ref", "HEAD", "refs/heads/" + branch], Variables(),
            cancellationToken).ConfigureAwait(false), "name a branch");
        DemandLocal(await RunAsync(["--git-dir=" + repository, "read-tree", commit], Variables(), cancellationToken).ConfigureAwait(false),
            "make an index");
    }

    private static IEnumerable<string> Quiet()
    {
        var nothing = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        string[] settings =
        [
            "core.hooksPath=" + nothing, "core.fsmonitor=false", "core.longpaths=true", "core.attributesFile=" + nothing,
            "gc.auto=0", "maintenance.auto=false", "fetch.writeCommitGraph=false", "fetch.unpackLimit=1", "transfer.unpackLimit=1",
            "fetch.recurseSubmodules=false", "submodule.recurse=false", "transfer.bundleURI=false", "transfer.fsckObjects=true",
            "fetch.fsckObjects=true",
            "http.followRedirects=false", "http.lowSpeedLimit=1000", "http.lowSpeedTime=30", "protocol.version=2",
            "credential.interactive=false",
            "transfer.credentialsInUrl=die",
        ];
        return settings.Concat(ForgivenMessages.Select(message => $"fetch.fsck.{message}=ignore"))
            .SelectMany(setting => new[] { "-c", setting });
    }

    /// <summary>What must win over settings that the user's configuration has for this very address.</summary>
    private static IEnumerable<string> Transport(GitRemote remote)
    {
        var url = remote.IsSettled ? remote.Asked : remote.Address;
        if (url.Scheme is "https" or "http" && !url.Value.Contains('=', StringComparison.Ordinal))
        {
            yield return "-c";
            yield return $"http.{url.Value}.followRedirects=false";
        }

        if (remote.Credential is { HidesUserName: false })
        {
            // Without this every helper of the user would be told to store the credential.
            yield return "-c";
            yield return "credential.helper=";
        }
    }

    /// <summary>What git is told to ask. Of a settled address it gets a name of ours, which is rewritten to that
    /// address, and rewriting is done once.</summary>
    private static string AddressFor(GitRemote remote) => remote.IsSettled ? SettledMark + remote.Asked.Value : remote.Address.Value;

    private Dictionary<string, string> Variables() => GitVariables.Make(_environment, _neutralFolder);

    private Dictionary<string, string> Variables(GitRemote remote)
    {
        var variables = Variables();
        variables["GIT_ALLOW_PROTOCOL"] = remote.Protocols;
        if (remote.IsSettled)
        {
            GitVariables.Configure(variables, $"url.{remote.Asked.Value}.insteadOf", AddressFor(remote));
        }

        return variables;
    }

    private async Task<Dictionary<string, string>> VariablesAsync(GitRemote remote, CancellationToken cancellationToken)
    {
        var variables = Variables(remote);
        _askPass.Supply(variables, remote);
        variables["GIT_SSH_COMMAND"] = remote.Asked.Scheme == "ssh"
            ? await _sshCommand.AskAsync("", () => FindSshCommandAsync(cancellationToken), cancellationToken).ConfigureAwait(false)
            : SshCommand.WithoutPrompts(null);
        return variables;
    }

    /// <summary>Whether the user's configuration may make another address of one: asked once for all repositories.</summary>
    private async Task<bool> RewritesAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(["config", "--null", "--name-only", "--get-regexp", @"^(url|remote)\."],
            GitVariables.Make(_environment, _neutralFolder, withLogins: true), cancellationToken).ConfigureAwait(false);
        return result is not { End: ProcessEnd.Exited, ExitCode: 1, Output.Length: 0 };
    }

    private async Task<string> FindSshCommandAsync(CancellationToken cancellationToken)
    {
        var configured = _environment.Variables.GetValueOrDefault("GIT_SSH_COMMAND");
        if (string.IsNullOrWhiteSpace(configured))
        {
            var result = await RunAsync(["config", "--get", "core.sshCommand"], Variables(), cancellationToken).ConfigureAwait(false);
            configured = result.Succeeded ? Encoding.UTF8.GetString(result.Output).Trim() : null;
            if (string.IsNullOrEmpty(configured) && _environment.Variables.GetValueOrDefault("GIT_SSH") is { Length: > 0 } program)
            {
                // A program, not words of a shell: git reads the variable that it is put into as a shell does.
                configured = $"'{program.Replace("'", "'\\''", StringComparison.Ordinal)}'";
            }
        }

        return SshCommand.WithoutPrompts(configured);
    }

    private async Task<ProcessResult> RunAsync(IReadOnlyList<string> arguments, Dictionary<string, string> variables,
        CancellationToken cancellationToken, long outputLimit = 1 << 20, ReadOnlyMemory<byte> input = default,
        Func<bool>? hasOvergrown = null, Func<long>? progress = null)
    {
        var program = _program.Value;
        _environment.Log.Command(Display(arguments));
        try
        {
            return await _runner.RunAsync(
                new ProcessRequest(program, [.. Quiet(), .. arguments], _neutralFolder, variables)
                {
                    IdleLimit = _environment.Limits.GitTime,
                    TimeLimit = _environment.Limits.FetchTime?.Left(_environment.Time),
                    OutputLimit = outputLimit,
                    Input = input,
                    HasOvergrown = hasOvergrown,
                    Progress = progress,
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            throw new PluginMarketException(MarketErrorCode.GitNotFound, $"The git command '{program}' cannot be started: {e}. "
                + $"{Remedy.Do($"Install git again and run `git --version`.")}", program, e);
        }
    }

    private static string Display(IReadOnlyList<string> arguments) =>
        "git " + string.Join(' ', arguments.Select(GitUrl.Redact)
            .Select(argument => argument.Contains(' ', StringComparison.Ordinal) ? $"'{argument}'" : argument));

    private void Demand(ProcessResult result, GitUrl url, GitCredential? credential, string task, IReadOnlyList<string> withheld)
    {
        switch (result.End)
        {
            case ProcessEnd.TimedOut:
                throw new PluginMarketException(MarketErrorCode.GitTimeout,
                    FetchLimit.Passed(url.ToString(), _environment.Limits.FetchTime!.Limit), url.ToString());
            case ProcessEnd.StoodStill:
                throw new PluginMarketException(MarketErrorCode.GitTimeout,
                    $"git could not {task} from {url}: nothing came for {_environment.Limits.GitTime.TotalSeconds:0} seconds. "
                        + $"{Remedy.Do($"Run `git ls-remote {url}` to check the network, then run the command again.")}", url.ToString());
            case ProcessEnd.Overgrown:
                throw new PluginMarketException(MarketErrorCode.LimitExceeded,
                    $"{url} answers with more than is allowed. {Remedy.Do($"Check the address.")}", url.ToString());
            default:
                if (result.ExitCode != 0)
                {
                    var failure = GitFailures.Explain(url, result.ErrorText, SecretMask.Of(_environment, credential), task,
                        withheld: withheld);
                    throw new GitCommandFailure(result.ErrorText, failure.Code is MarketErrorCode.GitFailed
                        or MarketErrorCode.SourceUnreachable && HasNoRoom() is { } full ? full : failure);
                }

                break;
        }
    }

    private void DemandLocal(ProcessResult result, string task)
    {
        if (result.End == ProcessEnd.Overgrown)
        {
            throw new PluginMarketException(MarketErrorCode.LimitExceeded,
                $"The repository lists more files than is allowed. {Remedy.Do($"Use a smaller repository.")}");
        }

        if (result.End == ProcessEnd.TimedOut)
        {
            throw new PluginMarketException(MarketErrorCode.GitTimeout,
                FetchLimit.Passed("A repository", _environment.Limits.FetchTime!.Limit));
        }

        if (!result.Succeeded)
        {
            throw HasNoRoom() ?? new PluginMarketException(
                result.End == ProcessEnd.StoodStill ? MarketErrorCode.GitTimeout : MarketErrorCode.GitFailed, $"git could not {task}: "
                    + $"{GitFailures.Said(result.ErrorText, SecretMask.Of(_environment))} {Remedy.Do($"Run the command again.")}");
        }
    }

    // Git does not always say why it could not write, and removes what it wrote: the disk itself is asked.
    private PluginMarketException? HasNoRoom()
    {
        var path = Path.Join(Path.GetDirectoryName(_neutralFolder), Guid.NewGuid().ToString("N"));
        try
        {
            _environment.Files.WriteNew(path, new byte[SmallestRoom], FileOps.PrivateFile);
            return null;
        }
        catch (PluginMarketException failure) when (failure.Code == MarketErrorCode.DiskFull)
        {
            return failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return null;
        }
        finally
        {
            BestEffort.Try(() => _environment.Files.DeleteFile(path));
        }
    }
}
