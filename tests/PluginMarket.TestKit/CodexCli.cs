using System.Diagnostics;
using System.Text.Json;

namespace PluginMarket.TestKit;

/// <summary>The real Codex CLI in one version; the judge of interop tests.</summary>
internal sealed class CodexCli
{
    // Far more than any run takes; what Codex starts can go on for ever, as git does that clones without blobs from a shallow repository.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    private readonly string _program;

    internal CodexCli(string version, string program) => (Version, _program) = (version, program);

    /// <summary>The version it says it has.</summary>
    public string Version { get; }

    /// <summary>The newest of the versions that are asked; null with the reason if it cannot be had.</summary>
    public static CodexCli? Find(out string? missing) => Find(CodexVersions.Asked[^1], out missing);

    /// <summary>One version: the program on the search path if it is that one, else what npm installs for the tests; null
    /// with the reason if neither works.</summary>
    public static CodexCli? Find(string version, out string? missing)
    {
        (var cli, missing) = CodexInstallation.Get(version);
        return cli;
    }

    /// <summary>Every version that is asked, the oldest first; empty with the reason if one of them cannot be had.</summary>
    public static IReadOnlyList<CodexCli> FindAll(out string? missing)
    {
        var found = CodexVersions.Asked.Select(CodexInstallation.Get).ToList();
        missing = found.Select(one => one.Missing).FirstOrDefault(reason => reason is not null);
        return missing is null ? [.. found.Select(one => one.Cli!)] : [];
    }

    /// <summary>Runs <c>codex</c> with both homes set to scratch folders, nothing else of this process changed.</summary>
    public CodexRun Run(string codexHome, string home, params string[] arguments) => Run(codexHome, home, null, arguments);

    /// <summary>Runs <c>codex</c> in a working folder.</summary>
    /// <exception cref="TimeoutException">It was not done in time and was killed with all that it started.</exception>
    public CodexRun Run(string codexHome, string home, string? workingDirectory, string[] arguments) =>
        Run(StartInfo(codexHome, home, workingDirectory, arguments));

    /// <summary>Runs what <see cref="StartInfo"/> gave, changed by the caller.</summary>
    /// <exception cref="TimeoutException">It was not done in time and was killed with all that it started.</exception>
    public static CodexRun Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var isKilled = false;
        using var watchdog = new Timer(
            _ =>
            {
                isKilled = true;
                CodexServer.Kill(process);
            },
            null,
            TimeLimit,
            Timeout.InfiniteTimeSpan);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (isKilled)
        {
            throw new TimeoutException($"codex {string.Join(' ', start.ArgumentList)} did not end: {error.GetAwaiter().GetResult()}");
        }

        return new CodexRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts the app-server, asks for <c>plugin/list</c>, and returns its answer once the refresh of the cache, which
    /// that request only starts, is over.</summary>
    /// <remarks>
    /// The server says nothing when its refresh is over, except about what it could not refresh: so a marketplace of that kind is
    /// configured for the time of the run, and is in the answer. The server gets no network but this machine's own addresses.
    /// </remarks>
    /// <param name="codexHome">The agent's home.</param>
    /// <param name="home">The personal home.</param>
    /// <param name="until">What must have come true, besides, before the server is stopped: its upgrade of git
    /// marketplaces runs beside the refresh.</param>
    /// <exception cref="TimeoutException">The server was not done in time and was killed.</exception>
    public JsonElement RefreshThroughAppServer(string codexHome, string home, Func<bool>? until = null)
    {
        using var end = new RefreshEnd(codexHome);
        var start = ServerInfo(codexHome, home);
        start.Environment["RUST_LOG"] = "codex_core_plugins=warn";
        using var server = new CodexServer(start, TimeLimit, end.Notice);
        var answer = server.Ask("plugin/list", new { });
        while (!end.IsReached || until?.Invoke() == false)
        {
            if (server.EndsWithin(TimeSpan.FromMilliseconds(20)))
            {
                throw new TimeoutException("The app-server did not finish its refresh: " + end.Errors);
            }
        }

        return answer;
    }

    /// <summary>Starts the app-server and asks it for one plugin of a catalog after the other.</summary>
    /// <param name="codexHome">The agent's home.</param>
    /// <param name="home">The personal home.</param>
    /// <param name="catalogPath">The catalog file.</param>
    /// <param name="names">The plugins; each must be one that Codex takes.</param>
    /// <exception cref="InvalidOperationException">The server refused or ended.</exception>
    public IReadOnlyDictionary<string, JsonElement> ReadPlugins(string codexHome, string home, string catalogPath,
        IEnumerable<string> names)
    {
        using var server = StartServer(codexHome, home);
        return names.ToDictionary(name => name, name => server.ReadPlugin(catalogPath, name), StringComparer.Ordinal);
    }

    /// <summary>Starts the app-server.</summary>
    /// <param name="codexHome">The agent's home.</param>
    /// <param name="home">The personal home.</param>
    public CodexServer StartServer(string codexHome, string home) => new(ServerInfo(codexHome, home), TimeLimit);

    /// <summary>Starts an app-server and asks it one question.</summary>
    /// <param name="server">How it is started.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <exception cref="InvalidOperationException">The server refused or ended.</exception>
    public static JsonElement Ask(ProcessStartInfo server, string method, object parameters)
    {
        using var running = new CodexServer(server, TimeLimit);
        return running.Ask(method, parameters);
    }

    /// <summary>Starts the app-server, asks for <c>plugin/list</c>, which starts its refresh, and stops it once something has
    /// come true that the refresh does.</summary>
    /// <param name="codexHome">The agent's home.</param>
    /// <param name="home">The personal home.</param>
    /// <param name="done">What the refresh does.</param>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public void RefreshUntil(string codexHome, string home, Func<bool> done)
    {
        using var server = StartServer(codexHome, home);
        server.Ask("plugin/list", new { });
        while (!done())
        {
            if (server.EndsWithin(TimeSpan.FromMilliseconds(50)))
            {
                throw new TimeoutException("The app-server did not refresh what it should.");
            }
        }
    }

    /// <summary>A run that the caller starts, both homes set to scratch folders.</summary>
    public ProcessStartInfo StartInfo(string codexHome, string home, string? workingDirectory, string[] arguments)
    {
        var start = new ProcessStartInfo(_program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? home,
        };
        start.Environment["CODEX_HOME"] = codexHome;
        start.Environment["HOME"] = home;
        start.Environment["RUST_BACKTRACE"] = "0";
        return start;
    }

    private ProcessStartInfo ServerInfo(string codexHome, string home) => StartInfo(codexHome, home, null, ["app-server"]);
}

/// <summary>What one run of the Codex CLI gave.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CodexRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}
