namespace PluginMarket.Files;

/// <summary>Cleans up behind killed runs. Every command that changes something begins with it; running it again changes nothing.</summary>
/// <remarks>It never waits and never fails: what cannot be done now is left for the next command, with a line in
/// the log. Readers do not run it.</remarks>
internal static class Recovery
{
    private static readonly TimeSpan ForeignAge = TimeSpan.FromDays(7);
    private static readonly TimeSpan UnlockedAge = TimeSpan.FromDays(1);

    /// <summary>Undoes half-made replacements, then removes dead staging folders, the trash and temporary files of dead writers.</summary>
    public static void Run(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var state = environment.Home.State;
        if (!IsUnshared(environment, state))
        {
            return;
        }

        Attempt(environment, state.Adopt);
        Attempt(environment, () => SweepTemporaryFiles(environment, state.Layout.CodexHome));
        if (!Exists(environment, state.Layout.StatePath))
        {
            return;
        }

        Attempt(environment, () => RecoverReplacements(environment, state));
        Attempt(environment, () => SweepStaging(environment, state));
        Attempt(environment, () => SweepTrash(environment, state));
        Attempt(environment, () => SweepRecords(environment, state));
    }

    /// <summary>Removes the temporary files that dead writers of <see cref="AtomicFile"/> left in one
    /// folder; a missing folder is fine.</summary>
    public static void SweepTemporaryFiles(MarketEnvironment environment, string folder)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var files = environment.Files;
        foreach (var name in ListOrNothing(files, folder).Where(TemporaryName.Is))
        {
            Attempt(environment, () =>
            {
                var path = Path.Join(folder, name);
                using var owner = files.TryOpenLockFile(path) is { } handle ? FileLock.TryTake(files, handle, path) : null;
                if (owner is not null && (owner.IsEnforced || IsOlder(environment, path, UnlockedAge)))
                {
                    files.DeleteFile(path);
                }
            });
        }
    }

    private static void RecoverReplacements(MarketEnvironment environment, StateFolder state)
    {
        if (ListOrNothing(environment.Files, state.Layout.JournalPath).Count == 0)
        {
            return;
        }

        // Held by another: a replacement may be under way, and whoever holds it has recovered before.
        using var held = FileLock.TryAcquire(environment.Files, state.Layout.LockPath);
        if (held is not null)
        {
            SweepTemporaryFiles(environment, state.Layout.JournalPath);
            new ReplaceJournal(environment, state).Recover();
        }
    }

    private static void SweepStaging(MarketEnvironment environment, StateFolder state)
    {
        var files = environment.Files;
        StagingOwner? current = null;
        foreach (var folder in ListOrNothing(files, state.Layout.StagingPath).Select(name => Path.Join(state.Layout.StagingPath, name)))
        {
            Attempt(environment, () =>
            {
                var ownerPath = Path.Join(folder, StagingOwner.FileName);
                var handle = files.TryOpenLockFile(ownerPath);
                if (handle is null)
                {
                    // Died before it signed, or is about to: whoever makes the file has the folder, and the other begins again.
                    files.WriteNew(ownerPath, [], FileOps.PrivateFile);
                    handle = files.TryOpenLockFile(ownerPath);
                }

                using var taken = handle is null ? null : FileLock.TryTake(files, handle, ownerPath);
                if (taken is null || !IsDead(environment, ownerPath, taken.IsEnforced, current ??= StagingOwner.Current(environment)))
                {
                    return;
                }

                if (OperatingSystem.IsWindows())
                {
                    taken.Dispose();
                }

                if (state.MoveToTrash(folder) is { } trash)
                {
                    state.Delete(trash);
                    environment.Log.Detail($"Removed the unfinished work of an earlier run: {folder}");
                }
            });
        }
    }

    // The lock is free, or this file system has none.
    private static bool IsDead(MarketEnvironment environment, string ownerPath, bool lockTells, StagingOwner current)
    {
        // Without a text the owner died while it began; a live one notices that its folder went, and begins again.
        if (StagingOwner.TryRead(environment.Files, ownerPath) is not { } owner)
        {
            return lockTells || IsOlder(environment, ownerPath, UnlockedAge);
        }

        return owner.IsOnMachineOf(current)
            ? lockTells || !owner.IsAlive(environment, current)
            : IsOlder(environment, ownerPath, ForeignAge);
    }

    private static void SweepTrash(MarketEnvironment environment, StateFolder state)
    {
        foreach (var name in ListOrNothing(environment.Files, state.Layout.TrashPath))
        {
            state.Delete(Path.Join(state.Layout.TrashPath, name));
        }
    }

    private static void SweepRecords(MarketEnvironment environment, StateFolder state)
    {
        foreach (var folder in new[] { state.Layout.ReceiptsPath, state.Layout.HoldsPath })
        {
            foreach (var marketplace in ListOrNothing(environment.Files, folder))
            {
                SweepTemporaryFiles(environment, Path.Join(folder, marketplace));
            }
        }
    }

    private static bool IsOlder(MarketEnvironment environment, string path, TimeSpan age) =>
        environment.Files.Examine(path) is { Kind: FileKind.File } facts && environment.Time.GetUtcNow() - facts.Modified >= age;

    private static bool IsUnshared(MarketEnvironment environment, StateFolder state)
    {
        var isUnshared = false;
        Attempt(environment, () =>
        {
            state.DemandUnshared();
            isUnshared = true;
        });
        return isUnshared;
    }

    private static bool Exists(MarketEnvironment environment, string path)
    {
        var exists = false;
        Attempt(environment, () => exists = environment.Files.Kind(path) == FileKind.Directory);
        return exists;
    }

    private static IReadOnlyList<string> ListOrNothing(FileOps files, string folder)
    {
        try
        {
            return files.List(folder);
        }
        catch (IOException e) when (e is DirectoryNotFoundException || files.Kind(folder) != FileKind.Directory)
        {
            return [];
        }
    }

    private static void Attempt(MarketEnvironment environment, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"Left for the next command: {e}");
        }
    }
}
