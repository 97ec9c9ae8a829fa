using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Inventory;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>Writes what a home has as a desired state: applying it to the same home changes nothing.</summary>
internal sealed class DesiredStateWriter(MarketEnvironment environment)
{
    /// <summary>The id of a state in a file: what of its name an id can have.</summary>
    internal static string IdOf(string path)
    {
        var name = string.Concat(Path.GetFileNameWithoutExtension(path)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '_', '-');
        return name.Length == 0 ? "state" : name.Length > 64 ? name[..64] : name;
    }

    /// <summary>Makes the text.</summary>
    /// <param name="names">Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty for all.</param>
    /// <param name="pin">How exactly plugins are named.</param>
    /// <param name="id">The state's id.</param>
    /// <param name="cancellation">Stops between two plugins.</param>
    /// <returns>The text, how many plugins it lists, and why plugins that were asked for cannot be in it.</returns>
    internal (byte[] Utf8, int Plugins, IReadOnlyList<PluginMarketException> Failures) Make(IReadOnlyList<string> names, StatePin pin,
        string id, CancellationToken cancellation = default)
    {
        var inventory = new CollectInventory(environment).Demand(withCapabilities: false, cancellation);
        var patterns = names.Select(NamePattern.SplitId).ToList();
        var failures = new List<PluginMarketException>();
        var plugins = inventory.Plugins.Where(plugin => plugin.IsInstalled && Wanted(plugin)).ToList();
        foreach (var (text, pattern) in names.Zip(patterns))
        {
            if (pattern.Plugin.IsLiteral && pattern.Marketplace?.IsLiteral != false && !plugins.Exists(plugin => Fits(pattern, plugin)))
            {
                failures.Add(new PluginMarketException(MarketErrorCode.PluginNotInstalled, $"Plugin '{text}' is not installed. "
                    + $"{Remedy.DidYouMean(Nearest(pattern)) ?? Remedy.Run(Operation.ListInstalled, $"list the installed plugins")}",
                    text));
            }
        }

        foreach (var plugin in plugins)
        {
            if (Unprovable(plugin, pin) is { } problem)
            {
                failures.Add(problem);
            }
        }

        return (Write(inventory, plugins, pin, id, listsAll: names.Count == 0), plugins.Count, failures);

        string? Nearest((NamePattern Plugin, NamePattern? Marketplace) asked) => asked.Marketplace is null
            ? NearestName.Find(asked.Plugin.ToString(), Installed().Select(id => id.Split('@')[0]).Distinct(StringComparer.Ordinal))
            : NearestName.Find($"{asked.Plugin}@{asked.Marketplace}", Installed());

        IEnumerable<string> Installed() => inventory.Plugins.Where(plugin => plugin.IsInstalled).Select(plugin => plugin.Id);

        bool Wanted(PluginInventoryPlugin plugin) =>
            patterns.Count == 0 ? !IsCodexOwn(plugin) : patterns.Exists(pattern => Fits(pattern, plugin));
    }

    /// <summary>Writes the text in one step.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="PluginMarketException">SourceUnreachable, DiskFull.</exception>
    internal void Save(string path, byte[] utf8)
    {
        try
        {
            AtomicFile.Write(environment.Files, path, utf8, environment.Files.Kind(path) == FileKind.File ? null : FileOps.SharedFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The desired state '{path}' cannot be written: {problem} "
                + $"{Remedy.Do($"Choose a path in a folder that exists.")}", path, problem)
            {
                File = path,
                IsAboutWriting = true,
            };
        }
    }

    private static bool IsCodexOwn(PluginInventoryPlugin plugin) =>
        !PluginId.TryParse(plugin.Id, out var id, out _) || NameRules.IsReservedMarketplace(id.Marketplace.Value);

    private static bool Fits((NamePattern Plugin, NamePattern? Marketplace) pattern, PluginInventoryPlugin plugin) =>
        PluginId.TryParse(plugin.Id, out var id, out _) && pattern.Plugin.Matches(id.Plugin.Value)
        && pattern.Marketplace?.Matches(id.Marketplace.Value) != false;

