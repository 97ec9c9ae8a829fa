using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>One repository, its server, and stores that may be given variables and options.</summary>
internal sealed class GitFixture(GitEngine engine = GitEngine.Git) : IAsyncDisposable
{
    private readonly List<GitStore> _stores = [];
    private readonly List<GitHttpServer> _servers = [];

    public ScratchFolder Scratch { get; } = new();

    public RecordingLog Log { get; } = new();

    public GitRepository Repository =>
        field ??= GitRepository.Create(Scratch["served/repo"], new Dictionary<string, string> { ["a/one"] = "1", ["b/two"] = "22" });

    /// <summary>The file whose existence proves that something ran which must not.</summary>
    public string Canary => Scratch["canary"];

    public GitHttpServer Serve(TlsAuthority? tls = null)
    {
        _ = Repository;
        var server = new GitHttpServer(Scratch["served"], tls);
        _servers.Add(server);
        return server;
    }

    public GitStore Store(GitOptions? options = null, IReadOnlyDictionary<string, string>? variables = null, Limits? limits = null)
    {
        var environment = Scratch.Environment(log: Log, limits: limits);
        var all = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        options = engine == GitEngine.Auto ? options : (options ?? GitOptions.Default) with { Engine = engine };
        var store = new GitStore(environment with { Variables = all }, Scratch.MakeFolder($"store{_stores.Count}"), options);
        _stores.Add(store);
        return store;
    }

    public static Task<GitRevision> Resolve(GitStore store, string url, string? reference = "main", string? sha = null,
        SourceOrigin origin = SourceOrigin.User) =>
            store.ResolveAsync(GitUrl.Parse(url), reference, sha, origin, CancellationToken.None);

    public static async Task<GitTree> Take(GitStore store, string url, string folder = "a")
    {
        var revision = await Resolve(store, url);
        return await store.FetchAsync(GitUrl.Parse(url), revision.Commit, TreeSelection.Below(RelativePath.Parse(folder)),
            SourceOrigin.User, CancellationToken.None);
    }

    /// <summary>A script that leaves the canary.</summary>
    public string Trap(string path) => Program(Scratch, path, $"touch '{Canary}'\nexit 0\n");

    /// <summary>A script for /bin/sh.</summary>
    public static string Program(ScratchFolder scratch, string path, string script)
    {
        var file = scratch.Write(path, "#!/bin/sh\n" + script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        }

        return file;
    }

    public void ConfigureUser(string text) => Scratch.Write("home/.gitconfig", text);

    /// <summary>Command lines of living processes that contain a text.</summary>
    public static List<string> ProcessesWith(string text) =>
        [.. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLine)
            .Where(line => line.Contains(text, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        Scratch.Dispose();
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Join(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
