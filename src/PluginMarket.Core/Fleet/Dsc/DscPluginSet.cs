using System.Text.Json.Nodes;
using PluginMarket.Messages;

namespace PluginMarket.Fleet.Dsc;

/// <summary>Plugins and marketplaces together: a file of a desired state, or what the configuration of DSC says itself.</summary>
internal sealed class DscPluginSet : DscSyncKind
{
    internal override IReadOnlyList<string> Properties { get; } = ["codexHome", "statePath", "revision", "marketplaces", "plugins",
        "unlisted", "drift", "_exist", "_inDesiredState"];

    internal override IEnumerable<JsonObject> Export(MarketEnvironment environment, CancellationToken cancellation)
    {
        var there = Collect(environment, cancellation);
        var state = new JsonObject { ["codexHome"] = environment.CodexHome };
        Put(state, "revision", there.StateRevision);
        state["marketplaces"] = Marketplaces(there, there.Marketplaces!.Select(marketplace => marketplace.Name));
        state["plugins"] = Plugins(there, there.Plugins.Where(plugin => plugin.IsInstalled).Select(plugin => plugin.Id));
        yield return state;
    }

    private protected override DesiredState Wanted(MarketEnvironment environment, DscInput input, PluginInventory there)
    {
        if (input.Flag("_exist") == false)
        {
            throw input.Failure("_exist", $"A set of plugins always exists. {Remedy.Do($"Set 'exist' of its plugins to false.")}");
        }

        if (input.Text("statePath") is { } path)
        {
            return FromFile(environment, input, path);
        }

        var members = Given(input, "marketplaces");
        WithoutNulls(members["marketplaces"]);
        members["unlisted"] = input.Text("unlisted") ?? "ignore";
        members["unlistedMarketplaces"] = "ignore";
        members["plugins"] = new JsonArray([.. (input["plugins"]?.Members ?? []).Select(plugin =>
        {
            var item = JsonNode.Parse(plugin.Value.ToJson()) as JsonObject
                ?? throw plugin.Value.Failure($"An object is expected here");
            WithoutNulls(item);
            item["id"] = plugin.Name;
            return (JsonNode)item;
        })]);
        return Read(environment, members, input.Text("revision") ?? "1");
    }

    private protected override JsonObject Show(MarketEnvironment environment, DscInput input, DesiredState wanted, PluginInventory there)
    {
        var expected = ExpectedHome.Of(wanted, ExpectedMarketplace.AllOf(wanted, environment), MachineFacts.Of(there),
            DefaultPlugins.Of(environment, wanted.Defaults));
        var state = new JsonObject { ["codexHome"] = environment.CodexHome };
        Put(state, "statePath", input.Text("statePath"));
        Put(state, "revision", there.StateId == wanted.Id ? there.StateRevision : null);
        state["marketplaces"] = Marketplaces(there, expected.Marketplaces.Select(marketplace => marketplace.Wanted.Name));
        state["plugins"] = Plugins(there, expected.Plugins.Select(plugin => plugin.Id.ToString()));
        Put(state, "unlisted", input.Text("unlisted"));
        state["drift"] = new JsonArray([.. StateComparison.Compare(expected, there).Select(difference => (JsonNode)new JsonObject
        {
            ["subject"] = DisplayText.Escape(difference.Subject),
            ["kind"] = difference.Kind.ToString(),
            ["expected"] = difference.Expected is { } wish ? DisplayText.Escape(wish) : null,
            ["actual"] = difference.Actual is { } actual ? DisplayText.Escape(actual) : null,
        })]);
        return state;
    }

    private protected override string? PropertyOf(Difference difference, DscInput input) => difference.Kind switch
    {
        DriftKind.MarketplaceMissing or DriftKind.MarketplaceUnexpected or DriftKind.MarketplaceSource or DriftKind.MarketplaceRef
            or DriftKind.MarketplaceUnreadable => "marketplaces",
        DriftKind.StateOutdated or DriftKind.PolicyViolation or DriftKind.Duplicate or DriftKind.Refreshable => null,
        _ => "plugins",
    };

