using Microsoft.Win32.SafeHandles;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>How a finished tree got its name.</summary>
internal enum PublishOutcome
{
    /// <summary>Nothing had that name.</summary>
    Created,
    /// <summary>What had the name is now in the staging folder.</summary>
    Replaced,
}

/// <summary>
/// One piece of work that is not finished: <c>staging/GUID</c> with a lock that says its owner lives, a place for a repository, and the
/// tree that will get a name in one step. Disposing throws away what is left.
/// </summary>
/// <remarks>Steps 2 to 8 of docs/reliability.md. Needs no lock of the home but while publishing.</remarks>
internal sealed class StagedTree : IDisposable
{
    private const int Tries = 32;

    // Below this many entries waiting for each is quicker than waiting for all that others wrote to the volume.
    private const int LargeTree = 16;

    private readonly MarketEnvironment _environment;
    private readonly StateFolder _state;
    private readonly FileLock _owner;
    private readonly IReadOnlyList<string> _madeFolders;
    private (string Target, PublishOutcome Outcome)? _published;
    private SafeFileHandle? _volume;
    private bool _isSavedByCaller;
    private bool _disposed;

    private StagedTree(MarketEnvironment environment, StateFolder state, string folder, FileLock owner, IReadOnlyList<string> madeFolders)
    {
        _madeFolders = madeFolders;
        _environment = environment;
        _state = state;
        _owner = owner;
        Folder = folder;
    }

    /// <summary>The folder of this piece of work, mode 0700.</summary>
    public string Folder { get; }

    /// <summary>Where the tree is made; a publish renames it away, a replace leaves the old tree here.</summary>
    public string TreePath => Path.Join(Folder, "tree");

    /// <summary>The path that what now is in <see cref="TreePath"/> had before a publish took its place;
    /// null where nothing is there.</summary>
    public string? ReplacedPath { get; private set; }

    /// <summary>A place for a repository's store; nothing makes it here.</summary>
    public string RepositoryPath => Path.Join(Folder, "repo");

    /// <summary>Begins a piece of work in the home.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="isSavedByCaller">Whether the caller has prepared the staging area for several trees, and saves them together instead
    /// of <see cref="Sync"/>.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/></exception>
    public static StagedTree Create(MarketEnvironment environment, bool isSavedByCaller = false)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var state = environment.Home.State;
        if (isSavedByCaller)
        {
            return Begin(environment, state, [], isSavedByCaller);
        }

