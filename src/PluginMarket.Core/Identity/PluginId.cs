using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>One plugin of one marketplace: <c>plugin@marketplace</c>, the key of Codex's configuration.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Marketplace">The marketplace's name.</param>
public sealed record PluginId(PluginName Plugin, MarketplaceName Marketplace)
{
    /// <summary>Reads <c>plugin@marketplace</c>.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="id">The id, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PluginId? id, [NotNullWhen(false)] out string? finding)
    {
        id = null;
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            finding = $"{NameText.Quote(text ?? "")} is not a plugin id: write plugin@marketplace.";
            return false;
        }

        if (!PluginName.TryParse(text![..at], out var plugin, out finding)
            || !MarketplaceName.TryParse(text[(at + 1)..], out var marketplace, out finding))
        {
            return false;
        }

        id = new PluginId(plugin, marketplace);
        return true;
    }

    /// <summary>Reads <c>plugin@marketplace</c> that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NameInvalid"/></exception>
    public static PluginId Parse(string? text) =>
        TryParse(text, out var id, out var finding)
            ? id : throw new PluginMarketException(MarketErrorCode.NameInvalid, $"{finding} {Remedy.Do($"Use plugin@marketplace.")}", text);

    /// <inheritdoc/>
    public override string ToString() => $"{Plugin}@{Marketplace}";
}
