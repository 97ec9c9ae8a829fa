using System.Collections;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>The source of a marketplace that is to be added, however it was given.</summary>
internal sealed record MarketplaceSourceInput(string Source, string? Name, string? Ref, string? Sha, string[] SparsePath, bool AllowHttp)
{
    private static readonly string[] Keys = [nameof(Source), nameof(Name), nameof(Ref), nameof(Sha), nameof(SparsePath), nameof(AllowHttp)];

    /// <summary>Reads a text, a hashtable, a marketplace, or a row of a table.</summary>
    /// <exception cref="PluginMarketException">InputNotAMarketplace, SourceInvalid.</exception>
    internal static MarketplaceSourceInput From(object? item) => PipelineObject.Unwrap(item) switch
    {
        string source => new(source.Trim(), null, null, null, [], false),
        Hashtable table => OfTable(table),
        { } value when OfObject(item as PSObject ?? PSObject.AsPSObject(value)) is { } read => read,
        _ => throw new PluginMarketException(
            MarketErrorCode.InputNotAMarketplace,
            $"{PipelineObject.Describe(item)} does not name the source of a marketplace. "
                + $"{Remedy.Do($"Use a folder, owner/repo, a URL, a marketplace, or an object with Source.")}"),
    };

    private static MarketplaceSourceInput? OfObject(PSObject item) => MarketplaceInput.SourceOf(item) is { } source
        ? new(
            source,
            PipelineObject.Text(item, nameof(Name)),
            PipelineObject.Text(item, nameof(Ref)),
            PipelineObject.Text(item, nameof(Sha)),
            [.. PipelineObject.Texts(item, "SparsePaths"), .. PipelineObject.Texts(item, nameof(SparsePath))],
            false)
        : null;

    private static MarketplaceSourceInput OfTable(Hashtable table)
    {
        var unknown = table.Keys.Cast<object>().Select(key => $"{key}")
            .FirstOrDefault(key => !Keys.Contains(key, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null || Text(table, nameof(Source)) is not { } source)
        {
            var finding = unknown is null ? "has no Source." : $"has the unknown key '{unknown}'.";
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"A hashtable of -Marketplace {finding} {Remedy.Do($"Use the keys {string.Join(", ", Keys)}.")}", unknown);
        }

        string[] sparse = [.. PipelineObject.Items(table[nameof(SparsePath)]).Where(item => item is not null).Select(item => $"{item}")];
        return new(source, Text(table, nameof(Name)), Text(table, nameof(Ref)), Text(table, nameof(Sha)), sparse,
            LanguagePrimitives.IsTrue(table[nameof(AllowHttp)]));
    }

    private static string? Text(Hashtable table, string key) => table[key] is { } value && $"{value}" is { Length: > 0 } text ? text : null;
}
