using PluginMarket.Identity;

namespace PluginMarket.Records;

/// <summary>One line of a home's history: what was done to a plugin, when, and by whom.</summary>
/// <remarks>Texts are raw; no URL in it carries user information.</remarks>
internal sealed record HistoryRecord
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary><c>Install</c>, <c>Update</c>, <c>Uninstall</c>, <c>Rollback</c>, <c>Hold</c>, <c>Release</c>, or another word for what
    /// wrote or removed the receipt or the hold.</summary>
    public required string Action { get; init; }

    /// <summary>The plugin.</summary>
    public required PluginId Id { get; init; }

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

    /// <summary>The line for a receipt that is about to be written.</summary>
    internal static HistoryRecord Of(Receipt receipt, string action, string receiptHash, DateTimeOffset on) => new()
    {
        On = on,
        Action = action,
        Id = receipt.Id,
        Version = receipt.Version.Value,
        ManifestVersion = receipt.ManifestVersion,
        TreeHash = receipt.TreeHash,
        Commit = receipt.Commit ?? receipt.CatalogCommit,
        ReceiptHash = receiptHash,
        By = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
    };
}
