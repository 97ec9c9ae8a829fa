using System.Text.Json.Nodes;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet.Dsc;

/// <summary>One marketplace.</summary>
internal sealed class DscMarketplace : DscSyncKind
{
    internal override IReadOnlyList<string> Properties { get; } =
        ["codexHome", "name", "source", "ref", "sha", "sparsePaths", "root", "commit", "allowed", "_exist", "_inDesiredState"];

    internal override IEnumerable<JsonObject> Export(MarketEnvironment environment, CancellationToken cancellation) =>
        Collect(environment, cancellation).Marketplaces!.Select(there => Describe(environment, there.Name, there));

    private protected override DesiredState Wanted(MarketEnvironment environment, DscInput input, PluginInventory there)
    {
        var exists = input.Flag("_exist") ?? true;
        if (!MarketplaceName.TryParse(input.Demand("name"), out var name, out var finding))
        {
            throw input.Failure("name", $"{finding}");
        }

        var item = exists ? Given(input, "source", "ref", "sha", "sparsePaths") : [];
        item["exist"] = exists;
        var state = Read(environment, new JsonObject
        {
            ["marketplaces"] = new JsonObject { [name.Value] = item },
            ["unlisted"] = "ignore",
            ["unlistedMarketplaces"] = "ignore",
        });
        var wanted = state.Marketplaces[0];
        var source = ExpectedMarketplace.AllOf(state, environment)[0].Source;
        return Find(there, name.Value) is { } actual && source is not null && source == actual.Source ? state with
        {
            Marketplaces =
            [
                wanted with
                {
                    Ref = input.Has("ref") || input.Has("sha") ? wanted.Ref : actual.Ref,
                    SparsePaths = input.Has("sparsePaths") ? wanted.SparsePaths : actual.SparsePaths,
                },
            ],
        }
        : state;
    }

    private protected override JsonObject Show(MarketEnvironment environment, DscInput input, DesiredState wanted, PluginInventory there) =>
        Describe(environment, wanted.Marketplaces[0].Name, Find(there, wanted.Marketplaces[0].Name));

    private protected override string? PropertyOf(Difference difference, DscInput input) => difference.Kind switch
    {
        DriftKind.MarketplaceMissing or DriftKind.MarketplaceUnexpected => "_exist",
        DriftKind.MarketplaceSource => "source",
        DriftKind.MarketplaceRef => input.Has("sha") ? "sha" : input.Has("ref") ? "ref" : "sparsePaths",
        DriftKind.MarketplaceUnreadable => "root",
        _ => null,
    };

    private protected override JsonObject Preview(DscInput input, JsonObject state)
    {
        if (input.Flag("_exist") == false)
        {
            return new JsonObject
            {
                ["codexHome"] = state["codexHome"]!.DeepClone(),
                ["name"] = state["name"]!.DeepClone(),
                ["_exist"] = false,
            };
        }

        Overlay(state, input, "source", "ref", "sha", "sparsePaths");
        state["_exist"] = true;
        return state;
    }

    private static PluginInventoryMarketplace? Find(PluginInventory there, string name) =>
        Array.Find(there.Marketplaces ?? [], marketplace => marketplace.Name == name);

    private static JsonObject Describe(MarketEnvironment environment, string name, PluginInventoryMarketplace? there)
    {
        var state = new JsonObject { ["codexHome"] = environment.CodexHome, ["name"] = name, ["_exist"] = there is not null };
        if (there is null)
        {
            return state;
        }

        Put(state, "source", there.Source);
        Put(state, there.Ref is { } reference && GitReference.IsFullId(reference) ? "sha" : "ref", there.Ref);
        if (there.SparsePaths.Length > 0)
        {
            state["sparsePaths"] = new JsonArray([.. there.SparsePaths.Select(path => (JsonNode)path)]);
        }

        var table = ConfigurationLayers.Read(environment).Marketplaces.FirstOrDefault(table => table.Name == name);
        var marketplace = table is null ? null : RegisteredMarketplace.DescribeAnyway(environment, table);
        if (there.State == "Readable")
        {
            Put(state, "root", marketplace?.Root);
        }

        Put(state, "commit", there.Commit);
        Put(state, "allowed", marketplace?.IsAllowedByPolicy);
        return state;
    }
}