        var missing = state.Missing();
        try
        {
            state.Ensure();
            state.DemandSound();
            state.EnsureFolder(state.Layout.StagingPath, FileOps.PrivateFolder);
            return Begin(environment, state, missing, isSavedByCaller);
        }
        catch
        {
            state.RemoveEmpty(missing);
            throw;
        }
    }

    private static StagedTree Begin(MarketEnvironment environment, StateFolder state, IReadOnlyList<string> madeFolders,
        bool isSavedByCaller)
    {
        var owner = StagingOwner.Current(environment).ToBytes();
        for (var attempt = 1; ; attempt++)
        {
            var folder = Path.Join(state.Layout.StagingPath, Guid.NewGuid().ToString("N"));
            try
            {
                var ownerPath = Path.Join(folder, StagingOwner.FileName);
                state.EnsureFolder(folder, FileOps.PrivateFolder);
                environment.Files.WriteNew(ownerPath, owner, FileOps.PrivateFile);
                if (environment.Files.TryOpenLockFile(ownerPath) is { } handle
                    && FileLock.TryTake(environment.Files, handle, ownerPath) is { } taken)
                {
                    return new StagedTree(environment, state, folder, taken, madeFolders) { _isSavedByCaller = isSavedByCaller };
                }
            }
            catch (IOException e) when (attempt < Tries
                && (e is DirectoryNotFoundException || DiskError.IsAlreadyExists(e) || DiskError.IsLocked(e)))
            {
                // A sweep took the folder in the moment before its owner had signed and locked it.
            }
            catch
            {
                Abandon(environment.Files, folder);
                throw;
            }

            // What the sweep may have left there is nobody's: without locks only its age would tell.
            BestEffort.Try(() =>
            {
                if (state.MoveToTrash(folder) is { } trash)
                {
                    state.Delete(trash);
                }
            });
            if (attempt >= Tries)
            {
                throw new PluginMarketException(MarketErrorCode.StateLocked,
                    $"No staging folder could be kept below '{state.Layout.StagingPath}': "
                        + $"another process removes them.{Remedy.Do($"Run the command again.")}", state.Layout.StagingPath);
            }
        }
    }

    /// <summary>Writes a tree to <see cref="TreePath"/>: new files only, mode 0644 or 0755 less the user's mask; links, devices and
    /// <c>.git</c> are left out and reported.</summary>
    /// <exception cref="PluginMarketException">
    /// Before anything is written: <see cref="MarketErrorCode.PathEscapesRoot"/>, <see cref="MarketErrorCode.NameInvalid"/>,
    /// <see cref="MarketErrorCode.LimitExceeded"/>, <see cref="MarketErrorCode.DiskFull"/>; while writing also
    /// <see cref="MarketErrorCode.SourceUnreachable"/>, <see cref="MarketErrorCode.HomeNotWritable"/>.
    /// </exception>
    public TreeWriteResult Write(FileTree source, TreeWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        _volume ??= !_isSavedByCaller && source.Entries.Count > LargeTree ? _environment.Files.TryOpenVolume(Folder) : null;
        return new TreeWriter(_environment.Files, options).Write(source, TreePath);
    }

    /// <summary>Adds a file that installing makes, with the folders above it.</summary>
    /// <returns>Whether it was written: false where the tree has something under that path.</returns>
    public bool TryAddFile(RelativePath path, ReadOnlySpan<byte> content, bool executable = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        var target = path.UnderRoot(TreePath);
        _environment.Files.CreateDirectory(path.Parent.UnderRoot(TreePath));
        if (_environment.Files.Kind(target) != FileKind.Missing)
        {
            return false;
        }

        _environment.Files.WriteNew(target, content, executable ? FileOps.SharedFolder : FileOps.SharedFile);
        return true;
    }

    /// <summary>Reads what was staged, so that what is checked is what will be published.</summary>
    public FolderTree Read(TreeLimits limits) => FolderTree.Read(TreePath, _environment.Files, limits, null, isInstalled: true);

    /// <summary>Waits until the whole tree is on the disk: a large one with its volume, else files first,
    /// then folders from the deepest up.</summary>
    public void Sync()
    {
        if (_volume is not null)
        {
            _environment.Files.SaveVolume(_volume, Folder);
            return;
        }

        TreeSync.Run(_environment.Files, TreePath, null);
        _environment.Files.FsyncDirectory(Folder);
    }

    /// <summary>Gives the finished, synced tree its name in one step; what had the name before is kept in <see cref="TreePath"/>
    /// until this object is disposed.</summary>
    /// <param name="target">The final path, absolute, on the same volume.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/>,
    /// <see cref="MarketErrorCode.PluginInUse"/>; what had the name has it still.</exception>
    public PublishOutcome Publish(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _published = null;
        ReplacedPath = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (TryPublish(target) is { } outcome)
                {
                    return outcome;
                }
            }
            catch (Exception e) when (_published is not null && (e is IOException or PluginMarketException))
            {
                // Named, but not known to be on the disk: nobody may count on it.
                BestEffort.Try(Undo);
                throw;
            }
            catch (DirectoryNotFoundException) when (attempt < Tries && _environment.Files.Kind(TreePath) == FileKind.Directory)
            {
                // The target, or its folder, went away between looking and renaming.
            }

            if (attempt >= Tries)
            {
                throw new PluginMarketException(MarketErrorCode.PluginInUse,
                    $"'{target}' keeps changing.{Remedy.Do($"Run the command again when the other process has finished.")}", target);
            }
        }
    }

    /// <summary>Takes a tree that a publish made obsolete out of the way, to <see cref="TreePath"/>, where that is free.
    /// <see cref="GiveBack"/> undoes it.</summary>
    /// <returns>Whether it was taken: false where the publish left another tree there, or the folder cannot be moved.</returns>
    internal bool TryTake(string path)
    {
        var files = _environment.Files;
        if (ReplacedPath is not null || files.Kind(TreePath) != FileKind.Missing)
        {
            return false;
        }

        try
        {
            if (!files.RenameNoReplace(path, TreePath))
            {
                return false;
            }
        }
        catch (Exception e) when (e is DirectoryNotFoundException or PluginMarketException { Code: MarketErrorCode.HomeNotWritable })
        {
            return false;
        }

        ReplacedPath = path;
        files.FsyncDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Puts back what <see cref="TryTake"/> took.</summary>
    internal void GiveBack()
    {
        if (ReplacedPath is { } path && path != _published?.Target && _environment.Files.RenameNoReplace(TreePath, path))
        {
            ReplacedPath = null;
            _environment.Files.FsyncDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Takes the last publish back: the name means again what it meant before. Does nothing where there was none.</summary>
    public void Undo()
    {
        if (_published is not var (target, outcome))
        {
            return;
        }

        if (outcome == PublishOutcome.Replaced)
        {
            TryPublish(target);
        }
        else if (_environment.Files.Kind(TreePath) == FileKind.Missing)
        {
            _environment.Files.RenameNoReplace(target, TreePath);
            _environment.Files.FsyncDirectory(Path.GetDirectoryName(target)!);
            _environment.Files.DeleteEmptyDirectory(Path.GetDirectoryName(target)!);
        }

        _published = null;
        ReplacedPath = null;
    }

    /// <summary>Throws away what is left of the work.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _volume?.Dispose();
        // Windows renames no folder while a file in it is open.
        if (OperatingSystem.IsWindows())
        {
            _owner.Dispose();
        }

        var isAway = BestEffort.Try(() =>
        {
            if (_state.MoveToTrash(Folder) is { } trash)
            {
                _state.Delete(trash);
            }
        });
        if (!isAway)
        {
            // A full disk may have no block for the trash, but what is here can go.
            BestEffort.Try(() => _environment.Files.DeleteTreeNoFollow(Folder));
        }

        _owner.Dispose();

        // The first command in a home, and it came to nothing: the home is as it was.
        if (_madeFolders.Count > 0 && _state.IsUnused())
        {
            _state.RemoveEmpty(_madeFolders);
        }
    }

    // Without the trash, which a full disk may have no block for: nothing but the owner's file was ever in there.
    private static void Abandon(FileOps files, string folder) => BestEffort.Try(() =>
    {
        files.DeleteFile(Path.Join(folder, StagingOwner.FileName));
        files.DeleteEmptyDirectory(folder);
    });

    private PublishOutcome? TryPublish(string target)
    {
        var files = _environment.Files;
        var parent = Path.GetDirectoryName(target)!;
        if (files.Kind(parent) == FileKind.Missing)
        {
            return TryPublishWithParent(target, parent) ? PublishOutcome.Created : null;
        }

        if (files.Kind(target) == FileKind.Missing)
        {
            if (!files.RenameNoReplace(TreePath, target))
            {
                return null;
            }

            _published = (target, PublishOutcome.Created);
            files.FsyncDirectory(parent);
            return PublishOutcome.Created;
        }

        if (files.Exchange(TreePath, target))
        {
            _published = (target, PublishOutcome.Replaced);
            ReplacedPath = target;
            files.FsyncDirectory(parent);
            files.FsyncDirectory(Folder);
            return PublishOutcome.Replaced;
        }

        if (!new ReplaceJournal(_environment, _state).TryReplace(TreePath, target))
        {
            return null;
        }

        _published = (target, PublishOutcome.Replaced);
        ReplacedPath = target;
        return PublishOutcome.Replaced;
    }

    // The folder above comes into being with the tree in it, so that dying in between leaves no empty one behind.
    private bool TryPublishWithParent(string target, string parent)
    {
        var files = _environment.Files;
        var wrapper = Path.Join(Folder, "parent");
        var inside = Path.Join(wrapper, Path.GetFileName(target));
        EnsureParents(Path.GetDirectoryName(parent)!);
        files.CreateDirectory(wrapper);
        if (!files.RenameNoReplace(TreePath, inside))
        {
            throw new IOException($"'{inside}' is there already.");
        }

        files.FsyncDirectory(wrapper);
        var published = false;
        try
        {
            published = files.RenameNoReplace(wrapper, parent);
        }
        finally
        {
            if (!published)
            {
                files.RenameNoReplace(inside, TreePath);
            }
        }

        if (published)
        {
            _published = (target, PublishOutcome.Created);
            files.FsyncDirectory(Path.GetDirectoryName(parent)!);
        }

        return published;
    }

    private void EnsureParents(string folder)
    {
        var files = _environment.Files;
        var missing = new Stack<string>();
        for (var above = folder; files.Kind(above) == FileKind.Missing; above = Path.GetDirectoryName(above)!)
        {
            missing.Push(above);
        }

        while (missing.TryPop(out var path))
        {
            _state.EnsureFolder(path, FileOps.SharedFolder);
            files.FsyncDirectory(Path.GetDirectoryName(path)!);
        }
    }
}
