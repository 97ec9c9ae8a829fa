using System.Text;
using System.Text.Json.Nodes;
using PluginMarket.Json;
using PluginMarket.Messages;
using JsonValue = PluginMarket.Json.JsonValue;

namespace PluginMarket.Fleet.Dsc;

/// <summary>The properties that DSC hands to an operation, read strictly: what is not known is refused, not ignored.</summary>
internal sealed class DscInput
{
    private readonly JsonValue _root;

    private DscInput(JsonValue root) => _root = root;

    /// <summary>Reads them.</summary>
    /// <param name="text">Standard input; blank where DSC has nothing to say.</param>
    /// <param name="known">The properties of the resource.</param>
    /// <exception cref="PluginMarketException">StateFileUnreadable.</exception>
    internal static DscInput Read(string text, IReadOnlyList<string> known)
    {
        var file = JsonFile.Parse(Encoding.UTF8.GetBytes(string.IsNullOrWhiteSpace(text) ? "{}" : text), "standard input",
            MarketErrorCode.StateFileUnreadable);
        if (file.Root.Kind != JsonKind.Object)
        {
            throw file.Root.Failure($"An object of properties is expected here");
        }

        file.Root.DemandOnly([.. known]);
        return new DscInput(file.Root);
    }

    /// <summary>Whether a property was given, also as null.</summary>
    internal bool Has(string name) => _root[name] is not null;

    /// <summary>A property; null where it was not given, or given as null.</summary>
    internal JsonValue? this[string name] => _root[name] is { Kind: not JsonKind.Null } value ? value : null;

    internal string? Text(string name) => this[name]?.GetString();

    internal string Demand(string name) => _root.Demand(name).GetString();

    internal bool? Flag(string name) => this[name]?.GetBoolean();

    /// <summary>A copy of a property for another document; null where it was not given.</summary>
    internal JsonNode? Copy(string name) => this[name] is { } value ? JsonNode.Parse(value.ToJson()) : null;

    internal PluginMarketException Failure(string name, Message problem) => (_root[name] ?? _root).Failure(problem);
}
