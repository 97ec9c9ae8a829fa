using System.Text;
using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>An agent's home of one test with its personal home, its marketplaces and its environment; removed at the end.</summary>
internal sealed class TestHome : IDisposable
{
    private static readonly string[] WorkFolders = ["staging", "trash", "journal"];

    public TestHome(FileOps? files = null, Limits? limits = null, RecordingLog? log = null)
    {
        Scratch = new ScratchFolder();
        Log = log ?? new RecordingLog();
        Environment = Scratch.Environment(files, Log, limits) with { WorkingDirectory = Scratch.MakeFolder("work") };
    }

    public ScratchFolder Scratch { get; }

    public RecordingLog Log { get; }

    public MarketEnvironment Environment { get; private set; }

    public string CodexHome => Environment.CodexHome;

    public string Home => Environment.HomePath;

    public string ConfigPath => Path.Join(CodexHome, "config.toml");

    public string Config => File.Exists(ConfigPath) ? File.ReadAllText(ConfigPath) : "";

    /// <summary>Where the snapshot of a git marketplace is.</summary>
    public string SnapshotOf(string name) => Path.Join(CodexHome, ".tmp", "marketplaces", name);

    public void WriteConfig(string toml) => File.WriteAllText(ConfigPath, toml);

    /// <summary>Changes the environment: another location, another clock.</summary>
    public void Change(Func<MarketEnvironment, MarketEnvironment> change) => Environment = change(Environment);

    /// <summary>Writes a catalog below a folder of the scratch and returns that folder, absolute.</summary>
    public string WriteCatalog(string root, string json, string place = ".agents/plugins/marketplace.json")
    {
        Scratch.Write($"{root}/{place}", json);
        return Scratch[root];
    }

    /// <summary>Writes a plugin with one skill below a folder of the scratch and returns its folder, absolute.</summary>
    public string WritePlugin(string folder, string name, string? version = "1.0.0", string more = "")
    {
        var versionKey = version is null ? "" : $", \"version\": \"{version}\"";
        Scratch.Write($"{folder}/.codex-plugin/plugin.json", $"{{\"name\": \"{name}\"{versionKey}{more}}}");
        Scratch.Write($"{folder}/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");
        return Scratch[folder];
    }

    /// <summary>Writes a marketplace of local plugins, one per name, and returns its root.</summary>
    public string WriteMarketplace(string root, string name, params string[] plugins)
    {
        foreach (var plugin in plugins)
        {
            WritePlugin($"{root}/plugins/{plugin}", plugin);
        }

        var entries = plugins.Select(plugin => $"{{\"name\": \"{plugin}\", \"source\": \"./plugins/{plugin}\"}}");
        return WriteCatalog(root, $"{{\"name\": \"{name}\", \"plugins\": [{string.Join(", ", entries)}]}}");
    }

    /// <summary>Appends a local marketplace's table to the user's configuration.</summary>
    public void RegisterLocal(string name, string root) =>
        File.AppendAllText(ConfigPath, $"[marketplaces.{name}]\nsource_type = \"local\"\nsource = '{root}'\n\n", Encoding.UTF8);

    /// <summary>Puts a plugin into the cache as an install leaves it, with or without its key.</summary>
    public string WriteCached(string plugin, string marketplace, string version = "1.0.0", bool? enabled = true)
    {
        var folder = Path.GetRelativePath(Scratch.Path, Path.Join(CodexHome, "plugins", "cache", marketplace, plugin, version));
        if (enabled is { } value)
        {
            File.AppendAllText(ConfigPath, $"[plugins.\"{plugin}@{marketplace}\"]\nenabled = {(value ? "true" : "false")}\n\n");
        }

        return WritePlugin(folder, plugin);
    }

    /// <summary>Folders of work that a finished or failed command must not leave.</summary>
    public IReadOnlyList<string> Litter()
    {
        var state = Path.Join(CodexHome, "plugins", ".pluginmarket");
        return [.. WorkFolders.Select(name => Path.Join(state, name)).Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries)];
    }

    public void Dispose() => Scratch.Dispose();
}
