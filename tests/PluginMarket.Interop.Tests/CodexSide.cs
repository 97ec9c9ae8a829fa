using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Codex in its own home.</summary>
internal sealed class CodexSide
{
    private readonly CodexCli _codex;

    internal CodexSide(CodexCli codex, string home)
    {
        _codex = codex;
        Home = Directory.CreateDirectory(home).FullName;
        CodexHome = Directory.CreateDirectory(Path.Join(home, ".codex")).FullName;
    }

    public string Home { get; }

    public string CodexHome { get; }

    /// <summary>Adds a marketplace, lists it, and installs every name asked for.</summary>
    public CatalogOutcome Observe(string root, IEnumerable<string> names)
    {
        var added = Run("marketplace", "add", "--json", root);
        if (added.ExitCode != 0)
        {
            return CatalogOutcome.Refused(added.Error.Trim());
        }

        var marketplace = added.Json().GetProperty("marketplaceName").GetString()!;
        var listing = Listing(Run("list", "--available", "--json").Json().GetProperty("available"));
        var installs = new Dictionary<string, InstallOutcome>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var run = Run("add", "--json", "--", $"{name}@{marketplace}");
            installs[name] = run.ExitCode == 0
                ? InstallOutcome.Cached(run.Json().GetProperty("installedPath").GetString()!) : InstallOutcome.Refused(run.Error.Trim());
        }

        return new CatalogOutcome(true, "", listing, installs);
    }

    internal CodexRun Run(params string[] arguments) => _codex.Run(CodexHome, Home, ["plugin", .. arguments]);

    /// <summary>What the app-server says of one plugin of a catalog (<c>plugin/read</c>).</summary>
    public JsonElement Read(string catalogPath, string plugin) => _codex.ReadPlugins(CodexHome, Home, catalogPath, [plugin])[plugin];

    /// <summary>Reads the items of <c>codex plugin list --json</c>.</summary>
    public static IReadOnlyList<ListedPlugin> Listing(JsonElement items) =>
        [.. items.EnumerateArray().Select(item => new ListedPlugin(
            item.GetProperty("name").GetString()!,
            item.GetProperty("version").GetString(),
            item.GetProperty("installPolicy").GetString()!,
            item.GetProperty("authPolicy").GetString()!,
            JsonSerializer.Serialize(item.GetProperty("source"))))];
}
