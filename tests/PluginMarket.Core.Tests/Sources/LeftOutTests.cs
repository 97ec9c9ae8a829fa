using System.Diagnostics;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What does not come along is told whichever way a plugin comes.</summary>
[Trait("Category", "Slow")]
public sealed class LeftOutTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid "
        + "sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 25\n";

    private static readonly string[] Names = ["bad-\uFFFD", "bin/tool", "inside", "module", "outside", "link", "pipe"];

    private readonly TestShop _shop = new();
    private readonly RecordingLog _log = new();

    public LeftOutTests() => _shop.Environment = _shop.Environment with { Log = _log };

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("snapshot")]
    [InlineData("git-subdir")]
    [InlineData("url")]
    [InlineData("lock")]
    public async Task Links_submodules_pointers_and_broken_names_of_a_repository_are_told(string way)
    {
        var repository = GitRepository.Create(_shop.Scratch["repository"]);
        var prefix = way == "url" ? "" : "plugins/tool/";
        repository.Write(".agents/plugins/marketplace.json", """{"name":"mk","plugins":[{"name":"tool","source":"./plugins/tool"}]}""")
            .Write(prefix + ".codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""").Write(prefix + "bin/tool", Pointer)
            .WriteLink(prefix + "inside", "bin/tool").WriteLink(prefix + "outside", "/etc/passwd");
        repository.Run("add", "-A");
        repository.AddGitLink(prefix + "module");
        var blob = repository.RunWith("x"u8.ToArray(), "hash-object", "-w", "--stdin").Trim();
        repository.RunWith([.. System.Text.Encoding.UTF8.GetBytes($"100644 {blob}\t{prefix}bad-"), 0xFF, 0],
            "update-index", "-z", "--index-info");
        repository.CommitIndex();
        var id = "tool@shop";
        if (way is "url" or "git-subdir")
        {
            _shop.Catalog($$$"""{"name":"tool","source":{"source":"{{{way}}}","url":"{{{repository.FileUrl}}}"{{{(way == "url"
                ? "" : ",\"path\":\"plugins/tool\"")}}}}}""");
        }
        else
        {
            await new MarketplaceRegistry(_shop.Environment).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
            id = "tool@mk";
        }

        var result = await _shop.InstallAsync(id);
        if (way == "lock")
        {
            var draft = new LockFileMaker(_shop.Environment).Make(_shop.Scratch["l.json"], []);
            result = Assert.Single(await _shop.InstallAllAsync(
                new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = draft.File.Entries, Frozen = true } }));
        }

        Assert.True(result.Error is null, result.Reason);
        Assert.Equal(["bad-\uFFFD", "bin/tool", "inside", "module", "outside"], result.LeftOut!);
        Assert.Contains(_log.Warnings, warning => warning.Contains("Git LFS", StringComparison.Ordinal));
        var entry = Assert.Single(MarketplaceView.Open(_shop.Environment).Locate("tool"));
        var check = await new Validator(_shop.Environment).CheckEntryAsync(entry, new ValidationRequest { Rules = ["PM0407", "PM0410"] });
        Assert.Equal(["bad-\uFFFD", "bin/tool", "inside", "module", "outside"],
            check.Diagnostics.Select(found => Relative(found.File!)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Links_pipes_pointers_and_broken_names_of_a_folder_are_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs the names and pipes of Unix.");
        _shop.Listing("tool").Plugin("tool");
        _shop.Scratch.Write("shop/tool/bin/tool", Pointer);
        File.CreateSymbolicLink(_shop.Scratch["shop/tool/link"], "bin/tool");
        Shell("mkfifo pipe; printf x > \"$(printf 'bad-\\377')\"");

        var result = await _shop.InstallAsync("tool@shop");

        Assert.True(result.Status == "Installed", result.Reason);
        Assert.Equal(["bad-\uFFFD", "bin/tool", "link", "pipe"], result.LeftOut!);
        TestShop.AssertFailed(MarketErrorCode.PathEscapesRoot, await _shop.InstallAsync("tool@shop",
            request => request with { Strict = true, Intent = new InstallIntent.Install { Reinstall = true } }));
        var check = Assert.Single(new Validator(_shop.Environment).CheckPlugins(
            new ValidationRequest { Paths = [_shop.Scratch["shop/tool"]], Rules = ["PM0407", "PM0410"] }).Results);
        Assert.Equal(["bad-\uFFFD", "bin/tool", "link", "pipe"],
            check.Diagnostics.Select(found => Relative(found.File!)).Order(StringComparer.Ordinal));
    }

    private void Shell(string command)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _shop.Scratch["shop/tool"] })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Relative(string file) => Names.First(name => file.EndsWith(name, StringComparison.Ordinal));
}