    // A state promises what another machine must find: what this one cannot prove of its own must not be promised.
    private static PluginMarketException? Unprovable(PluginInventoryPlugin plugin, StatePin pin) => (plugin, pin) switch
    {
        ({ Integrity: "Changed" }, _) => new(MarketErrorCode.IntegrityMismatch, $"'{plugin.Id}' differs from what was installed. "
            + $"{Remedy.Run(Operation.RepairPlugin.On(plugin.Id), $"restore the recorded bytes")}", plugin.Id),
        ({ Integrity: not "Intact" }, _) => new(MarketErrorCode.ProvenanceUnknown, $"'{plugin.Id}' has no record of its bytes. "
            + $"{Remedy.Run(Operation.InstallPlugin.On(plugin.Id).With(OperationOption.Reinstall), $"record it")}", plugin.Id),
        ({ Commit: null }, StatePin.Commit) => new(MarketErrorCode.ProvenanceUnknown, $"'{plugin.Id}' does not come from a commit. "
            + $"{Remedy.Do($"Choose another pin for it.")}", plugin.Id),
        _ => null,
    };

    private static byte[] Write(PluginInventory inventory, List<PluginInventoryPlugin> plugins, StatePin pin, string id, bool listsAll) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", 1);
            json.WriteString("id", id);
            json.WriteString("revision", Revision(inventory, plugins));
            json.WriteStartObject("marketplaces");
            foreach (var marketplace in Marketplaces(inventory, plugins, listsAll))
            {
                WriteMarketplace(json, marketplace);
            }

            json.WriteEndObject();
            json.WriteStartArray("plugins");
            foreach (var plugin in plugins)
            {
                WritePlugin(json, plugin, pin);
            }

            json.WriteEndArray();
        });

    // Equal homes give equal files: no time and no counter.
    private static string Revision(PluginInventory inventory, List<PluginInventoryPlugin> plugins)
    {
        var lines = (inventory.Marketplaces ?? []).Select(market => $"{market.Name} {market.Source} {market.Ref}")
            .Concat(plugins.Select(plugin => $"{plugin.Id} {plugin.TreeHash} {plugin.EffectiveEnabled} {plugin.Held}"));
        return TreeDigest.OfBytes(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)))["sha256:".Length..][..12];
    }

    private static IEnumerable<PluginInventoryMarketplace> Marketplaces(PluginInventory inventory, List<PluginInventoryPlugin> plugins,
        bool listsAll)
    {
        var used = plugins.Select(plugin => PluginId.Parse(plugin.Id).Marketplace.Value).ToHashSet(StringComparer.Ordinal);
        return (inventory.Marketplaces ?? []).Where(market => !NameRules.IsReservedMarketplace(market.Name)
            && (listsAll || used.Contains(market.Name)));
    }

    private static void WriteMarketplace(Utf8JsonWriter json, PluginInventoryMarketplace marketplace)
    {
        json.WriteStartObject(marketplace.Name);
        json.WriteOptional("source", marketplace.Source);
        json.WriteOptional("ref", marketplace.Ref);
        json.WriteTexts("sparsePaths", marketplace.SparsePaths);
        json.WriteEndObject();
    }

    private static void WritePlugin(Utf8JsonWriter json, PluginInventoryPlugin plugin, StatePin pin)
    {
        json.WriteStartObject();
        json.WriteString("id", plugin.Id);
        if (pin != StatePin.None)
        {
            json.WriteOptional("version", plugin.Version);
        }

        json.WriteOptional("commit", pin == StatePin.Commit ? plugin.Commit : null);
        json.WriteOptional("treeHash", pin == StatePin.Digest ? plugin.TreeHash : null);
        if (!plugin.EffectiveEnabled)
        {
            json.WriteBoolean("enabled", false);
        }

        json.WriteOptional("hold", plugin.Held ? plugin.HoldNote ?? "" : null);
        json.WriteEndObject();
    }
}
