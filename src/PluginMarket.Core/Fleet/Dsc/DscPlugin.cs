using System.Text.Json.Nodes;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Fleet.Dsc;

/// <summary>One plugin.</summary>
internal sealed class DscPlugin : DscSyncKind
{
    internal override IReadOnlyList<string> Properties { get; } = ["codexHome", "id", "version", "commit", "treeHash", "enabled", "hold",
        "purge", "path", "provenance", "integrity", "allowed", "_exist", "_inDesiredState"];

    internal override IEnumerable<JsonObject> Export(MarketEnvironment environment, CancellationToken cancellation)
    {
        var there = Collect(environment, cancellation);
        return there.Plugins.Where(plugin => plugin.IsInstalled).Select(plugin => Describe(environment, plugin.Id, plugin));
    }

    private protected override DesiredState Wanted(MarketEnvironment environment, DscInput input, PluginInventory there)
    {
        var exists = input.Flag("_exist") ?? true;
        if (!PluginId.TryParse(input.Demand("id"), out var id, out var finding))
        {
            throw input.Failure("id", $"{finding}");
        }

        var item = exists ? Given(input, "id", "version", "commit", "treeHash", "enabled", "hold") : Given(input, "id", "purge");
        item["exist"] = exists;
        var state = Read(environment, new JsonObject
        {
            ["plugins"] = new JsonArray(item),
            ["unlisted"] = "ignore",
            ["unlistedMarketplaces"] = "ignore",
        });
        var wanted = state.Plugins[0];
        if (!exists || Find(there, id.ToString()) is not { IsInstalled: true } actual)
        {
            return state;
        }

        return state with
        {
            Plugins =
            [
                wanted with
                {
                    Enabled = input.Flag("enabled") ?? actual.EffectiveEnabled,
                    Hold = input.Has("hold") ? wanted.Hold : actual.Held ? actual.HoldNote ?? "" : null,
                },
            ],
        };
    }

    private protected override JsonObject Show(MarketEnvironment environment, DscInput input, DesiredState wanted, PluginInventory there)
    {
        var id = wanted.Plugins[0].Id.ToString();
        return Describe(environment, id, Find(there, id));
    }

    private protected override string? PropertyOf(Difference difference, DscInput input) => difference.Kind switch
    {
        DriftKind.Missing or DriftKind.Unexpected => "_exist",
        DriftKind.Version => "version",
        DriftKind.Commit => "commit",
        DriftKind.Content => "treeHash",
        DriftKind.Modified or DriftKind.Unverified => "integrity",
        DriftKind.Enabled or DriftKind.Disabled => "enabled",
        DriftKind.Hold => "hold",
        _ => null,
    };

    private protected override JsonObject Preview(DscInput input, JsonObject state)
    {
        if (input.Flag("_exist") == false)
        {
            return new JsonObject
            {
                ["codexHome"] = state["codexHome"]!.DeepClone(),
                ["id"] = state["id"]!.DeepClone(),
                ["_exist"] = false,
            };
        }

        Overlay(state, input, "version", "commit", "treeHash", "enabled", "hold");
        state["_exist"] = true;
        return state;
    }

    private static PluginInventoryPlugin? Find(PluginInventory there, string id) => Array.Find(there.Plugins, plugin => plugin.Id == id);

    private static JsonObject Describe(MarketEnvironment environment, string id, PluginInventoryPlugin? plugin)
    {
        var state = new JsonObject { ["codexHome"] = environment.CodexHome, ["id"] = id, ["_exist"] = plugin?.IsInstalled == true };
        if (plugin is not { IsInstalled: true })
        {
            return state;
        }

        Put(state, "version", plugin.Version);
        Put(state, "commit", plugin.Commit);
        Put(state, "treeHash", plugin.TreeHash);
        state["enabled"] = plugin.EffectiveEnabled;
        state["hold"] = plugin.Held ? plugin.HoldNote ?? "" : null;
        Put(state, "path", new InstalledPluginQuery(environment).List(new InstalledPluginRequest { Names = [id] }, default).Plugins
            is [{ Path: { } path }, ..] ? DisplayText.Escape(path) : null);
        state["provenance"] = plugin.Provenance;
        Put(state, "integrity", plugin.Integrity);
        Put(state, "allowed", plugin.IsAllowed);
        return state;
    }
}
