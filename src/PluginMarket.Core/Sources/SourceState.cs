using System.Text;
using PluginMarket.Files;

namespace PluginMarket.Sources;

/// <summary>What tells the bytes of a source without reading one of them: the commit, or the folder as it was walked.</summary>
/// <param name="Provenance">Where the files come from.</param>
/// <param name="Folder">The folder; null where a commit decides.</param>
internal sealed record SourceState(Provenance Provenance, FolderTree? Folder)
{
    /// <summary>The state in short, to compare with a recorded one; null where nothing but reading tells it.</summary>
    internal string? Stamp() => Stamp(Folder is null ? null : FolderStamp.Of(Folder));

    /// <summary>The same, to be recorded.</summary>
    /// <param name="opened">When the source was opened, or before.</param>
    internal string? StampToRecord(DateTimeOffset opened) => Stamp(Folder is null ? null : FolderStamp.OfSettled(Folder, opened));

    private string? Stamp(string? folder)
    {
        var part = Provenance.Part;
        var content = Folder is null ? Provenance.OwnCommit ?? part?.Commit : folder;
        if (content is null)
        {
            return null;
        }

        var commit = Provenance as Git.CommitProvenance;
        return TreeDigest.OfBytes(Encoding.UTF8.GetBytes(string.Join('\0',
            [Provenance.Location, commit?.Path, commit?.Ref, Provenance.OwnCommit, part?.Url, part?.Path, part?.Commit, content,
                .. part?.SparsePaths ?? []])));
    }
}
