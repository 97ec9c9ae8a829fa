using System.Buffers;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Writes a tree into a new folder of ours.</summary>
internal sealed class TreeWriter(FileOps files, TreeWriteOptions options)
{
    private const long SpareBytes = 16L << 20;

    // How many files one thread writes before it takes others.
    private const int Together = 32;

    /// <summary>Writes the tree; on failure the folder is left half written, for its owner to throw away.</summary>
    /// <exception cref="PluginMarketException">See <see cref="StagedTree.Write"/>.</exception>
    internal TreeWriteResult Write(FileTree tree, string folder)
    {
        var plan = TreePlan.Make(tree, options);
        var free = files.FreeSpace(folder);
        if (free < (2 * plan.Bytes) + SpareBytes)
        {
            throw new PluginMarketException(
                MarketErrorCode.DiskFull,
                $"Writing {plan.Bytes} bytes below '{folder}' needs twice that and 16 MiB, "
                    + $"but only {free} bytes are free.{Remedy.Do($"Free some space on that volume, then run the command again.")}",
                folder);
        }

        files.CreateDirectory(folder);
        foreach (var path in plan.Folders)
        {
            files.CreateDirectory(Under(folder, path));
        }

        var bytes = WriteFiles(tree, plan, folder);
        WriteLinks(tree, plan, folder);
        return new TreeWriteResult(plan.Files.Count, bytes, plan.LeftOut);
    }

    private long WriteFiles(FileTree tree, TreePlan plan, string folder)
    {
        using var reader = tree.OpenReader();
        using var open = files.TryOpenFolder(folder);

        // Neighbours stay together: two threads in one folder would wait for each other. Whoever acts as another user does so alone.
        long bytes = 0;
        if (open is null || !reader.IsShared || plan.Files.Count <= 2 * Together)
        {
            Write(plan.Files);
        }
        else
        {
            SideBySide.Select([.. plan.Files.Chunk(Together)], part => Write(part), default);
        }

        return bytes;

        int Write(IReadOnlyList<TreeEntry> part)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
            foreach (var entry in part)
            {
                var mode = entry.Executable ? FileOps.SharedFolder : FileOps.SharedFile;
                var length = Copy(reader, entry, () => open?.CreateNew(RelativePath.OfTreeEntry(entry.Path).Value, mode)
                        ?? files.CreateNew(Under(folder, entry.Path), mode),
                    buffer, Math.Min(options.Limits.FileBytes, options.Limits.TotalBytes - Interlocked.Read(ref bytes)));
                if (Interlocked.Add(ref bytes, length) > options.Limits.TotalBytes)
                {
                    throw CappedReader.TooLong(entry.Path, options.Limits.TotalBytes);
                }
            }

            ArrayPool<byte>.Shared.Return(buffer);
            return part.Count;
        }
    }

    private static string Under(string folder, string path) => RelativePath.OfTreeEntry(path).UnderRoot(folder);

    private static long Copy(TreeReader reader, TreeEntry entry, Func<Stream> create, byte[] buffer, long cap)
    {
        using var source = Read(entry, () => reader.Open(entry));
        using var copy = create();
        long length = 0;
        while (Read(entry, () => source.Read(buffer)) is var read && read > 0)
        {
            length += read;
            if (length > cap)
            {
                throw CappedReader.TooLong(entry.Path, cap);
            }

            copy.Write(buffer.AsSpan(0, read));
        }

        return length;
    }

    private static T Read<T>(TreeEntry entry, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"'{entry.Path}' of the source cannot be read: "
                + $"{e} {Remedy.Do($"Check the source, then run the command again.")}", entry.Path, e);
        }
    }

    private void WriteLinks(FileTree tree, TreePlan plan, string folder)
    {
        var targets = plan.Links.ToDictionary(l => l.Path, l => Read(l, () => tree.ReadLink(l)), StringComparer.Ordinal);
        foreach (var link in plan.Links)
        {
            if (LinkTargets.StaysInside(link.Path, targets) && !OperatingSystem.IsWindows())
            {
                files.CreateSymbolicLink(Under(folder, link.Path), targets[link.Path]);
            }
            else
            {
                plan.LeftOut.Add(new LeftOutEntry(DisplayText.Escape(link.Path),
                    "it is a link that points outside the tree, or cannot be created on this system"));
            }
        }
    }
}
