using System.Collections.Concurrent;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Installation;
using Xunit;

namespace PluginMarket.Core.Tests.Installation;

/// <summary>Installing again what has not changed: nothing is written, no source is read, and the answer is that of a full
/// comparison.</summary>
[Trait("Category", "Fast")]
public sealed class UnchangedPluginTests
{
    private const string Hooked = "hooked@shop";
    private static readonly string[] Names = ["plain", "hooked", "bare"];

    /// <summary>What happens between two installations, and whether the source has to be read again for it.</summary>
    public static TheoryData<string> Changes => [.. Edits.Keys];

    private static readonly Dictionary<string, Action<Shelf>> Edits = new(StringComparer.Ordinal)
    {
        ["a source file with the same length and the old time"] = shelf => Rewrite(shelf.Shop.Scratch["shop/hooked/run.sh"], "echo 2\n"),
        ["a source file that was replaced"] = shelf => Replace(shelf.Shop.Scratch["shop/hooked/run.sh"]),
        ["a new source file"] = shelf => shelf.Shop.Scratch.Write("shop/hooked/more.txt", ""),
        ["a source file that is gone"] = shelf => File.Delete(shelf.Shop.Scratch["shop/hooked/run.sh"]),
        ["a source file that became a program"] = shelf => MakeProgram(shelf.Shop.Scratch["shop/hooked/run.sh"]),
        ["an installed file with the same length and the old time"] = shelf =>
            Rewrite(Path.Join(shelf.Shop.Cached(Hooked), "run.sh"), "echo 3\n"),
        ["an installed file that was replaced"] = shelf => Replace(Path.Join(shelf.Shop.Cached(Hooked), "run.sh")),
        ["a new installed file"] = shelf => File.WriteAllText(Path.Join(shelf.Shop.Cached(Hooked), "more.txt"), ""),
        ["an installed file that became a program"] = shelf => MakeProgram(Path.Join(shelf.Shop.Cached(Hooked), "run.sh")),
        ["a record that is gone"] = shelf =>
            File.Delete(shelf.Shop.Layout.ReceiptPath(PluginId.Parse(Hooked))),
        ["another version in the cache"] = shelf => Directory.CreateDirectory(shelf.Shop.Cached(Hooked, "0.1.0")),
        ["a key that was removed"] = shelf => shelf.Shop.WriteConfig(
            shelf.Shop.Config.Replace("[plugins.\"hooked@shop\"]", "[plugins.\"other@shop\"]", StringComparison.Ordinal)),
    };

