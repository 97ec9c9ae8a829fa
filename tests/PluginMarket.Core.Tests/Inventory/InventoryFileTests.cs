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
        Assert.Equal(inventory.Plugins[0] with { Capabilities = null }, read.Plugins[0] with { Capabilities = null });
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
            },
            new PluginInventoryPlugin { Id = "b@corp", State = "NotCached" },
        ],
    };
}
