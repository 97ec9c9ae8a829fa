using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Sources;

namespace PluginMarket.Marketplaces;

/// <summary>One entry of a catalog (contract 1.4).</summary>
/// <remarks>An entry that cannot be used says why in <see cref="SkipReason"/>; the others of its catalog are not affected.</remarks>
internal sealed record MarketplaceEntry
{
    /// <summary>Its place in <c>plugins</c>, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The name as written, escaped for a terminal; empty where there is none.</summary>
    public required string Name { get; init; }

    /// <summary>The name, where it follows contract 1.7.</summary>
    public PluginName? ValidName { get; init; }

    /// <summary>Where its files come from; null for an entry that is skipped for its source.</summary>
    public PluginSource? Source { get; init; }

    /// <summary><c>AVAILABLE</c>, <c>NOT_AVAILABLE</c> or <c>INSTALLED_BY_DEFAULT</c>;
    /// <c>NOT_AVAILABLE</c> where it could not be read.</summary>
    public string Installation { get; init; } = "AVAILABLE";

    /// <summary><c>ON_INSTALL</c> or <c>ON_USE</c>.</summary>
    public string Authentication { get; init; } = "ON_INSTALL";

    /// <summary>The products the entry is for, or null for all.</summary>
    public IReadOnlyList<string>? Products { get; init; }

    /// <summary>The category, escaped; replaces the manifest's.</summary>
    public string? Category { get; init; }

    /// <summary>The manifest made of the entry's other keys, for a source without one (contract 1.8).</summary>
    public FallbackManifest? Fallback { get; init; }

    /// <summary>Why the entry cannot be used, with line and column, escaped; null for a usable one.</summary>
    public string? SkipReason { get; init; }

    /// <summary>The error that asking for the skipped entry gives.</summary>
    public MarketErrorCode SkipCode { get; init; } = MarketErrorCode.PluginNotFound;

    /// <summary>Whether the entry is fine but not for this product (contract 1.6); it then also has a <see cref="SkipReason"/>.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Why the entry is listed but refused at install (unsafe or ambiguous name, byte order mark), escaped; null
    /// where nothing forbids it.</summary>
    public string? InstallRefusal { get; init; }

    /// <summary>The error that goes with <see cref="InstallRefusal"/>.</summary>
    public MarketErrorCode InstallRefusalCode { get; init; } = MarketErrorCode.NameInvalid;

    /// <summary>The line of the entry's first character, from 1.</summary>
    public int Line => Node.Position.Line;

    /// <summary>The column of the entry's first character, from 1.</summary>
    public int Column => Node.Position.Column;

    /// <summary>The entry as it is in the file.</summary>
    public required JsonValue Node { get; init; }

    /// <summary>The entry as one line of JSON, raw, order kept; tells whether an entry changed.</summary>
    public string ToJson() => Node.ToJson();

    /// <summary>Whether the entry is usable.</summary>
    public bool IsListed => SkipReason is null;
}
