using System.Collections;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Completes names of the entries of the catalog that -Path names.</summary>
internal sealed class EntryNameCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Bound(bound, "Path") is [var path, ..] && market.WorkingDirectory is { } location
            ? Known.Entries(market, Path.GetFullPath(path, location))
            : [];
}
