namespace PluginMarket;

/// <summary>Our own folder in a home, on the disk: makes it, locks it, takes what is to be deleted.</summary>
/// <remarks>What a changing command relies on is the order of renames, not the lock (docs/reliability.md).</remarks>
internal sealed class StateFolder
{
    private const string DeadSuffix = ".dead";

    private readonly MarketEnvironment _environment;

    /// <summary>The state folder of a home; nothing is touched yet.</summary>
    public StateFolder(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        Layout = new StateLayout(environment.CodexHome);
    }

    /// <summary>Its paths.</summary>
    public StateLayout Layout { get; }

    /// <summary>Demands that not everyone can write in the home, in the folders that Codex reads plugins and catalogs from, and in ours.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal void DemandUnshared()
    {
        var snapshots = Path.Join(Layout.CodexHome, ".tmp");
        SharedFolder.Refuse(_environment, Layout.CodexHome, Layout.PluginsPath, Layout.CachePath, Layout.StatePath, snapshots, Path.Join(snapshots, "marketplaces"));
    }

    /// <summary>Makes the home (0700), its <c>plugins</c> folder and our folder (0700) where they are missing.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.HomeWritableByOthers"/>; <see cref="MarketErrorCode.PathEscapesRoot"/> where a link stands in the place of our folder.</exception>
    public void Ensure()
    {
        DemandUnshared();
        var files = _environment.Files;
        if (files.Kind(Layout.StatePath) == FileKind.Directory)
        {
            return;
        }

        EnsureFolder(Layout.CodexHome, FileOps.PrivateFolder);
        EnsureFolder(Layout.PluginsPath, FileOps.SharedFolder);
        EnsureFolder(Layout.StatePath, FileOps.PrivateFolder);
        if (files.Kind(Layout.StatePath) != FileKind.Directory)
        {
            throw new PluginMarketException(MarketErrorCode.PathEscapesRoot, $"'{DisplayText.Escape(Layout.StatePath)}' must be a folder, not a link or a file. Remove it, then run the command again.", DisplayText.Escape(Layout.StatePath));
        }
    }

    /// <summary>Waits for the home's lock, at most <see cref="Limits.LockTime"/>. Taken before Codex's own lock, never after it.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateLocked"/>, <see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/></exception>
    public async Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        var missing = Missing();
        try
        {
            Ensure();
            return await FileLock.AcquireAsync(_environment, Layout.LockPath, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            RemoveEmpty(missing);
            throw;
        }
    }

    /// <summary>Renames a file or folder away, so that it is gone at once and whole. Deleting it comes after, by <see cref="Delete"/> or by the next command.</summary>
    /// <returns>Where it is now, or null where nothing stood under the path.</returns>
    public string? MoveToTrash(string path)
    {
        Ensure();
        EnsureFolder(Layout.TrashPath, FileOps.PrivateFolder);
        var files = _environment.Files;
        var trash = Path.Join(Layout.TrashPath, Guid.NewGuid().ToString("N"));
        try
        {
            files.RenameNoReplace(path, trash);
        }
        catch (DirectoryNotFoundException) when (files.Kind(Layout.TrashPath) == FileKind.Directory)
        {
            // Another process took it away; what may stand there since is not what was seen.
            return null;
        }
        catch (DirectoryNotFoundException) when (files.Kind(Layout.TrashPath) == FileKind.Missing)
        {
            // A first command that came to nothing took back what it had made.
            EnsureFolder(Layout.TrashPath, FileOps.PrivateFolder);
            files.RenameNoReplace(path, trash);
        }
        catch (PluginMarketException e) when (e.Code == MarketErrorCode.HomeNotWritable && files.Examine(path) is { Kind: FileKind.Directory } facts && !facts.Mode.HasFlag(UnixFileMode.UserWrite))
        {
            // A folder without the right to write cannot change its parent.
            files.SetMode(path, facts.Mode | FileOps.PrivateFolder);
            files.RenameNoReplace(path, trash);
        }

        try
        {
            files.FsyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or PluginMarketException)
        {
            // A caller who is told of a failure cannot know where it went.
            BestEffort.Try(() => Restore(trash, path));
            throw;
        }

        return trash;
    }

    /// <summary>Puts back what <see cref="MoveToTrash"/> took.</summary>
    /// <returns>Whether it is back: false where it was deleted meanwhile, or something else stands there.</returns>
    public bool Restore(string trash, string path)
    {
        var files = _environment.Files;
        if (files.Kind(trash) == FileKind.Missing || !files.RenameNoReplace(trash, path))
        {
            return false;
        }

        files.FsyncDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Deletes something in the trash, as far as that is possible now; the next command deletes the rest.</summary>
    public void Delete(string trash)
    {
        ArgumentNullException.ThrowIfNull(trash);
        BestEffort.Try(() =>
        {
            var files = _environment.Files;
            var dead = trash;
            if (!trash.EndsWith(DeadSuffix, StringComparison.Ordinal))
            {
                // What has a plain name in the trash is whole and can be put back; only the dead are taken apart.
                dead = trash + DeadSuffix;
                files.RenameNoReplace(trash, dead);
            }

            files.DeleteTreeNoFollow(dead);
        });
    }

    /// <summary>The folders of ours that a first command makes and that are not there, the outermost first.</summary>
    internal IReadOnlyList<string> Missing() =>
        [.. new[] { Layout.CodexHome, Layout.PluginsPath, Layout.StatePath, Layout.StagingPath, Layout.TrashPath }.Where(folder => _environment.Files.Kind(folder) == FileKind.Missing)];

    /// <summary>Whether our folder holds nothing but places for work: no command has got as far as its lock.</summary>
    internal bool IsUnused()
    {
        try
        {
            return _environment.Files.List(Layout.StatePath).All(name => name == Path.GetFileName(Layout.StagingPath) || name == Path.GetFileName(Layout.TrashPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }

    /// <summary>Takes folders back that a command made and then could not use, as on a full disk; what others put something into stays.</summary>
    internal void RemoveEmpty(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders.Reverse())
        {
            BestEffort.Try(() => _environment.Files.DeleteEmptyDirectory(folder));
        }
    }

    /// <summary>Makes a folder of ours. Root in another user's home gives it to that user.</summary>
    internal void EnsureFolder(string path, UnixFileMode mode)
    {
        var files = _environment.Files;
        if (files.Kind(path) == FileKind.Directory)
        {
            return;
        }

        files.CreateDirectory(path, mode);
        Adopt(path);
    }

    /// <summary>The owner of the home where root works in another user's, else null.</summary>
    internal (uint Owner, uint Group)? ForeignOwner()
    {
        var files = _environment.Files;
        return files.IsRoot && files.Examine(Layout.CodexHome) is { Kind: not FileKind.Missing, Owner: not 0 } home ? (home.Owner, home.Group) : null;
    }

    private void Adopt(string path)
    {
        if (ForeignOwner() is var (owner, group))
        {
            _environment.Files.SetOwner(path, owner, group);
        }
    }
}
