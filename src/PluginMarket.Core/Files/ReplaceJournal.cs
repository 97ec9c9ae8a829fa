using System.Text;

namespace PluginMarket.Files;

/// <summary>Replaces a folder by two renames where the file system cannot exchange them in one, with a note
/// from which a killed run is undone.</summary>
/// <remarks>Windows, NFS, SMB, FAT. Done under the home's lock. A note that is left over always leads
/// back to the old tree, which is whole.</remarks>
internal sealed class ReplaceJournal(MarketEnvironment environment, StateFolder state)
{
    private const string BackupSuffix = ".old";
    private const string NoteSuffix = ".note";
    private const int NoteBytes = 64 << 10;

    private FileOps Files => environment.Files;

    /// <summary>Puts <paramref name="tree"/> in place of <paramref name="target"/> and what was there in place of the tree; false
    /// where another process was faster.</summary>
    internal bool TryReplace(string tree, string target)
    {
        state.EnsureFolder(state.Layout.JournalPath, FileOps.PrivateFolder);
        var id = Path.Join(state.Layout.JournalPath, Guid.NewGuid().ToString("N"));
        AtomicFile.Write(Files, id + NoteSuffix, Encoding.UTF8.GetBytes(Path.GetRelativePath(state.Layout.CodexHome, target)));
        var done = 0;
        try
        {
            Files.RenameNoReplace(target, id + BackupSuffix);
            done = 1;
            if (!Files.RenameNoReplace(tree, target))
            {
                Settle(id, target);
                return false;
            }

            done = 2;
            done += TryTakeBackup(id, tree) ? 1 : 0;
            Files.FsyncDirectory(Path.GetDirectoryName(target)!);
            Files.DeleteFile(id + NoteSuffix);
            return true;
        }
        catch (Exception e) when (e is IOException or PluginMarketException)
        {
            BestEffort.Try(() => TakeBack(done, id, tree, target));
            throw;
        }
    }

    /// <summary>Undoes or finishes what killed runs left. The caller holds the home's lock.</summary>
    internal void Recover()
    {
        foreach (var name in Files.List(state.Layout.JournalPath)
            .Where(n => n.EndsWith(NoteSuffix, StringComparison.Ordinal) && !TemporaryName.Is(n)))
        {
            BestEffort.Try(() =>
            {
                var note = Path.Join(state.Layout.JournalPath, name);
                if (RelativePath.TryParse(Encoding.UTF8.GetString(Files.ReadAllBytes(note, NoteBytes)).Replace('\\', '/'),
                    out var target, out _))
                {
                    Settle(note[..^NoteSuffix.Length], target.UnderRoot(state.Layout.CodexHome));
                }
            });
        }

        foreach (var name in Files.List(state.Layout.JournalPath).Where(n => n.EndsWith(BackupSuffix, StringComparison.Ordinal)))
        {
            var backup = Path.Join(state.Layout.JournalPath, name);
            if (Files.Kind(backup[..^BackupSuffix.Length] + NoteSuffix) == FileKind.Missing)
            {
                Discard(backup);
            }
        }
    }

    // Without locks another process may have settled this already: then the new tree is in place and the old one is gone.
    private bool TryTakeBackup(string id, string tree)
    {
        try
        {
            return Files.RenameNoReplace(id + BackupSuffix, tree);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private void TakeBack(int done, string id, string tree, string target)
    {
        if (done == 3)
        {
            Files.RenameNoReplace(tree, id + BackupSuffix);
        }

        if (done >= 2 && Files.Kind(id + BackupSuffix) != FileKind.Missing)
        {
            Files.RenameNoReplace(target, tree);
        }

        Settle(id, target);
    }

    // Nothing under the name: the old tree gets it back. Something there: that is whole, and the old tree is done with.
    private void Settle(string id, string target)
    {
        if (Files.Kind(id + BackupSuffix) != FileKind.Missing)
        {
            if (Files.Kind(target) == FileKind.Missing && Files.RenameNoReplace(id + BackupSuffix, target))
            {
                Files.FsyncDirectory(Path.GetDirectoryName(target)!);
            }
            else
            {
                Discard(id + BackupSuffix);
            }
        }

        Files.DeleteFile(id + NoteSuffix);
    }

    private void Discard(string backup)
    {
        if (state.MoveToTrash(backup) is { } trash)
        {
            state.Delete(trash);
        }
    }
}
