using System.Globalization;
using System.Text;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>Marketplaces and homes to measure with.</summary>
internal static class Markets
{
    /// <summary>Makes a marketplace of small local plugins.</summary>
    public static string Local(string root, string name, int plugins)
    {
        var entries = new StringBuilder();
        for (var i = 0; i < plugins; i++)
        {
            var plugin = Name(i);
            var folder = Path.Join(root, "plugins", plugin, ".codex-plugin");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Join(folder, "plugin.json"), $$"""{"name": "{{plugin}}", "version": "1.0.0", "description": "Does {{plugin}}", """
                + $$$"""
                "author": {"name": "A"}, "keywords": ["a", "b"], "interface": {"displayName": "{{{plugin}}}", "category": "Productivity"}}
                """);
            entries.Append(i == 0 ? "" : ",\n").Append(CultureInfo.InvariantCulture,
                $$$"""{"name": "{{{plugin}}}", "source": {"source": "local", "path": "./plugins/{{{plugin}}}"}, """)
                .Append("\"policy\": {\"installation\": \"AVAILABLE\", \"authentication\": \"ON_INSTALL\"}, \"category\": \"Productivity\"}");
        }

        return Catalog(root, name, entries.ToString());
    }

    /// <summary>Makes a marketplace of one plugin of many files.</summary>
    public static string Large(string root, string name, int files)
    {
        var folder = Path.Join(root, "plugins", "large");
        var random = new Random(1);
        for (var i = 0; i < files - 1; i++)
        {
            var content = new byte[random.Next(500, 6_000)];
            random.NextBytes(content);
            var parent = Directory.CreateDirectory(Path.Join(folder, "data", (i / 100).ToString("D3", CultureInfo.InvariantCulture))).FullName;
            File.WriteAllText(Path.Join(parent, $"{i:D5}.txt"), Convert.ToBase64String(content));
        }

        Directory.CreateDirectory(Path.Join(folder, ".codex-plugin"));
        File.WriteAllText(Path.Join(folder, ".codex-plugin", "plugin.json"), """{"name": "large", "version": "1.0.0"}""");
        return Catalog(root, name, """{"name": "large", "source": "./plugins/large"}""");
    }

    public static string Catalog(string root, string name, string entries)
    {
        Directory.CreateDirectory(Path.Join(root, ".agents", "plugins"));
        File.WriteAllText(Path.Join(root, ".agents", "plugins", "marketplace.json"), $$"""{"name": "{{name}}", "plugins": [{{entries}}]}""");
        return root;
    }

    public static string Name(int number) => "plugin-" + number.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>Makes a home in which marketplaces are configured.</summary>
    public static string Home(string home, params IEnumerable<(string Name, string Root)> markets)
    {
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(Path.Join(home, ".codex"));
        File.WriteAllText(Path.Join(home, ".codex", "config.toml"),
            string.Concat(markets.Select(market => $"[marketplaces.{market.Name}]\nsource_type = \"local\"\nsource = \"{market.Root}\"\n")));
        return home;
    }
}
