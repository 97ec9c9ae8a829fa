using PluginMarket.Files;

namespace PluginMarket.Sources.Npm;

/// <summary>A tar file as a tree: indexed by reading its headers, never unpacked.</summary>
internal sealed class TarTree : FileTree
{
    private readonly FileOps _files;
    private readonly string _path;
    private readonly Dictionary<TreeEntry, long> _offsets = new(ReferenceEqualityComparer.Instance);

    private TarTree(FileOps files, string path, IEnumerable<TarMember> members)
    {
        (_files, _path) = (files, path);
        var entries = new List<TreeEntry>();
        foreach (var member in members)
        {
            var entry = new TreeEntry(member.Path, member.IsFolder ? TreeEntryKind.Directory : TreeEntryKind.File, member.Length,
                !member.IsFolder && member.IsExecutable);
            entries.Add(entry);
            _offsets.Add(entry, member.Offset);
        }

        Entries = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>Reads the headers; links, devices and paths that leave the tree refuse it as a whole.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NpmPackageInvalid"/>,
    /// <see cref="MarketErrorCode.PathEscapesRoot"/>, <see cref="MarketErrorCode.LimitExceeded"/></exception>
    internal static TarTree Read(MarketEnvironment environment, string path, string package)
    {
        using var stream = environment.Files.OpenRead(path);
        return new TarTree(environment.Files, path, new TarIndex(stream, environment.Limits, package).Read());
    }

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var stream = _files.OpenRead(_path);
        stream.Position = _offsets[entry];
        return new Part(stream, entry.Length);
    }

    private sealed class Part(Stream stream, long length) : ForwardReadStream
    {
        private long _left = length;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = stream.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
