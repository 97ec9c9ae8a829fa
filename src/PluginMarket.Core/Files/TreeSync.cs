namespace PluginMarket.Files;

/// <summary>Brings a written tree to the disk.</summary>
internal static class TreeSync
{
    /// <summary>Waits until a whole tree is on the disk: files first, then folders from the deepest up.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="root">The tree.</param>
    /// <param name="owner">Whom everything is given to, where root works for another user.</param>
    internal static void Run(FileOps files, string root, (uint Owner, uint Group)? owner)
    {
        var folders = new List<string>();
        var pending = new Stack<string>([root]);
        while (pending.TryPop(out var folder))
        {
            folders.Add(folder);
            Give(files, folder, owner);
            foreach (var path in files.List(folder).Select(name => Path.Join(folder, name)))
            {
                switch (files.Kind(path))
                {
                    case FileKind.Directory:
                        pending.Push(path);
                        break;
                    case FileKind.File:
                        Give(files, path, owner);
                        files.FsyncFile(path);
                        break;
                    default:
                        Give(files, path, owner);
                        break;
                }
            }
        }

        for (var i = folders.Count - 1; i >= 0; i--)
        {
            files.FsyncDirectory(folders[i]);
        }
    }

    /// <summary>Gives a file or folder to an owner, where there is one to give it to.</summary>
    internal static void Give(FileOps files, string path, (uint Owner, uint Group)? owner)
    {
        if (owner is var (user, group))
        {
            files.SetOwner(path, user, group);
        }
    }
}
