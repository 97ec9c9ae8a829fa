using PluginMarket.Files;
using PluginMarket.Inventory;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Every kind of tampering is named, and an untouched tree never is (promise 14).</summary>
[Trait("Category", "Fast")]
public sealed class IntegrityQueryTests
{
    private const string Id = "tool@shop";

    [Fact]
    public async Task An_untouched_plugin_is_intact()
    {
        using var shop = await InstalledAsync();

        var result = Check(shop);

        Assert.True(result.IsIntact, result.Reason);
        Assert.Equal(("Intact", "tool@shop", "local"), (result.State, result.ToString(), result.CacheVersion));
        Assert.Equal(result.ExpectedTreeHash, result.TreeHash);
        Assert.Equal(0, result.Modified!.Length + result.Missing!.Length + result.Unexpected!.Length);
        Assert.Null(result.Reason);
    }

    [Theory]
    [InlineData("skills/a/SKILL.md")]
    [InlineData("run.sh")]
    [InlineData(".codex-plugin/plugin.json")]
    [InlineData(".codex-plugin/migrated-command-skills/source-command-go/SKILL.md")]
    public async Task A_changed_byte_is_named(string file)
    {
        using var shop = await InstalledAsync();
        var path = Path.Join(shop.Cached(Id), file);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        AssertFound(shop, modified: [file]);
    }

