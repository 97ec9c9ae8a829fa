using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class StatedVersionsTests
{
    private const string Skill = "---\nname: s\ndescription: d\n---\nx\n";

    [Fact]
    public async Task Versions_are_those_that_a_full_reading_finds()
    {
        using var shop = new TestShop();
        shop.Plugin("plain", "1.2.3").Plugin("blank", null);
        Write("claude/.claude-plugin/plugin.json", """{"name":"claude","version":"2.0.0"}""");
        Write("cursor/.cursor-plugin/plugin.json", """{"name":"cursor","version":"3.0.0"}""");
        Write("agent/plugin.json",
            """{"$schema":"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json","name":"agent","version":"4.0.0"}""");
        Write("decoy/plugin.json", """{"name":"decoy","version":"9.9.9"}""");
        Write("decoy/.codex-plugin/plugin.json", """{"name":"decoy","version":"5.0.0"}""");
        Write("first/.codex-plugin/plugin.json", """{"name":"first","version":"6.0.0"}""");
        Write("first/.claude-plugin/plugin.json", """{"name":"first","version":"9.9.9"}""");
        Write("broken/.codex-plugin/plugin.json", """{"name":"broken","version":""");
        Write("typed/.codex-plugin/plugin.json", """{"name":"typed","version":7}""");
        Write("illegal/.codex-plugin/plugin.json", """{"name":"illegal","version":"a b"}""");
        Write("other-name/.codex-plugin/plugin.json", """{"name":"elsewhere","version":"8.0.0"}""");
        Write("bare/skills/s/SKILL.md", Skill);
        Write("own-words/skills/s/SKILL.md", Skill);
        Write("blocked/.codex-plugin/plugin.json/x", "");
        Write("real/.codex-plugin/plugin.json", """{"name":"linked","version":"1.1.1"}""");
        Directory.CreateSymbolicLink(Path.Join(shop.Root, "linked"), Path.Join(shop.Root, "real"));
        Directory.CreateSymbolicLink(Path.Join(shop.Root, "outside"), shop.Scratch.MakeFolder("elsewhere"));
        Directory.CreateSymbolicLink(Path.Join(shop.Root, "bare", ".codex-plugin"), Path.Join(shop.Root, "plain", ".codex-plugin"));
        var names = Directory.GetDirectories(shop.Root).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.')
            .Append("missing").Order(StringComparer.Ordinal).ToList();
        shop.Catalog(
        [
            .. names.Select(name => $$"""{"name":"{{name}}","source":"./{{name}}","version":"0.0.{{(name is "own-words" or "missing"
                or "outside" ? 1 : 0)}}"}"""),
            """{"name":"remote","version":"0.0.2","source":{"source":"url","url":"https://example.com/r.git"}}""",
        ]);

        var full = (await new PluginQuery(shop.Environment).FindAsync(new PluginFindRequest())).Plugins;
        var listing = new PluginQuery(shop.Environment).ListEntries(new PluginFindRequest());
        var versions = new StatedVersions(shop.Environment).Read(listing.Entries);

        Assert.Equal(names.Count + 1, full.Count);
        Assert.Equal(full.Select(plugin => $"{plugin.Name} {plugin.Version}"),
            listing.Entries.Zip(versions, (entry, version) => $"{entry.Entry.Name} {version}"));
        Assert.True(versions.Distinct().Count() >= 10, string.Join(" ", versions));

        void Write(string path, string text) => shop.Scratch.Write("shop/" + path, text);
    }

    [Fact]
    public void A_version_costs_the_same_calls_however_large_the_plugin_is()
    {
        using var shop = new TestShop().Listing("small", "large").Plugin("small").Plugin("large");
        for (var i = 0; i < 200; i++)
        {
            shop.Scratch.Write($"shop/large/skills/s{i}/SKILL.md", Skill);
        }

        Assert.Equal(Calls("small"), Calls("large"));
        Assert.InRange(Calls("large"), 2, 8);

        int Calls(string name)
        {
            var entries = new PluginQuery(shop.Environment).ListEntries(new PluginFindRequest { Names = [name] }).Entries;
            var files = new FaultingFileOps { Operations = null };
            Assert.Equal(["1.0.0"], new StatedVersions(shop.Environment with { Files = files }).Read(entries));
            return files.Calls.Count(call => call.Contains(Path.Join(shop.Root, name), StringComparison.Ordinal));
        }
    }
}
