using System.Text.Json;
using PluginMarket.Interop.Tests.Answers;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>A home with a marketplace of each form of source, each with an installed plugin and one that is offered, and what both tools
/// make of them. One start of Codex answers for all.</summary>
internal static class MarketplaceCells
{
    /// <summary>The plugin that is installed from each.</summary>
    internal const string Plugin = "kit";

    internal static readonly (string Name, string Source, string? Ref)[] Repositories =
    [
        ("g-git", "https://github.com/acme/m.git", null), ("g-https", "https://github.com/acme/m", null),
        ("g-capital", "https://GitHub.com/acme/m", null), ("g-path", "https://github.com/Acme/M", null),
        ("g-scp", "git@github.com:acme/m.git", null), ("g-ssh", "ssh://git@github.com/acme/m.git", null),
        ("g-evil", "https://evilgithub.com/acme/m", null), ("g-http", "http://github.com/acme/m", null),
        ("g-port", "https://github.com:443/acme/m", null), ("g-slash", "https://github.com/acme/m/", null),
        ("g-short", "acme/m", null), ("g-main", "https://github.com/acme/m.git", "main"),
        ("g-v1", "https://github.com/acme/m.git", "v1"), ("g-other", "https://git.example.com/acme/m.git", null),
    ];

    /// <summary>What Codex makes of each: listed, the installed plugin, the plugin that is offered, the skill that loads.</summary>
    internal static Dictionary<string, string> Codex(AnswerScene scene, IReadOnlyList<string> names)
    {
        var list = scene.Run("plugin", "list", "--available", "--json").Json();
        var listed = scene.Run("plugin", "marketplace", "list", "--json").Json().GetProperty("marketplaces").EnumerateArray()
            .Select(item => item.GetProperty("name").GetString()!).ToHashSet();
        var (installed, offered) = (Ids(list.GetProperty("installed")), Ids(list.GetProperty("available")));
        var loaded = Loaded(scene, names);
        return names.ToDictionary(name => name, name => Cell(listed.Contains(name), installed.Contains($"{Plugin}@{name}"),
            offered.Contains($"more@{name}"), loaded.Contains(name)), StringComparer.Ordinal);
    }

    /// <summary>The marketplaces whose installed plugin Codex loads.</summary>
    internal static HashSet<string> Loaded(AnswerScene scene, IReadOnlyList<string> names)
    {
        var skills = scene.Ask("skills/list").ToString();
        return [.. names.Where(name => skills.Contains($"skill-of-{name}\"", StringComparison.Ordinal))];
    }

    private static HashSet<string> Ids(JsonElement plugins) =>
        [.. plugins.EnumerateArray().Select(plugin => plugin.GetProperty("pluginId").GetString()!)];

    /// <summary>Our environment of a scene.</summary>
    internal static MarketEnvironment EnvironmentOf(AnswerScene scene, ScratchFolder scratch) => scratch.Environment() with
    {
        HomePath = scene.Side.Home,
        CodexHome = scene.Side.CodexHome,
        WorkingDirectory = scene.Side.Home,
        SystemConfigurationFolder = scene["etc/codex"],
        IgnoresRepositoryCatalog = true,
        IgnoresRestrictedMarketplaces = true,
    };

    /// <summary>What we make of each marketplace.</summary>
    internal static async Task<Dictionary<string, string>> OursAsync(MarketEnvironment environment, IReadOnlyList<string> names)
    {
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

    /// <summary>Writes the marketplaces and gives their names.</summary>
    internal static List<string> Prepare(AnswerScene scene)
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
}
