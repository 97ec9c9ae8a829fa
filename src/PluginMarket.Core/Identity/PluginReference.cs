using System.Diagnostics.CodeAnalysis;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What an object or a text that came through a pipeline says about the plugin it means.</summary>
/// <remarks>Only the identity is used to act; policy, source and version are read again from disk (threat F2).</remarks>
public sealed record PluginReference
{
    /// <summary>The plugin's name.</summary>
    public required PluginName Name { get; init; }

    /// <summary>The marketplace's name, or null where only a plugin was named.</summary>
    public MarketplaceName? Marketplace { get; init; }

    /// <summary>The version referred to, or null.</summary>
    public PluginVersion? Version { get; init; }

    /// <summary>The catalog file it was listed in, absolute, or null.</summary>
    public string? CatalogPath { get; init; }

    /// <summary>The digest of the tree that was reviewed (<c>sha256:…</c>), or null.</summary>
    public string? TreeHash { get; init; }

    /// <summary>Whether a pattern or a listing chose the plugin, rather than somebody naming it.</summary>
    public bool IsListed { get; init; }

    /// <summary>The agent's home it came from, absolute, or null.</summary>
    public string? CodexHome { get; init; }

    /// <summary>The computer it came from, or null.</summary>
    public string? ComputerName { get; init; }

    /// <summary><c>plugin@marketplace</c>, or the bare plugin name where no marketplace is known.</summary>
    public string Id => Marketplace is null ? Name.Value : $"{Name}@{Marketplace}";

    /// <summary>The full id, or null where no marketplace is known.</summary>
    public PluginId? PluginId => Marketplace is null ? null : new PluginId(Name, Marketplace);

    /// <summary>Reads <c>plugin</c> or <c>plugin@marketplace</c>.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="reference">The reference, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PluginReference? reference, [NotNullWhen(false)] out string? finding)
    {
        reference = null;
        if (text is not null && text.Contains('@', StringComparison.Ordinal))
        {
            if (PluginMarket.PluginId.TryParse(text, out var id, out finding))
            {
                reference = new PluginReference { Name = id.Plugin, Marketplace = id.Marketplace };
            }
        }
        else if (PluginName.TryParse(text, out var name, out finding))
        {
            reference = new PluginReference { Name = name };
        }

        return reference is not null;
    }

    /// <summary>Reads <c>plugin</c> or <c>plugin@marketplace</c> that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NameInvalid"/></exception>
    public static PluginReference Parse(string? text) =>
        TryParse(text, out var reference, out var finding) ? reference : throw new PluginMarketException(MarketErrorCode.NameInvalid,
            $"{finding} {Remedy.Do($"Use a plugin name or plugin@marketplace.")}", text);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
