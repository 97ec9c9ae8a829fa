using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>Makes tarballs of npm packages, also such as npm itself would not.</summary>
internal sealed class NpmTarballBuilder(TarEntryFormat format = TarEntryFormat.Ustar)
{
    private readonly List<byte> _archive = [];

    /// <summary>A package that is a plugin of the same name.</summary>
    public static NpmTarballBuilder Plugin(string name, string version, string? package = null) => new NpmTarballBuilder()
        .Add("package/package.json", $$"""{"name":"{{package ?? name}}","version":"{{version}}"}""")
        .Add("package/.codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"{{version}}"}""");

    public NpmTarballBuilder Add(string path, string text, bool executable = false) => Add(path, Encoding.UTF8.GetBytes(text), executable);

    public NpmTarballBuilder Add(string path, byte[] content, bool executable = false)
    {
        var entry = New(format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, path);
        entry.Mode = executable ? FileOps.SharedFolder : FileOps.SharedFile;
        entry.DataStream = new MemoryStream(content);
        return Add(entry);
    }

    /// <summary>A folder, link or device.</summary>
    public NpmTarballBuilder Add(TarEntryType type, string path, string? linkTarget = null)
    {
        var entry = New(type, path);
        if (linkTarget is not null)
        {
            entry.LinkName = linkTarget;
        }

        return Add(entry);
    }

    /// <summary>Bytes as they are, in whole blocks: headers that no writer makes.</summary>
    public NpmTarballBuilder AddRaw(byte[] blocks)
    {
        _archive.AddRange(blocks);
        return this;
    }

    /// <summary>The tar file, not compressed.</summary>
    public byte[] ToTar() => [.. _archive, .. new byte[1024]];

    /// <summary>The tarball.</summary>
    public byte[] ToTarball()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(ToTar());
        }

        return packed.ToArray();
    }

    private TarEntry New(TarEntryType type, string path) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, path),
        TarEntryFormat.Pax => new PaxTarEntry(type, path),
        TarEntryFormat.Gnu => new GnuTarEntry(type, path),
        _ => new UstarTarEntry(type, path),
    };

    // The writer ends an archive with two empty blocks; another entry goes before them.
    private NpmTarballBuilder Add(TarEntry entry)
    {
        using var one = new MemoryStream();
        using (var writer = new TarWriter(one, format, leaveOpen: true))
        {
            writer.WriteEntry(entry);
        }

        _archive.AddRange(one.ToArray()[..^1024]);
        return this;
    }
}
