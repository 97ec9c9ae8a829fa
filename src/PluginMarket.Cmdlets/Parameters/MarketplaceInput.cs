using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary>One thing given as a marketplace: the marketplace it refers to, or why it refers to none.</summary>
public sealed class MarketplaceInput
{
    private const string MarketplaceType = "PluginMarket.Marketplace";

    private MarketplaceInput(object? source) => Source = source;

    /// <summary>The marketplace's name, or null where the input names none.</summary>
    public MarketplaceName? Name { get; private init; }

    /// <summary>The catalog file it was listed with, absolute, or null.</summary>
    public string? CatalogPath { get; private init; }

    /// <summary>Whether a plugin was given, whose marketplace this is.</summary>
    public bool IsOfPlugin { get; private init; }

    /// <summary>The agent's home it came from, absolute, or null.</summary>
    public string? CodexHome { get; private init; }

    /// <summary>The computer it came from, or null.</summary>
    public string? ComputerName { get; private init; }

    /// <summary>What was given.</summary>
    public object? Source { get; }

    /// <summary>Why the input names no marketplace.</summary>
    internal Message? Refusal { get; private init; }

    /// <summary>The fault that kept the input from being read.</summary>
    private PluginMarketException? Fault { get; init; }

    /// <summary>The failure of an input that names no marketplace.</summary>
    public PluginMarketException Failure() => Fault ?? new PluginMarketException(MarketErrorCode.InputNotAMarketplace, Refusal!);

    /// <summary>An input that a fault of ours kept from being read.</summary>
    public static MarketplaceInput Of(PluginMarketException fault) => new((object?)null) { Fault = fault, Refusal = fault?.Said };

    /// <summary>Reads one input.</summary>
    public static MarketplaceInput From(object? item) => PipelineObject.Unwrap(item) switch
    {
        MarketplaceInput already => already,
        string text => FromName(text.Trim(), item, null, false),
        null or IDictionary or System.IO.FileSystemInfo => Foreign(item),
        var value => FromProperties(item as PSObject ?? PSObject.AsPSObject(value), value, item),
    };

    /// <inheritdoc/>
    public override string ToString() => Name?.ToString() ?? Source?.ToString() ?? "";

    /// <summary>The source that a marketplace, or a row of a table, gives; null where the object is something else, such as a
    /// plugin with its own source.</summary>
    internal static string? SourceOf(PSObject item) =>
        PipelineObject.Is(item, MarketplaceType)
        || (PipelineObject.IsRow(item) && item.Properties["Marketplace"] is null && item.Properties["Id"] is null)
            ? PipelineObject.Text(item, "Source")
            : null;

    private static MarketplaceInput FromProperties(PSObject source, object value, object? item)
    {
        if (PipelineObject.Text(source, "Marketplace") is { } ofPlugin)
        {
            return FromName(ofPlugin, item, source, true);
        }

        if (PipelineObject.Text(source, "Id") is { } text && PluginId.TryParse(text, out var id, out _))
        {
            return FromName(id.Marketplace.Value, item, source, true);
        }

        var isOurs = PipelineObject.Is(source, MarketplaceType) || PipelineObject.Is(source, "PluginMarket.MarketplaceUpdateResult");
        return (isOurs || value is PSCustomObject or PSObject) && PipelineObject.Text(source, "Name") is { } name
            ? FromName(name, item, source, false)
            : Foreign(item);
    }

    private static MarketplaceInput FromName(string text, object? item, PSObject? source, bool isOfPlugin)
    {
        var valid = MarketplaceName.TryParse(text, out var name, out var finding);
        return new MarketplaceInput(item)
        {
            Name = valid ? name : null,
            Refusal = valid ? null : (Message)$"{finding} {Remedy.Do($"Choose a marketplace's name.")}",
            IsOfPlugin = isOfPlugin,
            CatalogPath = source is null ? null : PipelineObject.Text(source, "CatalogPath"),
            CodexHome = source is null ? null : PipelineObject.Text(source, "CodexHome"),
            ComputerName = source is null ? null : PipelineObject.Text(source, "ComputerName"),
        };
    }

    private static MarketplaceInput Foreign(object? item) => new(item)
    {
        Refusal = $"{PipelineObject.Describe(item)} is not a marketplace. "
            + $"{Remedy.Do($"Pipe the output of {Operation.ListMarketplaces}, an object with a marketplace's name, or a name.")}",
    };
}
