using System.IO.Compression;
using System.Security.Cryptography;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Npm;

/// <summary>The compressed form of a package.</summary>
internal static class NpmTarball
{
    private const string Prefix = "sha512-";
    private const int EncodedLength = 88;

    /// <summary>Headers and padding of a tar file, beside the bytes of its files.</summary>
    private const long Overhead = 48L << 20;

    /// <summary>The digest of the file as npm and its lock files write it.</summary>
    internal static string ComputeIntegrity(FileOps files, string tarball)
    {
        using var stream = files.OpenRead(tarball);
        return Prefix + Convert.ToBase64String(SHA512.HashData(stream));
    }

    internal static bool IsIntegrity(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + EncodedLength
        && Convert.TryFromBase64String(text[Prefix.Length..], new byte[SHA512.HashSizeInBytes], out _);

    /// <summary>Writes the tar file in it beside it, and stops at the cap whatever the compressed size was.</summary>
    internal static void Unpack(MarketEnvironment environment, string tarball, string archive, string package,
        CancellationToken cancellationToken)
    {
        var cap = environment.Limits.NpmUnpackedBytes + Overhead;
        using var packed = environment.Files.OpenRead(tarball);
        using var source = new GZipStream(packed, CompressionMode.Decompress);
        using var target = environment.Files.CreateNew(archive, FileOps.PrivateFile);
        var buffer = new byte[128 << 10];
        long length = 0;
        for (int read; (read = Read(source, buffer, package)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            length += read;
            if (length > cap)
            {
                throw new PluginMarketException(MarketErrorCode.LimitExceeded,
                    $"The package '{package}' unpacks to more than the allowed {environment.Limits.NpmUnpackedBytes} bytes. "
                        + $"{Remedy.Do($"Ask the owner of the package for a smaller one.")}", package);
            }

            target.Write(buffer.AsSpan(0, read));
        }
    }

    private static int Read(GZipStream source, byte[] buffer, string package)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new PluginMarketException(MarketErrorCode.NpmPackageInvalid, $"The tarball of '{package}' is not a gzip file, "
                + $"or is damaged. {Remedy.Do($"Run the command again, or ask the owner of the package.")}", package, e);
        }
    }
}
