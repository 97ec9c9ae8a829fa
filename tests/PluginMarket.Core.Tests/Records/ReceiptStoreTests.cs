using PluginMarket.Files;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class ReceiptStoreTests
{
    private static readonly PluginId Id = PluginId.Parse("tool@shop");

    private static Receipt Full => new()
    {
        Id = Id,
        Version = PluginVersion.Parse("1.0.0"),
        ManifestVersion = "1.0.0",
        SourceType = "git-subdir",
        Provenance = new CommitProvenance("https://example.com/r.git", "plugins/tool", "main", new string('a', 40))
        {
            Part = new MarketplacePart("https://example.com/shop.git", "plugins/tool", new string('a', 40)) { SparsePaths = ["plugins"] },
        },
        TreeHash = TreeDigest.OfBytes([1]),
        GeneratedFiles = [new ReceiptFile(".codex-plugin/plugin.json", TreeDigest.OfBytes([2]))],
        Files = [new ReceiptFile("a b.txt", TreeDigest.OfBytes([3])), new ReceiptFile("run.sh", TreeDigest.OfBytes([4]), Executable: true)],
        RemovedFiles = [".codex-plugin/migrated-command-skills/x/SKILL.md"],
        InstalledOn = new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero),
        InstalledBy = "someone \u001b \"else\"",
        ToolVersion = "1.0.0",
        Engine = "git",
        CatalogCommit = new string('b', 40),
        Capabilities = [new CapabilityRecord("Hook", "hooks/hooks.json:stop:0:0", "hooks/hooks.json", TreeDigest.OfBytes([3]))],
    };

    [Fact]
    public void A_receipt_comes_back_as_it_was_written()
    {
        using var scratch = new ScratchFolder();
        var store = scratch.Environment().Home.Receipts;
        Assert.Null(store.Find(Id));

        store.Write(Full);
        var back = store.Find(Id)!;

        Assert.Equal(Full.GeneratedFiles, back.GeneratedFiles);
        Assert.Equal(Full.Files!, back.Files!);
        Assert.Equal(Full.RemovedFiles, back.RemovedFiles);
        Assert.Equal(Full.Capabilities!, back.Capabilities!);
        Assert.Equal(WithoutLists(Full), WithoutLists(back));
        var path = scratch["home/.codex/plugins/.pluginmarket/receipts/shop/tool.json"];
        Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(path).Mode);
        store.Remove(Id);
        Assert.False(store.Exists(Id));
    }

    [Fact]
    public void A_receipt_of_an_older_version_stays_readable()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("home/.codex/plugins/.pluginmarket/receipts/shop/tool.json", $$"""
            {"format":1,"plugin":"tool","marketplace":"shop","version":"1","source":{"type":"local","location":"/x"},"treeHash":"{{Full.TreeHash}}","generatedFiles":[],"installedOn":"2026-11-24T01:02:03.0000000Z","installedBy":"x","toolVersion":"x"}
            """);

        var receipt = scratch.Environment().Home.Receipts.Find(Id)!;

        Assert.Null(receipt.Files);
        Assert.Empty(receipt.RemovedFiles);
    }

    [Fact]
    public void A_receipt_from_before_capabilities_were_recorded_is_read()
    {
        using var scratch = new ScratchFolder();
        var store = scratch.Environment().Home.Receipts;
        store.Write(Full with { Capabilities = null });

        Assert.DoesNotContain("capabilities",
            File.ReadAllText(scratch["home/.codex/plugins/.pluginmarket/receipts/shop/tool.json"]), StringComparison.Ordinal);
        Assert.Null(store.Find(Id)!.Capabilities);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":1,"plugin":"other","marketplace":"shop"}""")]
    [InlineData("""{"format":1,"plugin":"tool","marketplace":"shop","version":".."}""")]
    [InlineData("""{"format":1,"plugin":"tool","marketplace":"shop","version":"1","source":{"type":"local","location":"/x"},"treeHash":"sha256:1","generatedFiles":[],"installedOn":"x","installedBy":"x","toolVersion":"x"}""")]
    public void A_broken_receipt_is_stated_and_counts_as_none(string text)
    {
        using var scratch = new ScratchFolder();
        var store = scratch.Environment().Home.Receipts;
        scratch.Write("home/.codex/plugins/.pluginmarket/receipts/shop/tool.json", text);

        Assert.Equal(MarketErrorCode.StateCorrupt, Assert.Throws<PluginMarketException>(() => store.Find(Id)).Code);
        Assert.False(store.TryFind(Id, out _, out var problem));
        Assert.NotNull(problem);
        Assert.DoesNotContain("..", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Run Install-Plugin tool@shop -Reinstall to install the plugin again.",
            problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_receipt_is_stated()
    {
        using var scratch = new ScratchFolder();
        var store = scratch.Environment().Home.Receipts;
        store.Write(Full);
        var path = scratch["home/.codex/plugins/.pluginmarket/receipts/shop/tool.json"];
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length - 2; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Equal(MarketErrorCode.StateCorrupt, Assert.Throws<PluginMarketException>(() => store.Find(Id)).Code);
        }
    }

    private static Receipt WithoutLists(Receipt receipt) =>
        receipt with { GeneratedFiles = [], Files = [], RemovedFiles = [], Capabilities = null };
}
