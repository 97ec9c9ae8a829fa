using PluginMarket.Identity;

namespace PluginMarket.Records;

/// <summary>One line of a home's history: what was done to a plugin or a marketplace, when, and by whom.</summary>
/// <remarks>Texts are raw; no URL in it carries user information.</remarks>
internal sealed record HistoryRecord
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary><c>Install</c>, <c>Update</c>, <c>Uninstall</c>, <c>Hold</c>, <c>AddMarketplace</c>, or another word for what was
    /// done.</summary>
    public required string Action { get; init; }

    /// <summary>The plugin; null where a marketplace was changed.</summary>
    public PluginId? Id { get; init; }

    /// <summary>The marketplace that was changed; null where a plugin was.</summary>
    public string? Marketplace { get; init; }

    /// <summary>Where a marketplace comes from, as it is shown to people; null for a plugin.</summary>
    public string? Source { get; init; }

    /// <summary>The folder name in the cache; null where nothing was cached.</summary>
    public string? Version { get; init; }

    /// <summary>The manifest's own version, or null.</summary>
    public string? ManifestVersion { get; init; }

    /// <summary>The digest of the source tree; null where it was not known.</summary>
    public string? TreeHash { get; init; }

    /// <summary>The full commit the files came from, or null.</summary>
    public string? Commit { get; init; }

    /// <summary>The digest of the receipt's file; null for a removal.</summary>
    public string? ReceiptHash { get; init; }

    /// <summary>Why, as the user put it, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The account.</summary>
    public required string By { get; init; }

    /// <summary>The version of this tool.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The line for a change of a plugin that writes no receipt.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="action">What is done.</param>
    /// <param name="on">When.</param>
    /// <param name="version">The folder name in the cache.</param>
    /// <param name="receipt">What is recorded of the plugin, or null.</param>
    internal static HistoryRecord Of(PluginId id, string action, DateTimeOffset on, PluginVersion? version, Receipt? receipt) => new()
    {
        On = on,
        Action = action,
        Id = id,
        Version = version?.Value,
        ManifestVersion = receipt?.ManifestVersion,
        TreeHash = receipt?.TreeHash,
        Commit = receipt?.AnyCommit,
        By = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
    };

    /// <summary>The line for a receipt that is about to be written.</summary>
    internal static HistoryRecord Of(Receipt receipt, string action, string receiptHash, DateTimeOffset on) => new()
    {
        On = on,
        Action = action,
        Id = receipt.Id,
        Version = receipt.Version.Value,
        ManifestVersion = receipt.ManifestVersion,
        TreeHash = receipt.TreeHash,
        Commit = receipt.AnyCommit,
        ReceiptHash = receiptHash,
        By = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
    };
}