    [Fact]
    public async Task An_added_file_is_named_wherever_it_lies()
    {
        using var shop = await InstalledAsync();
        string[] added = [".codex-plugin/migrated-command-skills/evil/SKILL.md", "hooks/hooks.json", "skills/b/SKILL.md"];
        foreach (var file in added)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(shop.Cached(Id), file))!);
            File.WriteAllText(Path.Join(shop.Cached(Id), file), "x");
        }

        AssertFound(shop, unexpected: added);
    }

    [Fact]
    public async Task A_removed_file_is_named()
    {
        using var shop = await InstalledAsync();
        File.Delete(Path.Join(shop.Cached(Id), "run.sh"));
        Directory.Delete(Path.Join(shop.Cached(Id), ".codex-plugin/migrated-command-skills"), recursive: true);

        AssertFound(shop, missing: [".codex-plugin/migrated-command-skills/source-command-go/SKILL.md", "run.sh"]);
    }

    [Fact]
    public async Task A_changed_right_to_run_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such mark.");
        using var shop = await InstalledAsync();
        FileOps.Default.SetMode(Path.Join(shop.Cached(Id), "run.sh"), FileOps.SharedFile);
        FileOps.Default.SetMode(Path.Join(shop.Cached(Id), "skills/a/SKILL.md"), FileOps.SharedFolder);

        AssertFound(shop, modified: ["run.sh", "skills/a/SKILL.md"]);
    }

    [Fact]
    public async Task A_file_swapped_for_a_link_to_the_same_bytes_is_named()
    {
        using var shop = await InstalledAsync();
        var path = Path.Join(shop.Cached(Id), "run.sh");
        File.Move(path, shop.Scratch["run.sh"]);
        File.CreateSymbolicLink(path, shop.Scratch["run.sh"]);
        File.CreateSymbolicLink(Path.Join(shop.Cached(Id), "link"), "run.sh");

        AssertFound(shop, modified: ["run.sh"], unexpected: ["link"]);
    }

    [Fact]
    public async Task A_folder_swapped_for_a_link_is_told()
    {
        using var shop = await InstalledAsync();
        var folder = Path.GetDirectoryName(shop.Cached(Id))!;
        Directory.Move(folder, shop.Scratch["moved"]);
        Directory.CreateSymbolicLink(folder, shop.Scratch["moved"]);

        var result = Check(shop);

        Assert.False(result.IsIntact);
        Assert.Contains("is a link", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"toolVersion\": \"", "\"toolVersion\": \"9")]
    [InlineData("\"location\": \"/", "\"location\": \"/elsewhere/")]
    [InlineData("\"treeHash\": \"sha256:", null)]
    public async Task An_edited_receipt_is_told(string text, string? replacement)
    {
        using var shop = await InstalledAsync();
        var path = shop.Layout.ReceiptPath(PluginId.Parse(Id));
        var receipt = File.ReadAllText(path);
        var at = receipt.IndexOf(text, StringComparison.Ordinal) + text.Length;
        File.WriteAllText(path, replacement is null
            ? receipt[..at] + (receipt[at] == '0' ? '1' : '0') + receipt[(at + 1)..]
            : receipt.Replace(text, replacement, StringComparison.Ordinal));

        var result = Check(shop);

        Assert.False(result.IsIntact);
        Assert.Contains("edited", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_and_receipt_changed_together_are_told_by_the_history()
    {
        using var shop = await InstalledAsync();
        var file = Path.Join(shop.Cached(Id), "run.sh");
        File.AppendAllText(file, "evil\n");
        var store = shop.Environment.Home.Receipts;
        var receipt = store.Find(PluginId.Parse(Id))!;
        var forged = receipt with
        {
            Files = [.. receipt.Files!.Select(f => f.Path == "run.sh" ? f with { Hash = TreeDigest.OfBytes(File.ReadAllBytes(file)) } : f)],
        };
        var history = File.ReadAllBytes(shop.Layout.State.HistoryPath);
        store.Write(forged);
        File.WriteAllBytes(shop.Layout.State.HistoryPath, history);

        Assert.Contains("edited", Check(shop).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_names_a_file_twice_is_told()
    {
        using var shop = await InstalledAsync();
        var store = shop.Environment.Home.Receipts;
        var receipt = store.Find(PluginId.Parse(Id))!;
        var history = File.ReadAllBytes(shop.Layout.State.HistoryPath);
        store.Write(receipt with
        {
            GeneratedFiles = [.. receipt.GeneratedFiles, .. receipt.GeneratedFiles],
            Files = [.. receipt.Files!, .. receipt.Files!],
        });
        File.WriteAllBytes(shop.Layout.State.HistoryPath, history);

        Assert.Contains("edited", Check(shop).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_read_is_told()
    {
        using var shop = await InstalledAsync();
        File.WriteAllText(shop.Layout.ReceiptPath(PluginId.Parse(Id)), "{");

        Assert.Equal("Changed", Check(shop).State);
    }

    [Fact]
    public async Task A_receipt_of_an_older_version_is_compared_by_its_digest()
    {
        using var shop = await InstalledAsync();
        var store = shop.Environment.Home.Receipts;
        store.Write(store.Find(PluginId.Parse(Id))! with { Files = null });
        Assert.True(Check(shop).IsIntact, Check(shop).Reason);

        File.AppendAllText(Path.Join(shop.Cached(Id), "run.sh"), "x");
        var result = Check(shop);
        Assert.False(result.IsIntact);
        Assert.Contains(result.ExpectedTreeHash!, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_the_folder_does_not_matter()
    {
        using var shop = await InstalledAsync();
        Directory.Move(shop.Cached(Id), shop.Cached(Id, "1.0.0"));

        Assert.True(Check(shop).IsIntact, Check(shop).Reason);
    }

    [Fact]
    public async Task A_plugin_without_a_receipt_is_neither_intact_nor_changed()
    {
        using var shop = await InstalledAsync();
        File.Delete(shop.Layout.ReceiptPath(PluginId.Parse(Id)));

        var result = Check(shop);

        Assert.Equal(("NotRecorded", false), (result.State, result.IsIntact));
    }

    [Fact]
    public async Task A_key_whose_files_are_gone_is_not_installed()
    {
        using var shop = await InstalledAsync();
        Directory.Delete(shop.Cached(Id), recursive: true);

        var result = Check(shop);

        Assert.Equal("NotInstalled", result.State);
        Assert.Contains("run.sh", result.Missing!);
    }

    [Fact]
    public async Task A_source_that_ships_generated_skills_is_intact_too()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("shop/tool/.codex-plugin/migrated-command-skills/old/SKILL.md", "---\nname: old\ndescription: d\n---\n");
        Assert.Equal("Installed", (await shop.InstallAsync(Id)).Status);
        Assert.True(Check(shop).IsIntact, Check(shop).Reason);
        Assert.Equal("Recorded", Provenance(shop));

        File.AppendAllText(Path.Join(shop.Cached(Id), "skills/a/SKILL.md"), "x");
        Assert.Equal("None", Provenance(shop));
        Assert.Equal(["skills/a/SKILL.md"], Check(shop).Modified!);
    }

    [Fact]
    public async Task A_name_that_is_not_installed_is_a_failure()
    {
        using var shop = await InstalledAsync();

        var listing = new IntegrityQuery(shop.Environment).Check(new IntegrityRequest { Names = ["tol"] });

        Assert.Empty(listing.Results);
        Assert.Equal(MarketErrorCode.PluginNotInstalled, Assert.Single(listing.Failures).Code);
    }

    private static async Task<TestShop> InstalledAsync()
    {
        var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("shop/tool/commands/go.md", "---\ndescription: Goes.\n---\nGo there.\n");
        FileOps.Default.SetMode(shop.Scratch.Write("shop/tool/run.sh", "#!/bin/sh\necho hi\n"), FileOps.SharedFolder);
        var result = await shop.InstallAsync(Id);
        Assert.True(result.Status == "Installed", result.Reason);
        return shop;
    }

    private static string Provenance(TestShop shop) => Assert.Single(
        new InstalledPluginQuery(shop.Environment).List(new InstalledPluginRequest { IncludeHash = true }).Plugins).Provenance;

    private static IntegrityResult Check(TestShop shop) =>
        Assert.Single(new IntegrityQuery(shop.Environment).Check(new IntegrityRequest { Names = [Id] }).Results);

    private static void AssertFound(TestShop shop, string[]? modified = null, string[]? missing = null, string[]? unexpected = null)
    {
        var result = Check(shop);
        Assert.Equal("Changed", result.State);
        Assert.Equal(modified ?? [], result.Modified);
        Assert.Equal(missing ?? [], result.Missing);
        Assert.Equal(unexpected ?? [], result.Unexpected);
    }
}