    [Fact]
    public async Task Nothing_is_written_and_no_source_is_read()
    {
        using var shelf = await Shelf.InstalledAsync();
        var before = shelf.States();
        shelf.Files.Reset();
        var results = await shelf.InstallAsync();

        Assert.Equal(Names.Length, results.Count);
        Assert.All(results, result => Assert.Equal("Unchanged", result.Status));
        Assert.Equal(before, shelf.States());
        Assert.Empty(shelf.Files.SourceReads);
        Assert.Empty(shelf.Files.Writes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("manifest")]
    public async Task An_update_writes_nothing_and_reads_no_source_either(string? layout)
    {
        using var shelf = new Shelf(new Later());
        if (layout is not null)
        {
            shelf.Shop.Environment = shelf.Shop.Environment with
            {
                Variables = new Dictionary<string, string>(shelf.Shop.Environment.Variables) { ["PLUGINMARKET_CACHE_VERSION"] = layout },
            };
        }

        await shelf.InstallAsync();
        var before = shelf.States();
        shelf.Files.Reset();
        var results = await shelf.InstallAsync(Update);

        Assert.Equal(Names.Length, results.Count);
        Assert.All(results, result => Assert.Equal("Unchanged", result.Status));
        Assert.Equal(before, shelf.States());
        Assert.Empty(shelf.Files.SourceReads);
        Assert.Empty(shelf.Files.Writes);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Whatever_changed_is_seen_by_an_update(string change)
    {
        using var shelf = await Shelf.InstalledAsync();
        Edits[change](shelf);
        shelf.Files.Reset();
        var results = await shelf.InstallAsync(Update);

        Assert.True(shelf.Files.SourceReads.Any(path => path.Contains("/hooked/", StringComparison.Ordinal))
            || results.Any(result => result is { Name: "hooked", ReasonCode: "PluginNotInstalled" }));
    }

    [Fact]
    public async Task The_answer_of_an_update_is_that_of_a_full_comparison()
    {
        using var shelf = await Shelf.InstalledAsync();
        shelf.Files.Reset();
        var quick = await shelf.InstallAsync(Update);
        Assert.Empty(shelf.Files.SourceReads);
        foreach (var name in Names)
        {
            Replace(shelf.Shop.Scratch[$"shop/{name}/.codex-plugin/plugin.json"], keepContent: true);
        }

        var full = await shelf.InstallAsync(Update);
        Assert.NotEmpty(shelf.Files.SourceReads);
        Assert.Equal(full.Select(Text), quick.Select(Text));
    }

    [Fact]
    public async Task The_answer_is_that_of_a_full_comparison()
    {
        using var shelf = await Shelf.InstalledAsync();
        shelf.Files.Reset();
        var quick = await shelf.InstallAsync();
        Assert.Empty(shelf.Files.SourceReads);
        foreach (var name in Names)
        {
            Replace(shelf.Shop.Scratch[$"shop/{name}/.codex-plugin/plugin.json"], keepContent: true);
        }

        var full = await shelf.InstallAsync();
        Assert.NotEmpty(shelf.Files.SourceReads);
        Assert.Equal(full.Select(Text), quick.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Whatever_changed_is_seen(string change)
    {
        using var shelf = await Shelf.InstalledAsync();
        Edits[change](shelf);
        shelf.Files.Reset();
        await shelf.InstallAsync();
        Assert.Contains(shelf.Files.SourceReads, path => path.Contains("/hooked/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_were_written_just_now_have_no_stamp()
    {
        using var shelf = new Shelf(TimeProvider.System);
        await shelf.InstallAsync();
        shelf.Files.Reset();
        var results = await shelf.InstallAsync();

        Assert.All(results, result => Assert.Equal("Unchanged", result.Status));
        Assert.NotEmpty(shelf.Files.SourceReads);
    }

    [Fact]
    public async Task A_plugin_of_which_something_is_left_out_is_read_again()
    {
        using var shelf = new Shelf(new Later());
        File.CreateSymbolicLink(shelf.Shop.Scratch["shop/plain/link"], "elsewhere");
        await shelf.InstallAsync();
        shelf.Files.Reset();
        await shelf.InstallAsync();

        Assert.Contains(shelf.Files.SourceReads, path => path.Contains("/plain/", StringComparison.Ordinal));
        Assert.DoesNotContain(shelf.Files.SourceReads, path => path.Contains("/hooked/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_at_once_do_not_disturb_one_another()
    {
        using var shelf = new Shelf(new Later());
        string[] many = [.. Enumerable.Range(0, 60).Select(number => $"p{number}")];
        foreach (var name in many)
        {
            shelf.Shop.Plugin(name);
        }

        shelf.Shop.Listing(many);
        await shelf.InstallAsync(names: many);
        for (var run = 0; run < 3; run++)
        {
            shelf.Shop.Environment = shelf.Shop.Environment with { };
            var results = await shelf.InstallAsync(request => request with { ThrottleLimit = 16 }, many);
            Assert.All(results, result => Assert.Equal("Unchanged", result.Status));
        }
    }

    [Fact]
    public async Task A_pinned_commit_is_not_fetched_again()
    {
        using var shelf = new Shelf(new Later());
        var repository = shelf.Shop.Repository("tool");
        var commit = repository.Head;
        shelf.Shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}","sha":"{{{commit}}}"}}""");
        Assert.Equal("Installed", Assert.Single(await shelf.InstallAsync(names: ["tool"])).Status);
        Directory.Delete(shelf.Shop.Scratch["repositories/tool"], recursive: true);

        var again = Assert.Single(await shelf.InstallAsync(names: ["tool"]));
        Assert.Equal("Unchanged", again.Status);
        Assert.Equal(commit, again.Commit);

        shelf.Shop.Catalog(
            $$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}","sha":"{{{new string('0', 40)}}}"}}""");
        Assert.Equal("Failed", Assert.Single(await shelf.InstallAsync(names: ["tool"])).Status);
    }

    private static InstallRequest Update(InstallRequest request) => request with { Intent = new InstallIntent.Update() };

    private static string Text(PluginOperationResult result) => JsonSerializer.Serialize(result with { Duration = default });

    private static void Rewrite(string path, string text)
    {
        var (length, time) = (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, time);
        Assert.Equal(length, new FileInfo(path).Length);
    }

    private static void Replace(string path, bool keepContent = false)
    {
        var time = File.GetLastWriteTimeUtc(path);
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
        var text = File.ReadAllText(path);
        File.WriteAllText(path + ".new", keepContent ? text : text.Replace('1', '4'));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path + ".new", mode);
        }

        File.SetLastWriteTimeUtc(path + ".new", time);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static void MakeProgram(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Three plugins in a shop, and a disk that remembers what was asked of it.</summary>
    private sealed class Shelf : IDisposable
    {
        internal Shelf(TimeProvider time)
        {
            Shop = new TestShop();
            Shop.Plugin("plain").Plugin("hooked", "2.1.0").Hook("hooked", "sh run.sh").Plugin("bare", null);
            Shop.Scratch.Write("shop/hooked/run.sh", "echo 1\n");
            Shop.Scratch.Write("shop/plain/commands/greet.md", "---\ndescription: Greets\n---\nSay hello.\n");
            Shop.Listing(Names);
            Shop.Environment = Shop.Environment with { Files = Files = new WatchedFiles(Shop.Root), Time = time };
        }

        internal TestShop Shop { get; }

        internal WatchedFiles Files { get; }

        internal static async Task<Shelf> InstalledAsync()
        {
            var shelf = new Shelf(new Later());
            var results = await shelf.InstallAsync();
            Assert.All(results, result => Assert.Equal("Installed", result.Status));
            return shelf;
        }

        internal async Task<IReadOnlyList<PluginOperationResult>> InstallAsync(Func<InstallRequest, InstallRequest>? change = null,
            IReadOnlyList<string>? names = null)
        {
            var request = new InstallRequest
            {
                References = [.. (names ?? Names).Select(name => PluginReference.Parse($"{name}@shop"))],
            };
            var results = await Shop.InstallAllAsync(change is null ? request : change(request));
            return [.. results.OrderBy(result => result.Name, StringComparer.Ordinal)];
        }

        /// <summary>Everything in the home with its times: a write of the same bytes shows too.</summary>
        internal IReadOnlyList<string> States() =>
            [.. Directory.EnumerateFileSystemEntries(Shop.CodexHome, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(path => $"{path} {FileOps.Default.Examine(path)}")];

        public void Dispose() => Shop.Dispose();
    }

    /// <summary>A clock that is ahead, so that files that were just written are old.</summary>
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(1);
    }

    private sealed class WatchedFiles(string source) : FileOps
    {
        private static readonly HashSet<string> Reading =
            new(["examine", "list", "open", "readlink", "realpath", "statvfs", "lock", "open-lock"],
            StringComparer.Ordinal);

        private readonly ConcurrentQueue<(string Operation, string Path)> _calls = new();

        internal IEnumerable<string> SourceReads => _calls
            .Where(call => call.Operation == "open" && call.Path.StartsWith(source, StringComparison.Ordinal)
                && !call.Path.EndsWith("marketplace.json", StringComparison.Ordinal)).Select(call => call.Path);

        internal IEnumerable<string> Writes =>
            _calls.Where(call => !Reading.Contains(call.Operation)).Select(call => $"{call.Operation} {call.Path}");

        internal void Reset() => _calls.Clear();

        protected override void Before(string operation, string path) => _calls.Enqueue((operation, path));
    }
}
