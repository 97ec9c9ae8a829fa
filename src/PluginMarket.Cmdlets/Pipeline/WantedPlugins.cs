namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>The plugins that were asked for, by home: those that their sources decide about, and those that a lock file does.</summary>
internal sealed class WantedPlugins
{
    private readonly Dictionary<MarketEnvironment, List<PluginReference>> _references = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<MarketEnvironment, List<PluginLockEntry>> _locked = new(ReferenceEqualityComparer.Instance);

    public IEnumerable<(MarketEnvironment Market, List<PluginReference> References)> References =>
        _references.Select(pair => (pair.Key, pair.Value));

    public IEnumerable<(MarketEnvironment Market, List<PluginLockEntry> Entries)> Locked => _locked.Select(pair => (pair.Key, pair.Value));

    /// <summary>Takes what was piped, each into the list it belongs to.</summary>
    public void Take(IEnumerable<(PluginReference Reference, PluginLockEntry? Locked, MarketEnvironment Market)> inputs)
    {
        foreach (var (reference, locked, market) in inputs)
        {
            if (locked is null)
            {
                In(market).Add(reference);
            }
            else
            {
                LockedIn(market).Add(locked);
            }
        }
    }

    /// <summary>The plugins of one home, to be filled.</summary>
    public List<PluginReference> In(MarketEnvironment market) => Of(_references, market);

    /// <summary>The locked plugins of one home, to be filled.</summary>
    public List<PluginLockEntry> LockedIn(MarketEnvironment market) => Of(_locked, market);

    private static List<T> Of<T>(Dictionary<MarketEnvironment, List<T>> lists, MarketEnvironment market)
    {
        if (!lists.TryGetValue(market, out var list))
        {
            list = lists[market] = [];
        }

        return list;
    }
}
