using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Marketplaces;

/// <summary>The <c>policy</c> of a catalog entry (contract 1.4); each of its fields fails the file on its own.</summary>
internal sealed class EntryPolicy
{
    /// <summary>How many fields a policy has that is written as an array.</summary>
    internal const int FieldCount = 3;

    private static readonly string[] Installations = ["AVAILABLE", "NOT_AVAILABLE", "INSTALLED_BY_DEFAULT"];
    private static readonly string[] Authentications = ["ON_INSTALL", "ON_USE"];

    private readonly string? _installation;
    private readonly string? _authentication;
    private readonly string[]? _products;
    private List<(string Kind, JsonValue Place, string Finding, string? Suggestion)>? _findings;

    internal EntryPolicy(JsonValue? policy)
    {
        JsonValue? installation, authentication;
        switch (policy)
        {
            case null:
                return;
            case { Kind: JsonKind.Object }:
                (installation, authentication, ProductsNode) = (policy["installation"], policy["authentication"], policy["products"]);
                break;
            case { Kind: JsonKind.Array, Items.Count: <= FieldCount }:
                // Codex's reader also takes the fields by position; those that are left out have their defaults.
                (installation, authentication, ProductsNode) = (policy.Items.ElementAtOrDefault(0), policy.Items.ElementAtOrDefault(1),
                    policy.Items.ElementAtOrDefault(2));
                break;
            case { Kind: JsonKind.Array }:
                Tell("PolicyShape", policy, $"'policy' must be an object, or an array of {FieldCount} items at the most");
                return;
            default:
                Tell("PolicyShape", policy, "'policy' must be an object");
                return;
        }

        _installation = Read("PolicyInstallation", installation, "'policy.installation' must be AVAILABLE, "
            + "NOT_AVAILABLE or INSTALLED_BY_DEFAULT", Installations);
        _authentication = Read("PolicyAuthentication", authentication,
            "'policy.authentication' must be ON_INSTALL or ON_USE", Authentications);
        _products = ReadProducts(ProductsNode);
    }

    /// <summary>What is wrong, in the order of the fields.</summary>
    internal IReadOnlyList<(string Kind, JsonValue Place, string Finding, string? Suggestion)> Findings => _findings ?? [];

    internal JsonValue? ProductsNode { get; }

    internal MarketplaceEntry ApplyTo(MarketplaceEntry entry)
    {
        var (installation, authentication) = (_installation ?? entry.Installation, _authentication ?? entry.Authentication);
        return _products is null && installation == entry.Installation && authentication == entry.Authentication ? entry : entry with
        {
            Installation = installation,
            Authentication = authentication,
            Products = _products ?? entry.Products,
        };
    }

    private string? Read(string kind, JsonValue? value, string finding, string[] known)
    {
        if (value is null)
        {
            return null;
        }

        var variant = Variant(value);
        foreach (var one in known)
        {
            // The text of the table, not the catalog's: ten thousand entries have it in common.
            if (string.Equals(one, variant, StringComparison.Ordinal))
            {
                return one;
            }
        }

        Tell(kind, value, $"{finding}, not {Written(value)}", Meant(variant, known));
        return null;
    }

    private string[]? ReadProducts(JsonValue? products)
    {
        if (products is null || products.Kind == JsonKind.Null)
        {
            return null;
        }

        var bad = products.Kind == JsonKind.Array ? products.Items.FirstOrDefault(
            item => Variant(item) is not ("CODEX" or "codex" or "CHATGPT" or "chatgpt" or "ATLAS" or "atlas")) : products;
        if (bad is not null)
        {
            Tell("PolicyProducts", bad, $"'policy.products' must be an array of CODEX, CHATGPT and ATLAS, not {Written(bad)}",
                Meant(Variant(bad), ["CODEX", "CHATGPT", "ATLAS"]));
            return null;
        }

        return [.. products.Items.Select(item => Variant(item)!)];
    }

    private void Tell(string kind, JsonValue place, string finding, string? suggestion = null) =>
        (_findings ??= []).Add((kind, place, finding, suggestion));

    private static string Written(JsonValue value) =>
        Variant(value) is { } text ? $"\"{text}\"" : ManifestFields.Describe(value);

    private static string? Meant(string? written, string[] known) =>
        written is not null && NearestName.FindTypo(written, known) is { } meant ? $"Write \"{meant}\"." : null;

    // Codex's reader takes an enum as its name, or as an object with that name and null.
    private static string? Variant(JsonValue node) =>
        node.Kind == JsonKind.Object && node.Members.Count == 1 && node.Members[0].Value.Kind == JsonKind.Null
            ? node.Members[0].Name : node.AsString();
}
