using System.Text.Json;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Inventory;

/// <summary>A long listing reads manifests, and the other files of a plugin when it is asked what is in them.</summary>
[Trait("Category", "Fast")]
public sealed class DeferredListingTests : IDisposable
{
    private const string Skill = "---\nname: s\ndescription: d\n---\nx\n";
    private const int Count = LaterDetails.FewPlugins + 10;

    private readonly TestShop _shop = new();
    private readonly List<string> _names = [];
    private readonly CatalogMemory _catalogs = new(new LaterClock());

    public DeferredListingTests()
    {
        for (var i = 0; i < Count; i++)
        {
            Plugin($"plain-{i:d2}", """ "description":"d", "author":{"name":"A"}, "license":"MIT", "keywords":["k"] """);
        }
    }

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_deferred_object_says_what_a_full_reading_says()
    {
        Plugin("skilled", """ "interface":{"displayName":"S","category":"C","capabilities":["Read"]} """);
        Write("skilled/skills/s/SKILL.md", Skill);
        Plugin("hidden", "\"description\":\"d\"");
        Write("hidden/skills/s/SKILL.md", "---\nname: s\ndescription: d\u200b\n---\nx\n");
        Plugin("twice", "\"hooks\":\"./hooks.json\"");
        Write("twice/hooks.json", """{"hooks":{},"hooks":{}}""");
        Plugin("long-name", "\"description\":\"d\"");
        Write($"long-name/{new string('n', 220)}", "");
        Plugin("broken", "\"keywords\":7");
        Plugin("elsewhere", "\"x\":1", "another");
        Plugin("unportable", "\"version\":\"nul\"");
        Write("missing-manifest/skills/s/SKILL.md", Skill);
        Write("agent/plugin.json",
            """{"$schema":"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json","name":"agent","version":"4.0.0"}""");
        Write("claude/.claude-plugin/plugin.json", """{"name":"claude","version":"2.0.0"}""");
        Plugin("linked", "\"description\":\"d\"");
        File.CreateSymbolicLink(Path.Join(_shop.Root, "linked", "link"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Join(_shop.Root, "alias"), Path.Join(_shop.Root, "skilled"));
        _names.AddRange(["missing-manifest", "agent", "claude", "alias", "missing"]);
        Catalog();

        var full = await FindAsync(new PluginFindRequest());
        var deferred = await FindAsync(new PluginFindRequest { DefersFiles = true, Manifests = new ManifestMemory() });

        Assert.Equal(_names.Count, full.Count);
        Assert.Equal(full.Select(Details), deferred.Select(Details));
        Assert.Equal(full.Where(plugin => plugin.Resolved).Select(Words), deferred.Where(plugin => plugin.Resolved).Select(Words));
        Assert.True(full.Select(plugin => plugin.Status).Distinct().Count() >= 2 && full.Count(plugin => plugin.Status == "Refused") >= 5);
    }

    [Fact]
    public async Task A_long_listing_reads_only_manifests_and_each_plugin_once_when_asked()
    {
        Plugin("skilled", "\"description\":\"d\"");
        Write("skilled/skills/s/SKILL.md", Skill);
        Catalog();
        var files = new FaultingFileOps { Operations = null };
        var found = (await new PluginQuery(_shop.Environment with { Files = files })
            .FindAsync(new PluginFindRequest { DefersFiles = true })).Plugins;

        Assert.DoesNotContain(files.Calls, call => call.Contains("skills", StringComparison.Ordinal));
        Assert.InRange(files.Calls.Count(call => call.Contains(Path.Join(_shop.Root, "skilled"), StringComparison.Ordinal)), 1, 3);

        var skilled = found.Single(plugin => plugin.Name == "skilled");
        Assert.Equal(["Skill"], skilled.Components!);
        var calls = files.Calls.Count;
        Assert.Equal(("Available", true), (skilled.Status, skilled.Resolved));
        Assert.Equal(calls, files.Calls.Count);
    }

    [Fact]
    public async Task A_second_listing_looks_at_each_folder_and_manifest_and_opens_nothing()
    {
        Catalog();
        var memory = new ManifestMemory();
        var first = await ListAsync(new FaultingFileOps());
        var files = new FaultingFileOps { Operations = null };
        var second = await ListAsync(files);

        Assert.Equal(first.Select(Words), second.Select(Words));
        var ofPlugins = files.Calls.Where(call => call.Contains("plain-", StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * Count, ofPlugins.Count);
        Assert.DoesNotContain(files.Calls, call => call.StartsWith("open", StringComparison.Ordinal)
            && call.Contains(_shop.Root, StringComparison.Ordinal));

        async Task<IReadOnlyList<Plugin>> ListAsync(FaultingFileOps disk) => (await new PluginQuery(_shop.Environment with
        {
            Files = disk,
            Time = new LaterClock(),
            Catalogs = _catalogs,
        }).FindAsync(new PluginFindRequest { DefersFiles = true, Manifests = memory })).Plugins;
    }

    [Theory]
    [InlineData("rewritten")]
    [InlineData("rewritten with the same times")]
    [InlineData("replaced")]
    [InlineData("removed")]
    [InlineData("a link")]
    [InlineData("its folder a link")]
    [InlineData("its plugin replaced")]
    [InlineData("before it an Agent manifest")]
    [InlineData("of another dialect")]
    public async Task A_manifest_that_was_touched_is_read_again(string change)
    {
        Catalog();
        var memory = new ManifestMemory();
        await FindAsync(Request(), new LaterClock());
        var plugin = Path.Join(_shop.Root, "plain-00");
        var manifest = Path.Join(plugin, ".codex-plugin", "plugin.json");
        var other = File.ReadAllText(manifest).Replace("MIT", "ISC", StringComparison.Ordinal);
        switch (change)
        {
            case "rewritten":
                File.WriteAllText(manifest, other);
                break;
            case "rewritten with the same times":
                var time = File.GetLastWriteTimeUtc(manifest);
                File.WriteAllText(manifest, other);
                File.SetLastWriteTimeUtc(manifest, time);
                break;
            case "replaced":
                File.WriteAllText(manifest + "2", other);
                File.Move(manifest + "2", manifest, overwrite: true);
                break;
            case "removed":
                File.Delete(manifest);
                break;
            case "a link":
                File.Move(manifest, manifest + "2");
                File.CreateSymbolicLink(manifest, manifest + "2");
                break;
            case "its folder a link":
                Directory.Move(Path.Join(plugin, ".codex-plugin"), Path.Join(plugin, "moved"));
                Directory.CreateSymbolicLink(Path.Join(plugin, ".codex-plugin"), Path.Join(plugin, "moved"));
                break;
            case "its plugin replaced":
                Directory.Move(plugin, plugin + "2");
                Directory.Move(Path.Join(_shop.Root, "plain-01"), plugin);
                break;
            case "before it an Agent manifest":
                Write("plain-00/plugin.json",
                    """{"$schema":"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json","name":"plain-00","version":"4.0.0"}""");
                break;
            default:
                Directory.Move(Path.Join(plugin, ".codex-plugin"), Path.Join(plugin, ".claude-plugin"));
                break;
        }

        var fresh = await FindAsync(new PluginFindRequest());
        var remembered = await FindAsync(Request(), new LaterClock());

        Assert.Equal(fresh.Select(Details), remembered.Select(Details));
        Assert.Equal(fresh.Where(one => one.Resolved).Select(Words), remembered.Where(one => one.Resolved).Select(Words));

        PluginFindRequest Request() => new() { DefersFiles = true, Manifests = memory };
    }

    [Fact]
    public async Task What_was_written_just_now_is_not_remembered()
    {
        Catalog();
        var memory = new ManifestMemory();
        var request = new PluginFindRequest { DefersFiles = true, Manifests = memory };
        await FindAsync(request);
        var files = new FaultingFileOps { Operations = null };
        await new PluginQuery(_shop.Environment with { Files = files, Catalogs = _catalogs })
            .FindAsync(request);

        Assert.Contains(files.Calls, call => call.StartsWith("open", StringComparison.Ordinal)
            && call.Contains("plain-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plugin_that_was_changed_since_it_was_listed_is_unknown()
    {
        Catalog();
        var found = await FindAsync(new PluginFindRequest { DefersFiles = true });
        File.WriteAllText(Path.Join(_shop.Root, "plain-00", ".codex-plugin", "plugin.json"), """{"name":"plain-00","version":"9.9.9"}""");

        var changed = found[0];
        Assert.Equal("1.0.0", changed.Version);
        Assert.Null(changed.Status);
        Assert.Null(changed.Components);
        Assert.Contains("changed since it was listed", changed.Reason, StringComparison.Ordinal);
        Assert.Equal("Available", found[1].Status);
    }

    [Fact]
    public async Task Details_asked_for_in_order_are_read_ahead_and_are_each_those_of_their_plugin()
    {
        Plugin("skilled", "\"description\":\"d\"");
        Write("skilled/skills/s/SKILL.md", Skill);
        Catalog();
        var found = await FindAsync(new PluginFindRequest { DefersFiles = true });

        Assert.Equal(_names, found.Select(plugin => plugin.Manifest!.Name));
        Assert.Equal(["skilled"], found.Where(plugin => plugin.Components!.Length > 0).Select(plugin => plugin.Name));
    }

    private static string Details(Plugin plugin) => JsonSerializer.Serialize(new
    {
        plugin.Id,
        plugin.Version,
        plugin.Path,
        plugin.Source,
        plugin.Status,
        plugin.Reason,
        plugin.Resolved,
        plugin.Components,
        Manifest = plugin.Manifest?.GetRawText(),
        plugin.HasHiddenText,
        plugin.IsAllowedByPolicy,
        plugin.PolicyRule,
        Failure = plugin.GetFailure()?.Message,
    });

    private static string Words(Plugin plugin) => JsonSerializer.Serialize(new
    {
        plugin.Id,
        plugin.Category,
        plugin.DisplayName,
        plugin.Description,
        plugin.Keywords,
        plugin.Capabilities,
        plugin.Author,
        plugin.License,
        plugin.Interface,
    });

    private async Task<IReadOnlyList<Plugin>> FindAsync(PluginFindRequest request, TimeProvider? time = null) =>
        (await new PluginQuery(_shop.Environment with
        {
            Time = time ?? TimeProvider.System,
            Catalogs = _catalogs,
        }).FindAsync(request)).Plugins;

    private void Plugin(string name, string more, string? stated = null)
    {
        var version = more.Contains("\"version\"", StringComparison.Ordinal) ? "" : "\"version\":\"1.0.0\",";
        Write($"{name}/.codex-plugin/plugin.json", $$"""{"name":"{{stated ?? name}}",{{version}}{{more}}}""");
        _names.Add(name);
    }

    private void Catalog() => _shop.Catalog([.. _names.Select(name => $$"""{"name":"{{name}}","source":"./{{name}}"}""")]);

    private void Write(string path, string text) => _shop.Scratch.Write("shop/" + path, text);

    // What was written before is old by it.
    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1);
    }
}
