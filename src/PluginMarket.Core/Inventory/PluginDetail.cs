using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>What is known of a listed plugin only when all of its files were read.</summary>
internal sealed class PluginDetail
{
    internal string? Status { get; set; }

    internal Message? Said { get; set; }

    internal bool Resolved { get; set; }

    internal string[]? Components { get; set; }

    internal PluginManifest? Manifest { get; set; }

    internal bool? HasHiddenText { get; set; }

    internal bool? IsAllowedByPolicy { get; set; }

    internal string? PolicyRule { get; set; }

    internal PluginMarketException? Failure { get; set; }

    /// <summary>The same with another status.</summary>
    internal PluginDetail With(string status)
    {
        var copy = (PluginDetail)MemberwiseClone();
        copy.Status = status;
        return copy;
    }
}
