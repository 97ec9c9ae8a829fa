using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Which commit a snapshot folder holds, read from its files; git is not run there (threat C9).</summary>
internal static class SnapshotCommit
{
    private const long MostBytes = 16 << 20;

    /// <summary>What a snapshot is of: as its record says, else as its own repository and the configuration do.</summary>
    /// <param name="environment">The disk.</param>
    /// <param name="root">The snapshot.</param>
    /// <param name="configured">The source that is configured now, which the snapshot need not be of yet; or null.</param>
    internal static SnapshotState ReadState(MarketEnvironment environment, string root, GitMarketplaceSource? configured)
    {
        var record = SnapshotMetadata.Read(environment, root);
        var url = record is null ? configured?.Url : GitUrl.TryParse(record.Source, out var recorded, out _) ? recorded : null;
        return new SnapshotState(url, Read(environment, root, record),
            record?.SparsePaths ?? configured?.SparsePaths ?? [], record?.LeftOut ?? [])
        {
            CommittedOn = record?.CommittedOn,
        };
    }

    /// <summary>The full commit of a snapshot, or null where the folder does not tell.</summary>
    internal static string? Read(MarketEnvironment environment, string root) =>
        Read(environment, root, SnapshotMetadata.Read(environment, root));

    private static string? Read(MarketEnvironment environment, string root, SnapshotMetadata? read) =>
        read is { } record && (record.Commit ?? record.Revision) is var revision && IsId(revision)
            ? revision.ToLowerInvariant()
            : ReadRepository(environment, root);

    /// <summary>The commit a folder's own <c>.git</c> is at, or null where it has none or does not tell.</summary>
    internal static string? ReadRepository(MarketEnvironment environment, string root)
    {
        try
        {
            return Text(environment, root, "HEAD") is not { } head ? null
                : IsId(head) ? head
                : head.StartsWith("ref: ", StringComparison.Ordinal) ? Reference(environment, root, head[5..].Trim()) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"The commit of '{root}' cannot be read: {problem}");
            return null;
        }
    }

    private static string? Reference(MarketEnvironment environment, string root, string name)
    {
        if (!RelativePath.TryParseEntry(name, out var path, out _) || path.IsRoot)
        {
            return null;
        }

        if (Text(environment, root, path.Value) is { } loose && IsId(loose))
        {
            return loose;
        }

        return Text(environment, root, "packed-refs")?.Split('\n').Select(line => line.Trim().Split(' '))
            .FirstOrDefault(parts => parts.Length == 2 && parts[1] == path.Value && IsId(parts[0]))?[0];
    }

    private static string? Text(MarketEnvironment environment, string root, string name) =>
        environment.Files.TryReadAllBytes(Path.Join(root, ".git", name), MostBytes) is { } bytes
            ? Encoding.UTF8.GetString(bytes).Trim() : null;

    private static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
}
