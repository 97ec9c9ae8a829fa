using System.Text.Json;
using PluginMarket.Interop.Tests.Answers;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Each requirements.toml beside each marketplace: what Codex lists, offers and loads, and what we do. One start of Codex
/// answers for all marketplaces of a home.</summary>
public sealed class RequirementCellTests : IDisposable
{
    private const string Restricted = "[marketplaces]\nrestrict_to_allowed_sources = true\n";
    private const string Plugin = "kit";

    private static readonly (string Name, string Source, string? Ref)[] Repositories =
    [
        ("g-git", "https://github.com/acme/m.git", null), ("g-https", "https://github.com/acme/m", null),
        ("g-capital", "https://GitHub.com/acme/m", null), ("g-path", "https://github.com/Acme/M", null),
        ("g-scp", "git@github.com:acme/m.git", null), ("g-ssh", "ssh://git@github.com/acme/m.git", null),
        ("g-evil", "https://evilgithub.com/acme/m", null), ("g-http", "http://github.com/acme/m", null),
        ("g-port", "https://github.com:443/acme/m", null), ("g-slash", "https://github.com/acme/m/", null),
        ("g-short", "acme/m", null), ("g-main", "https://github.com/acme/m.git", "main"),
        ("g-v1", "https://github.com/acme/m.git", "v1"), ("g-other", "https://git.example.com/acme/m.git", null),
    ];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Requirements() => new()
    {
        { "none", "" },
        { "nothing allowed", Restricted },
        { "not restricted", "[marketplaces]\nrestrict_to_allowed_sources = false\n" + Git("https://github.com/acme/m") },
        { "a list alone", Git("https://github.com/acme/m") },
        { "https", Restricted + Git("https://github.com/acme/m") },
        { "https with .git", Restricted + Git("https://github.com/acme/m.git") },
        { "scp", Restricted + Git("git@github.com:acme/m.git") },
        { "ssh", Restricted + Git("ssh://git@github.com/acme/m.git") },
        { "short", Restricted + Git("acme/m") },
        { "with a ref", Restricted + Git("https://github.com/acme/m", "main") },
        { "host", Restricted + Host("github") },
        { "anchored host", Restricted + Host("^github\\\\.com$") },
        { "bad host", Restricted + Host("(") },
        { "folder", Restricted + Local("l-plain") },
        { "folder above", Restricted + Local("") },
        { "folder with a slash", Restricted + Local("l-plain/") },
        { "folders in other words", Restricted + Local("l-real") + Local("l-slash", "b") + Local("l-dots", "c") },
        { "folder through a link", Restricted + Local("l-link") + Local("l-plain/../l-dots", "b") },
        { "no url", Restricted + "[marketplaces.allowed_sources.a]\nsource = \"git\"\n" },
        { "two", Restricted + Git("https://git.example.com/acme/m.git") + Local("l-link", "b") },
    };

    [CodexTheory]
    [MemberData(nameof(Requirements))]
    public async Task Each_marketplace_is_listed_offered_and_loaded_as_by_Codex(string name, string requirements)
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Assert.NotEmpty(name);
        var scene = new AnswerScene(Judge.Current, _scratch, "scene");
        var names = Prepare(scene);
        if (requirements.Length > 0)
        {
            scene.Administer("requirements.toml", requirements.Replace("SCENE", scene[""].TrimEnd('/'), StringComparison.Ordinal));
        }

        var codex = Codex(scene, names);
        var ours = await OursAsync(scene, names);

