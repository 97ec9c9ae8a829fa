using System.Text;
using PluginMarket.Fleet;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Inventories as files: what was written is read, and what was cut, edited or reordered is not.</summary>
[Trait("Category", "Fast")]
public sealed class InventoryFileTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        var inventory = Sample();

        var read = InventoryText.Read(InventoryText.Write(inventory));

        Assert.Equal(Encoding.UTF8.GetString(InventoryText.Write(inventory)), Encoding.UTF8.GetString(InventoryText.Write(read)));
        string[] none = [];
        Assert.Equal(inventory.Plugins[0] with { Capabilities = null, Advisories = none },
            read.Plugins[0] with { Capabilities = null, Advisories = none });
        Assert.Equal(inventory.Policies!, read.Policies!);
        Assert.Equal(inventory.Blocks, read.Blocks);
        Assert.Equal(inventory.Results, read.Results);
        Assert.Equal(("corp", 412L, inventory.ChannelExpires), (read.ChannelId, read.ChannelSerial, read.ChannelExpires));
        Assert.Equal(inventory.Plugins[0].Capabilities!, read.Plugins[0].Capabilities!);
        Assert.Equal((inventory.CollectedOn, inventory.StateRevision, inventory.MachineId),
            (read.CollectedOn, read.StateRevision, read.MachineId));
    }

    [Fact]
    public void Five_hundred_files_that_were_cut_edited_or_reordered_are_broken_reports()
    {
        using var home = new TestHome();
        var random = new Random(15);
        var good = InventoryText.Write(Sample());
        var query = new DriftQuery(home.Environment, new DriftRequest { References = [new InventoryReference(Sample())] });
        for (var number = 0; number < 500; number++)
        {
            var broken = Break(good, random, number % 5);
            var file = home.Scratch[$"reports/build01.dev.{number}.ndjson"];
            home.Scratch.Write($"reports/build01.dev.{number}.ndjson", "");
            File.WriteAllBytes(file, broken);

            var drift = Assert.Single(query.Compare(ReportFile.Read(home.Environment, file)));
            Assert.True(drift is { Kind: "BrokenReport", ComputerName: "build01" }, $"{number}: {Encoding.UTF8.GetString(broken)}");
        }

        Assert.Equal((500, 0, 500), (query.Summarize().Reporting, query.Summarize().InSync, query.Summarize().Unknown));
    }

    [Theory]
    [InlineData("\"computerName\":\"build01\"", "\"computerName\":5")]
    [InlineData("\"serial\":412", "\"serial\":\"many\"")]
    [InlineData("\"state\":\"Active\"", "\"state\":[]")]
    [InlineData("\"collectedOn\":\"2026", "\"collectedOn\":\"soon")]
    public void A_record_with_a_value_of_another_kind_is_a_broken_report(string good, string bad)
    {
        var lines = Encoding.UTF8.GetString(InventoryText.Write(Sample())).Split('\n')[..^2];
        Assert.Contains(good, lines[0], StringComparison.Ordinal);

        Assert.Throws<InvalidDataException>(
            () => InventoryText.Read(Sealed([lines[0].Replace(good, bad, StringComparison.Ordinal), .. lines[1..]])));
    }

    [Fact]
    public void Records_and_keys_of_newer_tools_are_ignored_and_a_newer_format_is_not()
    {
        var lines = Encoding.UTF8.GetString(InventoryText.Write(Sample())).Split('\n')[..^2];
        var more = lines[0].Replace("\"os\"", "\"future\":{\"a\":[1]},\"os\"", StringComparison.Ordinal);

        Assert.Equal(2, InventoryText.Read(Sealed([more, """{"kind":"weather","sun":true}""", .. lines[1..]])).Plugins.Length);
        Assert.Throws<InvalidDataException>(() => InventoryText.Read(Sealed(
            [lines[0].Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal), .. lines[1..]])));
    }

    private static byte[] Sealed(string[] lines)
    {
        var body = string.Join('\n', lines) + "\n";
        var digest = PluginMarket.Files.TreeDigest.OfBytes(Encoding.UTF8.GetBytes(body));
        return Encoding.UTF8.GetBytes(body + $"{{\"kind\":\"end\",\"records\":{lines.Length},\"sha256\":\"{digest}\"}}\n");
    }

    private static byte[] Break(byte[] good, Random random, int how)
    {
        var lines = Encoding.UTF8.GetString(good).Split('\n')[..^1].ToList();
        switch (how)
        {
            case 0:
                return good[..random.Next(good.Length)];
            case 1:
                var edited = (byte[])good.Clone();
                edited[random.Next(good.Length)] ^= (byte)(1 << random.Next(7));
                return edited;
            case 2:
                var from = random.Next(lines.Count - 1);
                (lines[from], lines[from + 1]) = (lines[from + 1], lines[from]);
                break;
            case 3:
                var twice = random.Next(lines.Count);
                lines.Insert(twice, lines[twice]);
                break;
            default:
                lines.RemoveAt(random.Next(lines.Count));
                break;
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
    }

    private static PluginInventory Sample() => new()
    {
        ComputerName = "build01",
        MachineId = "sha256:" + new string('a', 64),
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        Os = "Linux",
        CollectedOn = new DateTimeOffset(2026, 11, 29, 18, 0, 0, TimeSpan.Zero),
        ToolVersion = "1.0.0",
        StateId = "dev",
        StateRevision = "3",
        StateOn = new DateTimeOffset(2026, 11, 29, 17, 0, 0, TimeSpan.Zero),
        StateResult = "InSync",
        CodexVersion = "0.171.0",
        Policies =
        [
            new PluginInventoryPolicy
            {
                Id = "corp", Revision = "2", Digest = "sha256:" + new string('d', 64), Mode = "enforce", State = "Active", Layer = "Machine",
            },
            new PluginInventoryPolicy { State = "Unreadable", Layer = "Machine" },
        ],
        ChannelId = "corp",
        ChannelSerial = 412,
        ChannelExpires = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
        Blocks =
        [
            new PluginInventoryBlock
            {
                Id = "X-7",
                Target = "treeHash",
                Value = "sha256:" + new string('e', 64),
                On = new DateTimeOffset(2026, 11, 29, 17, 41, 0, TimeSpan.Zero),
            },
        ],
        Results =
        [
            new PluginInventoryResult { Id = "a@corp", Planned = "Install", Status = "Installed" },
            new PluginInventoryResult { Id = "b@corp", Planned = "Install", Status = "Failed", Error = "PluginNotFound" },
        ],
        Marketplaces =
        [
            new PluginInventoryMarketplace { Name = "corp", SourceType = "git", Source = "https://git.example.com/a.git", State = "Readable" },
        ],
        Plugins =
        [
            new PluginInventoryPlugin
            {
                Id = "a@corp",
                Version = "1.0.0",
                State = "Installed",
                Enabled = true,
                EffectiveEnabled = true,
                TreeHash = "sha256:" + new string('b', 64),
                Provenance = "Recorded",
                Integrity = "Intact",
                HoldNote = "a \"note\" with é",
                Held = true,
                Capabilities = ["sha256:" + new string('c', 64)],
                Advisories = ["GHSA-1"],
            },
            new PluginInventoryPlugin { Id = "b@corp", State = "NotCached" },
        ],
    };
}
