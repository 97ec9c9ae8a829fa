using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PluginMarket.Files;

/// <summary>The state of a folder in short, without reading a file of it: the names in it, and of each file its length, rights, number
/// and times. Two equal stamps of one folder mean that no file was written, replaced, renamed or given other rights in between.</summary>
/// <remarks>A write moves the time of change, which no program can set. A clock that ticks between two writes tells them apart; what may
/// have been written within one tick has no stamp, and neither has a folder of a system without that time.</remarks>
internal static class FolderStamp
{
    private const long Second = 1_000_000_000;

    // The coarsest clock of a file system in use ticks every two seconds.
    private static readonly TimeSpan CoarsestTick = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of a folder as it was walked, to compare with a recorded one; null where it has none.</summary>
    internal static string? Of(FolderTree tree) => Compute(tree, static _ => true);

    /// <summary>The stamp of the folder of an installed plugin as it is now, to compare with a recorded one, in the fewest calls: each
    /// folder is listed and each file is asked for its state, once.</summary>
    /// <param name="path">The folder, absolute.</param>
    /// <param name="files">The disk.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>Null where it has none, or cannot be read.</returns>
    internal static string? Look(string path, FileOps files, Limits limits)
    {
        try
        {
            return Compute(FolderTree.Look(path, files, limits), static _ => true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            // Reading it says what is wrong with it.
            return null;
        }
    }

    /// <summary>The stamp of a folder in which others write, to be recorded: null where a file is so new that the next write may leave
    /// its times as they are.</summary>
    /// <param name="tree">The folder.</param>
    /// <param name="walked">When the walk began, or before.</param>
    internal static string? OfSettled(FolderTree tree, DateTimeOffset walked) => Compute(tree, facts => IsSettled(facts, walked));

    /// <summary>Whether the next write will leave other facts than these: not where the system does not say when something changed, and
    /// not of something so new that the clock may not have ticked since.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="taken">When they were taken, or before.</param>
    internal static bool IsSettled(in FileFacts facts, DateTimeOffset taken)
    {
        var settled = (taken - CoarsestTick - DateTimeOffset.UnixEpoch).Ticks * 100;
        return facts.ChangedStamp != 0 && facts.ModifiedStamp < settled && facts.ChangedStamp < settled;
    }

    /// <summary>The stamp of a folder that only this process has written to, to be recorded: null where the file system's clock
    /// counts whole seconds.</summary>
    internal static string? OfOwn(FolderTree tree) => Compute(tree, facts => facts.ChangedStamp % Second != 0);

    private static string? Compute(FolderTree tree, Func<FileFacts, bool> isTold) =>
        Compute(tree.Entries.Select(entry => (entry.Path, tree.FactsOf(entry))), isTold);

    private static string? Compute(IEnumerable<(string Path, FileFacts Facts)> entries, Func<FileFacts, bool> isTold)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[40];
        foreach (var (path, facts) in entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(facts.Kind == FileKind.File ? "\0f"u8 : "\0d"u8);
            if (facts.Kind == FileKind.Directory)
            {
                continue;
            }

            if (facts.Kind != FileKind.File || facts.ChangedStamp == 0 || !isTold(facts))
            {
                return null;
            }

            BinaryPrimitives.WriteInt64BigEndian(numbers, facts.Length);
            BinaryPrimitives.WriteInt64BigEndian(numbers[8..], (long)facts.Mode);
            BinaryPrimitives.WriteUInt64BigEndian(numbers[16..], facts.Inode);
            BinaryPrimitives.WriteInt64BigEndian(numbers[24..], facts.ModifiedStamp);
            BinaryPrimitives.WriteInt64BigEndian(numbers[32..], facts.ChangedStamp);
            hash.AppendData(numbers);
        }

        return TreeDigest.Text(hash);
    }
}
