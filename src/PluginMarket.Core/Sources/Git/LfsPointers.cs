using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>Finds pointers of Git LFS: small files that stand for others, which filters of git would fetch and we do not run.</summary>
internal static class LfsPointers
{
    /// <summary>A pointer is not shorter, and the specification does not allow it to be longer.</summary>
    private const int Shortest = 100;
    private const int Longest = 1023;

    private static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/v"u8;

    /// <summary>The paths of the pointers in a tree; what is installed of each is the pointer, not the file it stands for.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static IReadOnlyList<string> Find(FileTree tree) =>
        [.. tree.Files.Where(file => IsPointer(tree, file)).Select(file => file.Path)];

    private static bool IsPointer(FileTree tree, TreeEntry file)
    {
        if (file.Length is < Shortest or > Longest)
        {
            return false;
        }

        Span<byte> start = stackalloc byte[Start.Length];
        using var stream = tree.Open(file);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Start);
    }
}
