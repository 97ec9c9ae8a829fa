using System.Globalization;
using System.Text;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks;

/// <summary>A repository of many files, a few of which are a plugin, and homes in which a catalog names that plugin.</summary>
internal static class LargeRepository
{
    /// <summary>The plugin.</summary>
    public const string Plugin = "tool@large";

    /// <summary>How many files the plugin has, whatever the size of its repository.</summary>
    public const int PluginFiles = 500;

    private const string Folder = "plugins/tool";
    private const int FilesPerFolder = 100;
    private const int RandomBytesPerFile = 1_000;

    /// <summary>Makes the repository in one commit. Its files are texts that do not shrink to nothing,
    /// as those of real plugins do not.</summary>
    public static GitRepository Create(string folder, int files)
    {
        using var stream = new MemoryStream();
        Write(stream, "commit refs/heads/main\ncommitter A <a@example.org> 1767225600 +0000\ndata 4\nMake\n");
        WriteFile(stream, Folder + "/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""");
        // The same bytes in each run.
        var random = new Random(1);
        var content = new byte[RandomBytesPerFile];
        for (var file = 1; file < files; file++)
        {
            random.NextBytes(content);
            var parent = file < PluginFiles ? Folder + "/data" : "other";
            WriteFile(stream, $"{parent}/{file / FilesPerFolder:D4}/{file:D6}.txt", Convert.ToBase64String(content));
        }

        var repository = GitRepository.Create(folder);
        repository.RunWith(stream.ToArray(), "fast-import", "--quiet");
        return repository;
    }

    /// <summary>Makes a home with one local marketplace, whose one plugin is the one in the repository.</summary>
    public static void CreateHome(string home, string url)
    {
        var market = Path.Join(home, "market");
        var (catalogs, codexHome) = (Path.Join(market, ".agents", "plugins"), Path.Join(home, ".codex"));
        Directory.CreateDirectory(catalogs);
        Directory.CreateDirectory(codexHome);
        File.WriteAllText(Path.Join(catalogs, "marketplace.json"),
            $$$"""{"name":"large","plugins":[{"name":"tool","source":{"source":"git-subdir","url":"{{{url}}}","path":"{{{Folder}}}","ref":"main"}}]}""");
        File.WriteAllText(Path.Join(codexHome, "config.toml"), $"[marketplaces.large]\nsource_type = \"local\"\nsource = '{market}'\n");
    }

    private static void WriteFile(Stream stream, string path, string text) =>
        Write(stream, string.Create(CultureInfo.InvariantCulture, $"M 100644 inline {path}\ndata {text.Length}\n{text}\n"));

    private static void Write(Stream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
}
