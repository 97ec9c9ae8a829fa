using PluginMarket.Interop.Tests.Answers;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using static PluginMarket.Interop.Tests.RequirementText;

namespace PluginMarket.Interop.Tests;

/// <summary>What both tools let a user add beside a requirements.toml, whether it hides the catalog of the home, and what
/// they make of a file that is broken.</summary>
public sealed class RequirementAddTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Requirements() => new()
    {
        { "none", "" },
        { "nothing allowed", Restricted },
        { "not restricted", "[marketplaces]\nrestrict_to_allowed_sources = false\n" },
        { "a folder", Restricted + Local("plain") },
        { "a folder with a slash", Restricted + Local("plain/") },
        { "the target of a link", Restricted + Local("real") },
        { "a link", Restricted + Local("link") },
        { "a folder above", Restricted + Local(".") },
        { "a repository", Restricted + Git("https://github.com/acme/m.git") },
        { "a host", Restricted + "[marketplaces.allowed_sources.a]\nsource = \"host_pattern\"\nhost_pattern = \"^github\\\\.com$\"\n" },
        { "not TOML", "[marketplaces\n" },
        { "a text for a switch", "[marketplaces]\nrestrict_to_allowed_sources = \"yes\"\n" },
        { "a number for a list", "[marketplaces]\nallowed_sources = 1\n" },
        { "an unknown kind of source", Restricted + "[marketplaces.allowed_sources.a]\nsource = \"ftp\"\n" },
        { "an unknown key", Restricted + "later = true\n" },
        { "an unknown key elsewhere", Restricted + Local("plain") + "[later]\na = 1\n" },
        { "an unknown feature", "[features]\nlater = true\n" },
        { "a text for a feature", "[features]\nlater = \"x\"\n" },
        { "a text for hooks", "allow_managed_hooks_only = \"yes\"\n" },
        { "a server without an identity", "[plugins.\"kit@plain\".mcp_servers.s]\nenabled = true\n" },
        { "a server with half an identity", "[plugins.\"kit@plain\".mcp_servers.s.identity]\nname = \"x\"\n" },
        { "a server with an identity", "[plugins.\"kit@plain\".mcp_servers.s.identity]\ncommand = \"x\"\n" },
        { "a number for a server", "[mcp_servers]\ns = 1\n" },
        { "marketplaces twice", Restricted + Restricted },
        { "an empty file", "\n" },
    };

    [CodexTheory]
    [MemberData(nameof(Requirements))]
    public async Task Each_source_is_added_or_refused_as_by_Codex(string name, string requirements)
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Assert.NotEmpty(name);
        var scene = Prepare(requirements);
        (string Name, string Source)[] sources =
            [("plain", scene["plain"]), ("other", scene["other"]), ("link", scene["link"])];
        var environment = MarketplaceCells.EnvironmentOf(scene, _scratch);
        var (codex, ours) = (new List<string>(), new List<string>());
        foreach (var (what, source) in sources)
        {
            var isAdded = scene.Run("plugin", "marketplace", "add", source).ExitCode == 0;
            codex.Add($"{what}: {(isAdded ? "added" : "refused")}");
            if (isAdded)
            {
                scene.Run("plugin", "marketplace", "remove", what == "link" ? "real" : what);
            }
        }

        foreach (var (what, source) in sources)
        {
            var failure = await Record.ExceptionAsync(() => new MarketplaceRegistry(environment).AddAsync(
                new MarketplaceAddRequest { Source = source }));
            Assert.True(failure is null or PluginMarketException, $"{failure}");
            ours.Add($"{what}: {(failure is null ? "added" : "refused")}");
        }

        Assert.Equal(codex, ours);
    }

    [CodexTheory]
    [MemberData(nameof(Requirements))]
    public void The_catalog_of_the_home_is_hidden_as_by_Codex(string name, string requirements)
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Assert.NotEmpty(name);
        var scene = Prepare(requirements);
        Catalog(scene, "home", "personal");
        var run = scene.Run("plugin", "list", "--available", "--json");
        var codex = run.ExitCode != 0 ? ["refused"] : run.Json().GetProperty("available").EnumerateArray()
            .Select(plugin => plugin.GetProperty("pluginId").GetString()!).Order(StringComparer.Ordinal).ToList();

        var environment = MarketplaceCells.EnvironmentOf(scene, _scratch);
        List<string> ours;
        try
        {
            var listing = new PluginQuery(environment).ListEntries(new PluginFindRequest());
            ours = [.. listing.Entries.Select(entry => $"{entry.Entry.Name}@{entry.Marketplace.Name}").Order(StringComparer.Ordinal)];
        }
        catch (PluginMarketException)
        {
            ours = ["refused"];
        }

        Assert.Equal(codex, ours);
    }

    private AnswerScene Prepare(string requirements)
    {
        var scene = new AnswerScene(Judge.Current, _scratch, "scene");
        foreach (var folder in (string[])["plain", "other", "real"])
        {
            Catalog(scene, folder, folder);
        }

        File.CreateSymbolicLink(scene["link"], scene["real"]);
        RequirementText.Put(scene, requirements);

        return scene;
    }

    private static void Catalog(AnswerScene scene, string folder, string name)
    {
        scene.Write(folder + "/.agents/plugins/marketplace.json",
            "{\"name\":\"" + name + "\",\"plugins\":[{\"name\":\"kit\",\"source\":\"./kit\"}]}");
        scene.Write(folder + "/kit/.codex-plugin/plugin.json", """{"name":"kit","version":"1.0.0"}""");
    }
}
