using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>The digest that names a tree's content, whatever it was read from (docs/security.md).</summary>
/// <remarks>
/// SHA-256 over the regular files in ordinal order of their paths; of each the path's length in UTF-8 bytes (4 bytes, big endian), the
/// path, the file's length (8 bytes, big endian) and its bytes. No mode, no links, no folders, no <c>.git</c>.
/// </remarks>
internal static class TreeDigest
{
    private const string Prefix = "sha256:";
    private const int BufferBytes = 128 << 10;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The digest of a tree: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <param name="tree">The tree; each of its files is read once.</param>
    /// <param name="include">Which files count; all where it is null.</param>
    /// <exception cref="IOException">A file cannot be read or changed its length in the meantime.</exception>
    public static string Compute(FileTree tree, Func<TreeEntry, bool>? include = null) => Compute(tree, include, null);

    /// <summary>The digest of a tree and, in the same pass, of each of its files.</summary>
    /// <param name="tree">The tree; each of its files is read once.</param>
    /// <param name="include">Which files count in the tree's digest; all where it is null.</param>
    /// <param name="found">Receives every file with the digest of its bytes, also those that do not count.</param>
    /// <exception cref="IOException">A file cannot be read or changed its length in the meantime.</exception>
    internal static string Compute(FileTree tree, Func<TreeEntry, bool>? include, Action<TreeEntry, string>? found)
    {
        ArgumentNullException.ThrowIfNull(tree);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var single = found is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var files = tree.OpenReader();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        Span<byte> numbers = stackalloc byte[12];
        foreach (var file in tree.Files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var counts = include?.Invoke(file) != false;
            if ((!tree.IsInstalled && file.Path.Split('/').Any(NameRules.IsGitFolder)) || (!counts && found is null))
            {
                continue;
            }

            var path = Encoding.UTF8.GetBytes(file.Path);
            BinaryPrimitives.WriteInt32BigEndian(numbers, path.Length);
            BinaryPrimitives.WriteInt64BigEndian(numbers[4..], file.Length);
            if (counts)
            {
                hash.AppendData(numbers[..4]);
                hash.AppendData(path);
                hash.AppendData(numbers[4..]);
            }

            using var stream = files.Open(file);
            long length = 0;
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                if (counts)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }

                single?.AppendData(buffer.AsSpan(0, read));
                length += read;
            }

            if (length != file.Length)
            {
                throw new IOException($"'{DisplayText.Escape(file.Path)}' changed while it was read.");
            }

            found?.Invoke(file, Text(single!));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Text(hash);
    }

    internal static string Text(IncrementalHash hash) => Prefix + Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();

    /// <summary>The digest of one file's bytes: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string OfBytes(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    /// <summary>Whether a text has the form of a digest.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Digits) < 0;
}
