using PluginMarket.Authoring;
using PluginMarket.Marketplaces;

namespace PluginMarket.Interop.Tests;

/// <summary>What our authoring writes, Codex lists and installs.</summary>
public sealed class AuthoringTests : IAsyncDisposable
{
    private static readonly string[] EveryKind = ["Skill", "App", "McpServer", "Hook"];

    private readonly SharedHome _home = new();

    private EditMarketplace Marketplaces => new(_home.Ours.Environment);

    private CreatePlugin Plugins => new(_home.Ours.Environment);

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public void A_new_marketplace_with_a_new_plugin_of_every_kind_is_added_and_installed()
    {
        var root = NewMarketplace();
        foreach (var components in EveryKind.Select(kind => new[] { kind }).Append(EveryKind))
        {
            Plugins.Create(new NewPluginRequest
            {
                Name = "with-" + string.Join('-', components).ToLowerInvariant(),
                MarketplacePath = root,
                Components = components,
                Description = "a: \"b\" # c\nd",
                Author = "Ada <a@example.com>",
            });
        }

        Plugins.Create(new NewPluginRequest
        {
            Name = "dotted.name_1",
            MarketplacePath = root,
            Entry = new CatalogEntryChange { Installation = "INSTALLED_BY_DEFAULT", Authentication = "ON_USE", Category = "Any thing" },
        });
        _home.Codex("marketplace", "add", root);

        var names = new[] { "dotted.name_1", "with-app", "with-hook", "with-mcpserver", "with-skill", "with-skill-app-mcpserver-hook" };
        Assert.Equal(names.Select(name => name + "@made").Order(StringComparer.Ordinal),
            _home.CodexAvailable().Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            Assert.Equal("0.1.0", _home.Codex("add", name + "@made").GetProperty("version").GetString());
            Assert.Equal(SharedHome.Tree(Path.Join(root, "plugins", name)), SharedHome.Tree(Path.Join(_home.Cache("made", name), "0.1.0")));
        }
    }

    [CodexFact]
    public void A_wrapped_skill_is_installed_with_its_files()
    {
        _home.Write("skill/SKILL.md", "---\nname: N 8!\ndescription: Does it.\n---\nBody\n");
        _home.Write("skill/data/table.csv", "a,b\n");
        var root = NewMarketplace();
        Plugins.Create(new NewPluginRequest { Name = "wrapped", FromSkill = _home["skill"], MarketplacePath = root });
        _home.Codex("marketplace", "add", root);
        _home.Codex("add", "wrapped@made");

        Assert.Equal("a,b\n", File.ReadAllText(Path.Join(_home.Cache("made", "wrapped"), "0.1.0", "skills", "skill", "data", "table.csv")));
    }

    [CodexTheory]
    [InlineData("{\"name\":\"made\",\"plugins\":[]}")]
    [InlineData("{\r\n\t\"extra\" : [ 1 ],\r\n\t\"plugins\": [],\r\n\t\"name\": \"made\"\r\n}\r\n")]
    [InlineData("[\"made\", null, []]")]
    public async Task Entries_added_changed_and_removed_are_what_Codex_lists(string catalog)
    {
        _home.Write("made/.agents/plugins/marketplace.json", catalog);
        var root = _home["made"];
        foreach (var name in new[] { "a", "b", "c" })
        {
            Plugins.Create(new NewPluginRequest { Name = name, Path = Path.Join(root, "plugins") });
            await Marketplaces.AddEntryAsync(new CatalogEntryRequest { Path = root, Name = name });
        }

        await Marketplaces.AddEntryAsync(new CatalogEntryRequest
        {
            Path = root,
            Name = "git",
            Change = new CatalogEntryChange
            {
                Source = SourceText.OfMembers(
                    [new("source", "git-subdir"), new("url", "owner/repo"), new("path", "plugins/x"), new("ref", "v1")]),
            },
        });
        await Marketplaces.AddEntryAsync(new CatalogEntryRequest
        {
            Path = root,
            Name = "npm",
            Change = new CatalogEntryChange
            {
                Source = SourceText.OfMembers([new("source", "npm"), new("package", "@scope/name"), new("version", "1.0.0")]),
            },
        });
        await Marketplaces.SetEntryAsync(new CatalogEntryRequest
        {
            Path = root,
            Name = "a",
            Change = new CatalogEntryChange { Installation = "NOT_AVAILABLE", Category = "X" },
        });
        await Marketplaces.SetEntryAsync(
            new CatalogEntryRequest { Path = root, Name = "c", Change = new CatalogEntryChange { Authentication = "ON_USE" } });
        await Marketplaces.RemoveEntryAsync(new CatalogEntryRequest { Path = root, Name = "b" });

        _home.Codex("marketplace", "add", root);
        var listed = CodexSide.Listing(_home.Codex("list", "--available").GetProperty("available"));
        Assert.Equal(["a NOT_AVAILABLE ON_INSTALL", "c AVAILABLE ON_USE", "git AVAILABLE ON_INSTALL", "npm AVAILABLE ON_INSTALL"],
            listed.Select(item => $"{item.Name} {item.Installation} {item.Authentication}"));
        Assert.Contains("\"ref\":\"v1\"", listed[2].Source, StringComparison.Ordinal);
        Assert.NotEqual(0, _home.TryCodex("add", "a@made").ExitCode);
        _home.Codex("add", "c@made");
    }

    private string NewMarketplace() =>
        Marketplaces.Create(new NewMarketplaceRequest { Path = _home["made"], Name = "made", DisplayName = "Made here" }).Root!;
}