    private protected override IEnumerable<string> OwnDifferences(DscInput input, DesiredState wanted, PluginInventory there) =>
        IsRecorded(input) && (there.StateId != wanted.Id || there.StateRevision != wanted.Revision) ? ["revision"] : [];

    private protected override SyncOptions OptionsOf(DscInput input) => new()
    {
        // The configuration says itself that the rest is to go; a file that says so could be for somebody who only looks.
        RemoveUnlisted = input.Text("unlisted") == "remove",
    };

    private protected override bool IsRecorded(DscInput input) => input.Text("statePath") is not null || input.Text("revision") is not null;

    private protected override JsonObject Preview(DscInput input, JsonObject state)
    {
        Overlay(state, input, "revision", "marketplaces", "plugins");
        WithoutNulls(state["marketplaces"]);
        state["drift"] = new JsonArray();
        return state;
    }

    private static DesiredState FromFile(MarketEnvironment environment, DscInput input, string path)
    {
        if (input["marketplaces"] is not null || input["plugins"] is not null)
        {
            throw input.Failure("statePath", $"'statePath' excludes 'marketplaces' and 'plugins'. {Remedy.Do($"Remove one of them.")}");
        }

        if (!Path.IsPathFullyQualified(path))
        {
            throw input.Failure("statePath", $"The path '{path}' is not absolute. {Remedy.Do($"Use an absolute path.")}");
        }

        var state = DesiredStateFile.Read(environment, path);
        if (input.Text("unlisted") is { } rule && rule != DesiredStateReader.Spell(state.Unlisted))
        {
            throw input.Failure("unlisted", $"The state '{path}' has the rule '{DesiredStateReader.Spell(state.Unlisted)}' for what it "
                + $"does not list, not '{rule}'. {Remedy.Do($"Use the rule of the file, or change the file.")}");
        }

        return input.Text("revision") is not { } revision || revision == state.Revision ? state
            : throw input.Failure("revision", $"The state '{path}' has the revision {state.Revision}, not {revision}. "
                + $"{Remedy.Do($"Use the file of that revision.")}");
    }

    private static JsonObject Marketplaces(PluginInventory there, IEnumerable<string> names) =>
        new(names.Distinct(StringComparer.Ordinal).Select(name =>
        {
            var item = new JsonObject();
            var actual = Array.Find(there.Marketplaces ?? [], marketplace => marketplace.Name == name);
            Put(item, "source", actual?.Source);
            Put(item, actual?.Ref is { } reference && Sources.Git.GitReference.IsFullId(reference) ? "sha" : "ref", actual?.Ref);
            item["exist"] = actual is not null;
            return KeyValuePair.Create(name, (JsonNode?)item);
        }));

    private static JsonObject Plugins(PluginInventory there, IEnumerable<string> ids) =>
        new(ids.Distinct(StringComparer.Ordinal).Select(id =>
        {
            var item = new JsonObject();
            if (Array.Find(there.Plugins, plugin => plugin.Id == id) is { IsInstalled: true } actual)
            {
                Put(item, "version", actual.Version);
                Put(item, "commit", actual.Commit);
                Put(item, "treeHash", actual.TreeHash);
                item["enabled"] = actual.EffectiveEnabled;
                Put(item, "hold", actual.Held ? actual.HoldNote ?? "" : null);
                item["exist"] = true;
            }
            else
            {
                item["exist"] = false;
            }

            return KeyValuePair.Create(id, (JsonNode?)item);
        }));

    // A document of a state has no null; here it means the same as nothing.
    private static void WithoutNulls(JsonNode? node)
    {
        if (node is not JsonObject members)
        {
            return;
        }

        foreach (var (name, value) in members.ToList())
        {
            if (value is null)
            {
                members.Remove(name);
            }

            WithoutNulls(value);
        }
    }
}
