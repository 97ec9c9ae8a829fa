using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What installing refuses, looking calls refused, in the same words.</summary>
[Trait("Category", "Slow")]
public sealed class AdmissionTests : IDisposable
{
    private readonly TestShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("""{"version":"1.0.0"}""", "x.txt", MarketErrorCode.ManifestNameMismatch)]
    [InlineData("""{"name":"other"}""", "x.txt", MarketErrorCode.ManifestNameMismatch)]
    [InlineData("""{"name":"tool","version":"../x"}""", "x.txt", MarketErrorCode.ManifestInvalid)]
    [InlineData("""{"name":"tool","version":"con"}""", "x.txt", MarketErrorCode.NameInvalid)]
    [InlineData("""{"name":"tool"}""", "a:b.txt", MarketErrorCode.NameInvalid)]
    [InlineData("""{"name":"tool"}""", "nul.txt", MarketErrorCode.NameInvalid)]
    [InlineData("""[]""", "x.txt", MarketErrorCode.ManifestInvalid)]
    public async Task Every_way_to_look_and_installing_agree(string manifest, string file, MarketErrorCode code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Has names that Windows cannot have.");
        var repository = GitRepository.Create(_shop.Scratch["repositories/tool"]);
        repository.Write(".codex-plugin/plugin.json", manifest).Write(file, "x").Commit();
        _shop.Scratch.Write("shop/tool/.codex-plugin/plugin.json", manifest);
        _shop.Scratch.Write($"shop/tool/{file}", "x");
        foreach (var source in new[] { "\"./tool\"", $$"""{"source":"url","url":"{{repository.FileUrl}}"}""" })
        {
            if (source[0] == '"' && manifest == """{"version":"1.0.0"}""")
            {
                // A folder gives its name.
                continue;
            }

            _shop.Catalog($$"""{"name":"tool","source":{{source}}}""");
            var found = Assert.Single(
                (await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest { Resolve = true })).Plugins);
            var result = await _shop.InstallAsync("tool@shop");

            TestShop.AssertFailed(code, result);
            Assert.Equal(("Refused", result.Reason), (found.Status, found.Reason));
            Assert.DoesNotContain("plugin-source", found.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_name_is_compared_before_the_bytes_are_copied()
    {
        _shop.Listing("tool").Plugin("tool");
        _shop.Scratch.Write("shop/tool/.codex-plugin/plugin.json", """{"name":"other"}""");
        _shop.Scratch.Write("shop/tool/large.bin", "bytes");
        var log = new CopyLog();
        _shop.Environment = _shop.Environment with { Files = log };

        TestShop.AssertFailed(MarketErrorCode.ManifestNameMismatch, await _shop.InstallAsync("tool@shop"));

        Assert.False(log.HasCopied);
    }

    /// <summary>A commit always has the same files: those that are installed from it need not be fetched again, unless somebody changed
    /// them.</summary>
    [Fact]
    public async Task A_pinned_source_that_is_installed_is_not_fetched_again()
    {
        var repository = GitRepository.Create(_shop.Scratch["repositories/tool"]);
        repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.2.0"}""").Write("skills/a/SKILL.md", "x").Commit();
        var commit = repository.Head;
        _shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}","sha":"{{{commit}}}"}}""");
        var installed = await _shop.InstallAsync("tool@shop");
        Assert.True(installed.Status == "Installed", installed.Reason);
        Directory.Move(_shop.Scratch["repositories"], _shop.Scratch["gone"]);

        async Task<Plugin> FindAsync() =>
            Assert.Single((await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest { Resolve = true })).Plugins);

        var found = await FindAsync();
        Assert.Equal(("Available", true, "1.2.0", commit), (found.Status, found.Resolved, found.Version, found.Commit));
        File.AppendAllText(Path.Join(installed.Path, "skills/a/SKILL.md"), "changed");
        found = await FindAsync();
        Assert.Equal((null, false), (found.Status, found.Resolved));
    }

    [Fact]
    public async Task The_status_of_what_could_not_be_read_is_not_known()
    {
        _shop.Listing("gone");

        var found = Assert.Single((await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest())).Plugins);

        Assert.Null(found.Status);
        Assert.NotNull(found.Reason);
    }

    private sealed class CopyLog : FileOps
    {
        internal bool HasCopied { get; private set; }

        protected override void Before(string operation, string path) =>
            HasCopied |= operation == "create" && path.EndsWith("large.bin", StringComparison.Ordinal);
    }
}
