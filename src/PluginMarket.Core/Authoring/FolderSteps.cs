using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Authoring;

/// <summary>Makes folders below a root without going through a link.</summary>
internal static class FolderSteps
{
    /// <summary>Makes a folder below a root, step by step.</summary>
    /// <returns>The folder, absolute.</returns>
    /// <exception cref="PluginMarketException">PathEscapesRoot where a link or a file is in the way.</exception>
    internal static string Make(FileOps files, string root, RelativePath below)
    {
        var folder = root;
        foreach (var name in below.Segments)
        {
            folder = Path.Join(folder, name);
            if (files.Kind(folder) == FileKind.Missing)
            {
                files.CreateDirectory(folder);
            }

            DemandFolder(files, folder);
        }

        return folder;
    }

    /// <summary>Fails where <see cref="Make"/> would for what is there, and makes nothing.</summary>
    internal static void Demand(FileOps files, string root, RelativePath below)
    {
        var folder = root;
        foreach (var name in below.Segments)
        {
            folder = Path.Join(folder, name);
            if (files.Kind(folder) == FileKind.Missing)
            {
                return;
            }

            DemandFolder(files, folder);
        }
    }

    private static void DemandFolder(FileOps files, string folder)
    {
        if (files.Kind(folder) != FileKind.Directory)
        {
            throw new PluginMarketException(MarketErrorCode.PathEscapesRoot,
                $"'{folder}' must be a folder, not a link or a file. {Remedy.Do($"Choose another folder.")}", folder);
        }
    }

    /// <summary>A path with the links of all its parts that exist resolved.</summary>
    internal static string Resolve(FileOps files, string path)
    {
        for (var existing = path; ; existing = Path.GetDirectoryName(existing)!)
        {
            if (files.Kind(existing) != FileKind.Missing || Path.GetDirectoryName(existing) is null)
            {
                return Path.Join(files.RealPath(existing), Path.GetRelativePath(existing, path) is var rest && rest == "." ? "" : rest);
            }
        }
    }
}
