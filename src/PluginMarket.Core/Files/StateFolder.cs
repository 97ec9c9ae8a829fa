using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Our own folder in a home, on the disk: makes it, locks it, takes what is to be deleted.</summary>
/// <remarks>What a changing command relies on is the order of renames, not the lock (docs/reliability.md).</remarks>
internal sealed class StateFolder
{
    private const string DeadSuffix = ".dead";

    private readonly MarketEnvironment _environment;
    private bool _isAdopted;

    /// <summary>The state folder of a home; nothing is touched yet.</summary>
    public StateFolder(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        Layout = new StateLayout(environment.CodexHome);
    }

    /// <summary>Its paths.</summary>
    public StateLayout Layout { get; }

    /// <summary>Demands that not everyone can write in the home, in the folders that Codex reads plugins
    /// and catalogs from, and in ours.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal void DemandUnshared()
    {
        var snapshots = Path.Join(Layout.CodexHome, ".tmp");
        SharedFolder.Refuse(_environment, Layout.CodexHome, Layout.PluginsPath, Layout.CachePath, Layout.StatePath, snapshots,
            Path.Join(snapshots, "marketplaces"));
    }

    /// <summary>Makes the home (0700), its <c>plugins</c> folder and our folder (0700) where they are missing.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.HomeWritableByOthers"/>;
    /// <see cref="MarketErrorCode.PathEscapesRoot"/> where a link is in place of our folder.</exception>
    public void Ensure()
    {
        DemandUnshared();
        Adopt();
        var files = _environment.Files;
        if (files.Kind(Layout.StatePath) == FileKind.Directory)
        {
            return;
        }

        EnsureFolder(Layout.CodexHome, FileOps.PrivateFolder);
        EnsureFolder(Layout.PluginsPath, FileOps.SharedFolder);
        EnsureFolder(Layout.StatePath, FileOps.PrivateFolder);
        DemandOwnersFolder();
    }

    /// <summary>Demands what <see cref="LockAsync"/> demands, and makes and locks nothing.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeWritableByOthers"/>,
    /// <see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    internal void DemandUsable()
    {
        DemandUnshared();
        DemandSound();
    }

    /// <summary>Demands that each folder and file of ours is one, before anything is done: a link, a pipe or a file in its place
    /// would else stop a command half way.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    internal void DemandSound()
    {
        var files = _environment.Files;
        foreach (var folder in Layout.AgentFolders.Concat(Layout.OwnFolders))
        {
            files.DemandFolder(folder);
        }

        foreach (var file in new[] { Layout.LockPath, Layout.HistoryPath })
        {
            files.DemandFile(file);
        }
    }

    /// <summary>Demands the same of the records of a plugin.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    internal void DemandSound(PluginId id)
    {
        var files = _environment.Files;
        foreach (var store in new[] { Layout.ReceiptsPath, Layout.HoldsPath })
        {
            files.DemandFolder(Path.Join(store, id.Marketplace.Value));
            files.DemandFile(Path.Join(store, id.Marketplace.Value, id.Plugin.Value + ".json"));
        }

        files.DemandFolder(Path.Join(Layout.KeptPath, id.Marketplace.Value));
        files.DemandFolder(Path.Join(Layout.KeptPath, id.Marketplace.Value, id.Plugin.Value));
    }

    /// <summary>Gives what an earlier command of root left in the home of another user to that user, who could not change it.</summary>
    internal void Adopt()
    {
        var files = _environment.Files;
        if (_isAdopted || files.ForeignOwnerOf(Layout.PluginsPath) is not { ActAs: { } owner })
        {
            return;
        }

        _isAdopted = true;
        var config = Path.Join(Layout.CodexHome, "config.toml");
        var pending = new Stack<string>([Layout.PluginsPath, Path.Join(Layout.CodexHome, ".tmp"), config, config + ".pluginmarket.bak"]);
        while (pending.TryPop(out var path))
        {
            var facts = files.Examine(path);

            if (facts.Kind != FileKind.Missing && facts.Owner == 0)
            {
                files.TryAdopt(path, owner);
                facts = files.Examine(path);
            }

            if (facts.Kind == FileKind.Directory && facts.Owner == owner.User)
            {
                foreach (var name in files.List(path))
                {
                    pending.Push(Path.Join(path, name));
                }
            }
        }
    }

    // Who is neither the owner nor root would lock the owner out of what they make.
    private void DemandOwnersFolder()
    {
        var files = _environment.Files;
        if (files.ForeignOwnerOf(Layout.PluginsPath) is { ActAs: null, Owner: var owner }
            && files.Examine(Layout.StatePath) is { Kind: FileKind.Directory } made && made.Owner != owner.User)
        {
            files.DeleteEmptyDirectory(Layout.StatePath);
            var shown = DisplayText.Escape(Layout.CodexHome);
            throw new PluginMarketException(MarketErrorCode.HomeNotWritable, $"The home '{shown}' belongs to the user id {owner.User}, "
                + $"who could not use the files that this user would create there.{Remedy.Do($"Run the command as that user.")}", shown);
        }
    }

    /// <summary>Waits for the home's lock, at most <see cref="Limits.LockTime"/>. Taken before Codex's own lock, never after it.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateLocked"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/></exception>
    public async Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        var missing = Missing();
        try
        {
            Ensure();
            DemandSound();
            return await FileLock.AcquireAsync(_environment, Layout.LockPath, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            RemoveEmpty(missing);
            throw;
        }
    }

    /// <summary>Renames a file or folder away, so that it is gone at once and whole. Deleting it comes after, by
    /// <see cref="Delete"/> or by the next command.</summary>
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
            // Another process took it away; what may be there since is not what was seen.
            return null;
        }
        catch (DirectoryNotFoundException) when (files.Kind(Layout.TrashPath) == FileKind.Missing)
        {
            // A first command that came to nothing took back what it had made.
            EnsureFolder(Layout.TrashPath, FileOps.PrivateFolder);
            files.RenameNoReplace(path, trash);
        }
        catch (PluginMarketException e) when (e.Code == MarketErrorCode.HomeNotWritable
            && files.Examine(path) is { Kind: FileKind.Directory } facts && !facts.Mode.HasFlag(UnixFileMode.UserWrite))
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
    /// <returns>Whether it is back: false where it was deleted in the meantime, or something else is there.</returns>
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
    internal IReadOnlyList<string> Missing()
    {
        Adopt();
        string[] folders = [Layout.CodexHome, Layout.PluginsPath, Layout.StatePath, Layout.StagingPath, Layout.TrashPath];
        return [.. folders.Where(folder => _environment.Files.Kind(folder) == FileKind.Missing)];
    }

    /// <summary>Whether our folder holds nothing but places for work: no command has got as far as its lock.</summary>
    internal bool IsUnused()
    {
        try
        {
            return _environment.Files.List(Layout.StatePath)
                .All(name => name == Path.GetFileName(Layout.StagingPath) || name == Path.GetFileName(Layout.TrashPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }

    /// <summary>Takes folders back that a command made and then could not use, as on a full disk; what
    /// others put something into stays.</summary>
    internal void RemoveEmpty(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders.Reverse())
        {
            BestEffort.Try(() => _environment.Files.DeleteEmptyDirectory(folder));
        }
    }

    /// <summary>Makes a folder of ours where it is missing.</summary>
    internal void EnsureFolder(string path, UnixFileMode mode)
    {
        if (_environment.Files.Kind(path) != FileKind.Directory)
        {
            _environment.Files.CreateDirectory(path, mode);
        }
    }
}
