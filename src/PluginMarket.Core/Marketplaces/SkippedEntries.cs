using PluginMarket.Messages;

namespace PluginMarket.Marketplaces;

/// <summary>What is said of a marketplace whose catalog has entries that cannot be used.</summary>
internal static class SkippedEntries
{
    /// <summary>How many entries are skipped.</summary>
    internal static Message Tell(Marketplace marketplace)
    {
        ArgumentNullException.ThrowIfNull(marketplace);
        var all = (marketplace.Plugins ?? 0) + (marketplace.SkippedEntries ?? 0);
        return $"{marketplace.SkippedEntries} of {all} {(all == 1 ? "entry" : "entries")} of '{marketplace.Name}' "
            + $"{(marketplace.SkippedEntries == 1 ? "is" : "are")} skipped.";
    }
}