        Assert.Equal(names.Select(one => $"{one}: {codex[one]}"), names.Select(one => $"{one}: {ours[one]}"));
    }

    // Listed, the installed plugin, the plugin that is offered, the skill that loads.
    private static Dictionary<string, string> Codex(AnswerScene scene, IReadOnlyList<string> names)
    {
        var list = scene.Run("plugin", "list", "--available", "--json").Json();
        var listed = scene.Run("plugin", "marketplace", "list", "--json").Json().GetProperty("marketplaces").EnumerateArray()
            .Select(item => item.GetProperty("name").GetString()!).ToHashSet();
        var (installed, offered) = (Ids(list.GetProperty("installed")), Ids(list.GetProperty("available")));
        var skills = scene.Ask("skills/list").ToString();
        return names.ToDictionary(name => name, name => Cell(listed.Contains(name), installed.Contains($"{Plugin}@{name}"),
            offered.Contains($"more@{name}"), skills.Contains($"skill-of-{name}\"", StringComparison.Ordinal)), StringComparer.Ordinal);
    }

    private static HashSet<string> Ids(JsonElement plugins) =>
        [.. plugins.EnumerateArray().Select(plugin => plugin.GetProperty("pluginId").GetString()!)];

    private async Task<Dictionary<string, string>> OursAsync(AnswerScene scene, IReadOnlyList<string> names)
    {
        var environment = _scratch.Environment() with
        {
            HomePath = scene.Side.Home,
            CodexHome = scene.Side.CodexHome,
            WorkingDirectory = scene.Side.Home,
            SystemConfigurationFolder = scene["etc/codex"],
            IgnoresRepositoryCatalog = true,
            IgnoresRestrictedMarketplaces = true,
        };
        var listing = await new MarketplaceRegistry(environment).ListAsync(new MarketplaceListRequest());
        var listed = listing.Marketplaces.Concat(listing.Unreadable).Select(one => one.Name).ToHashSet();
        var entries = new PluginQuery(environment).ListEntries(new PluginFindRequest()).Entries;
        var installed = new InstalledPluginQuery(environment).List(new InstalledPluginRequest()).Plugins
            .ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        return names.ToDictionary(name => name, name => Cell(listed.Contains(name), Has(name, Plugin), Has(name, "more"),
            installed.TryGetValue($"{Plugin}@{name}", out var plugin) && plugin.EffectiveEnabled), StringComparer.Ordinal);

        bool Has(string marketplace, string plugin) =>
            entries.Any(entry => entry.Marketplace.Name == marketplace && entry.Entry.Name == plugin);
    }

    private static string Cell(bool isListed, bool isInstalled, bool isOffered, bool isLoaded) =>
        $"{(isListed ? "listed" : "hidden")}, {(isInstalled ? "installed" : "-")}, {(isOffered ? "offered" : "-")}, "
            + $"{(isLoaded ? "loaded" : "off")}";

    private static List<string> Prepare(AnswerScene scene)
    {
        var configuration = new System.Text.StringBuilder();
        var names = new List<string>();
        foreach (var (name, source, reference) in Repositories)
        {
            Add(name, "home/.codex/.tmp/marketplaces/" + name, "git", source, reference);
        }

        Add("l-plain", "l-plain", "local", scene["l-plain"], null);
        Add("l-slash", "l-slash", "local", scene["l-slash"] + "/", null);
        Add("l-link", "l-real", "local", scene["l-link"], null);
        Add("l-dots", "l-dots", "local", scene["l-plain"] + "/../l-dots", null);
        File.CreateSymbolicLink(scene["l-link"], scene["l-real"]);
        Catalog("personal", "home");
        configuration.Append("[plugins.\"kit@personal\"]\nenabled = true\n\n");
        Cache("personal");
        names.Add("personal");
        scene.Configure(configuration.ToString());
        return names;

        void Add(string name, string folder, string type, string source, string? reference)
        {
            Catalog(name, folder);
            configuration.Append($"[marketplaces.{name}]\nsource_type = \"{type}\"\nsource = \"{source}\"\n"
                + (reference is null ? "" : $"ref = \"{reference}\"\n") + $"\n[plugins.\"{Plugin}@{name}\"]\nenabled = true\n\n");
            Cache(name);
            names.Add(name);
        }

        void Catalog(string name, string folder)
        {
            scene.Write(folder + "/.agents/plugins/marketplace.json", "{\"name\":\"" + name
                + "\",\"plugins\":[{\"name\":\"kit\",\"source\":\"./kit\"},{\"name\":\"more\",\"source\":\"./more\"}]}");
            scene.Write(folder + "/kit/.codex-plugin/plugin.json", """{"name":"kit","version":"1.0.0"}""");
            scene.Write(folder + "/more/.codex-plugin/plugin.json", """{"name":"more","version":"1.0.0"}""");
        }

        void Cache(string name)
        {
            var folder = $"home/.codex/plugins/cache/{name}/kit/1.0.0";
            scene.Write(folder + "/.codex-plugin/plugin.json", """{"name":"kit","version":"1.0.0"}""");
            scene.Write(folder + $"/skills/skill-of-{name}/SKILL.md", $"---\nname: skill-of-{name}\ndescription: A skill.\n---\nDo.\n");
        }
    }

    private static string Git(string url, string? reference = null) =>
        $"[marketplaces.allowed_sources.a]\nsource = \"git\"\nurl = \"{url}\"\n" + (reference is null ? "" : $"ref = \"{reference}\"\n");

    private static string Host(string pattern) => $"[marketplaces.allowed_sources.a]\nsource = \"host_pattern\"\nhost_pattern = \"{pattern}\"\n";

    private static string Local(string folder, string key = "a") => $"[marketplaces.allowed_sources.{key}]\nsource = \"local\"\npath = \"SCENE/{folder}\"\n";
}
