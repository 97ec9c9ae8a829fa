using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

internal partial class FileOps
{
    private const int Refusal = -1;

    private ConcurrentDictionary<string, HomeWay> _homes = new(LocalPaths.Comparer);
    private volatile HomeWay[] _ways = [];
    private FileOwner? _actsAs;

    private delegate int Call(int folder, string name);

    /// <summary>This disk, entered below a home only through the home's own folders: see <see cref="HomeWay"/>.</summary>
    internal FileOps Guarding(string home)
    {
        if (!_homes.ContainsKey(home))
        {
            Know(home, new HomeWay(home));
        }

        return this;
    }

    /// <summary>This disk with no home that is entered as such: a command that works in many homes asks each disk call of one home for
    /// that home alone.</summary>
    internal FileOps Apart()
    {
        var apart = (FileOps)MemberwiseClone();
        apart._homes = new(LocalPaths.Comparer);
        apart._ways = [];
        return apart;
    }

    /// <summary>Whether this disk is as another user sees it.</summary>
    internal bool IsActing => _actsAs is not null;

    /// <summary>This disk as another user sees it: what is read here is handed to that user.</summary>
    internal FileOps ActingAs(FileOwner owner)
    {
        var acting = (FileOps)MemberwiseClone();
        acting._actsAs = owner;
        return acting;
    }

    /// <summary>Lets what a link of the home's owner leads to be entered as the home is, where it belongs to the same owner.</summary>
    /// <param name="home">A path below the home.</param>
    /// <param name="reached">Where it leads, links resolved.</param>
    internal void Follow(string home, string reached)
    {
        if (OperatingSystem.IsWindows() || Find(home, out _) is not { } way || Enter(way) is not { IsForeign: true } entered
            || Find(reached, out _) is not null)
        {
            return;
        }

        var owner = entered.Owner;

        // The folder that a file is in, since a new file is written beside the old one.
        var folder = Kind(reached) == FileKind.Directory ? reached : Path.GetDirectoryName(reached)!;
        if (UnixCalls.Examine(UnixCalls.NoFolder, reached, out var facts) == 0
            ? facts.Owner != owner.User : Examine(folder).Owner != owner.User)
        {
            throw HomeWay.Refused(home, $"is a link of the user id {owner.User} that points to '{reached}', which that user does not own");
        }

        if (entered.ActAs is not null)
        {
            Know(folder, new HomeWay(folder, owner));
        }
    }

    /// <summary>Demands that a folder below a home, where it is there, is one that may be entered to change something.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    internal void DemandFolder(string path)
    {
        if (Kind(path) == FileKind.Missing)
        {
            return;
        }

        var isFolder = OperatingSystem.IsWindows() ? Directory.Exists(path)
            : Reach(path, changes: true, static (_, _) => 0, folder: true) is not (DiskError.NotADirectory or DiskError.NotFound);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true, folder: true);
        }

        if (!isFolder)
        {
            throw HomeWay.NotAFolder(path);
        }
    }

    /// <summary>Demands that a path, where something is there, names a regular file.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>;
    /// <see cref="MarketErrorCode.StateCorrupt"/> for a folder</exception>
    internal void DemandFile(string path)
    {
        switch (Kind(path))
        {
            case FileKind.File or FileKind.Missing:
                return;
            case FileKind.Directory:
                throw DiskError.Writing("Writing", path, DiskError.IsADirectory);
            default:
                throw HomeWay.NotAFile(path);
        }
    }

    /// <summary>Whose the home is that a path is in, where that is somebody else; null where it is
    /// this process's own, or no home.</summary>
    internal HomeOwner? ForeignOwnerOf(string path) =>
        !OperatingSystem.IsWindows() && Find(path, out _) is { } way && Enter(way) is { IsForeign: true } owner ? owner : null;

    private static HomeOwner? Enter(HomeWay way)
    {
        var root = UnixCalls.OpenAt(UnixCalls.NoFolder, way.Path, UnixCalls.Passage, 0);
        if (root < 0)
        {
            return way.OwnerOfMissing() is { } owner ? new HomeOwner(owner, owner, IsForeign: true) : null;
        }

        try
        {
            return way.OwnerOf(root);
        }
        finally
        {
            UnixCalls.Close(root);
        }
    }

    /// <summary>Goes to the folder of a path and makes a call there, on the name; returns the call's error number. Below a home no step
    /// follows a link that it must not follow, whatever is swapped in the meantime.</summary>
    /// <param name="path">The path, absolute.</param>
    /// <param name="changes">Whether the call changes something.</param>
    /// <param name="call">The call: a folder and a name in it. It must not load code, since root may act as
    /// another user who cannot read it.</param>
    /// <param name="folder">Whether the path names a folder that is to be entered too; the name is then <c>.</c>.</param>
    /// <param name="asSelf">Whether root stays root.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    private int Reach(string path, bool changes, Call call, bool folder = false, bool asSelf = false)
    {
        if (Find(path, out var names) is { } way)
        {
            return ReachBelow(way, names, changes, call, folder, asSelf);
        }

        using var acting = UnixCalls.ActAs(_actsAs);
        return call(UnixCalls.NoFolder, path);
    }

    private static int ReachBelow(HomeWay way, string[] names, bool changes, Call call, bool folder = false, bool asSelf = false)
    {
        var canOpenBeneath = UnixCalls.CanOpenBeneath;
        var root = UnixCalls.OpenAt(UnixCalls.NoFolder, way.Path, UnixCalls.Passage, 0);
        if (root < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        var current = root;
        try
        {
            var owner = way.OwnerOf(root);
            var (error, refused) = (0, 0);
            var steps = folder ? names.Length : names.Length - 1;
            using (UnixCalls.ActAs(owner.ActAs))
            {
                // Nearly every way has no link, and is gone in one call; whatever that call refuses is judged step by step.
                var first = 0;
                if (steps > 1 && canOpenBeneath
                    && UnixCalls.OpenBeneath(root, string.Join('/', names, 0, steps), UnixCalls.Passage) is >= 0 and var end)
                {
                    (current, first) = (end, steps);
                }

                for (var i = first; i < steps && error == 0; i++)
                {
                    var next = Step(current, names, i, changes, owner, out error);
                    refused = i;
                    if (next >= 0)
                    {
                        Leave(current, root);
                        current = next;
                    }
                }

                if (error == 0 && !asSelf)
                {
                    return call(current, folder ? "." : names[^1]);
                }
            }

            return error == Refusal ? throw HomeWay.NotAFolder(Path.Join([way.Path, .. names.AsSpan(0, refused + 1)]))
                : error == 0 ? call(current, folder ? "." : names[^1])
                : error;
        }
        finally
        {
            Leave(current, root);
            UnixCalls.Close(root);
        }
    }

    private static void Leave(int folder, int root)
    {
        if (folder != root)
        {
            UnixCalls.Close(folder);
        }
    }

    private static int Step(int from, string[] names, int index, bool changes, HomeOwner owner, out int error)
    {
        var next = UnixCalls.OpenAt(from, names[index], UnixCalls.Passage | UnixCalls.NoFollow, 0);
        error = next >= 0 ? 0 : Marshal.GetLastPInvokeError();
        if (next >= 0 || (error != DiskError.NotADirectory && error != DiskError.LinkLoop))
        {
            return next;
        }

        if (!HomeWay.MayBeLink(names, index, changes))
        {
            error = Refusal;
            return -1;
        }

        next = UnixCalls.OpenAt(from, names[index], UnixCalls.Passage, 0);
        error = next >= 0 ? 0 : Marshal.GetLastPInvokeError();
        if (next >= 0 && owner.IsForeign && (UnixCalls.Examine(next, out var facts) != 0 || facts.Owner != owner.Owner.User))
        {
            UnixCalls.Close(next);
            error = Refusal;
            return -1;
        }

        return next;
    }

    /// <summary>The same rule where there are no calls relative to a folder.</summary>
    private void DemandWay(string path, bool changes, bool folder = false)
    {
        if (Find(path, out var names) is not { } way)
        {
            return;
        }

        var at = way.Path;
        for (var i = 0; i < (folder ? names.Length : names.Length - 1); i++)
        {
            at = Path.Join(at, names[i]);
            var kind = ExamineByAttributes(at).Kind;
            if (kind == FileKind.Missing)
            {
                return;
            }

            if (kind != FileKind.Directory && !HomeWay.MayBeLink(names, i, changes))
            {
                throw HomeWay.NotAFolder(at);
            }
        }
    }

    private void Know(string home, HomeWay way)
    {
        lock (_homes)
        {
            _homes.TryAdd(home, way);
            _ways = [.. _homes.Values];
        }
    }

    private HomeWay? Find(string path, out string[] names)
    {
        HomeWay? found = null;
        foreach (var way in _ways)
        {
            var home = way.Path;
            if (path.Length > home.Length && path[home.Length] == Path.DirectorySeparatorChar
                && path.StartsWith(home, LocalPaths.Comparison) && home.Length > (found?.Path.Length ?? -1))
            {
                found = way;
            }
        }

        names = found is null
            ? [] : path[(found.Path.Length + 1)..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0 || names.AsSpan().Contains("..") ? null : found;
    }

    private SafeFileHandle OpenHandleAt(string path, bool changes, int flags, out int error, UnixFileMode mode = 0, bool folder = false)
    {
        var descriptor = -1;
        error = Reach(path, changes, (at, name) => (descriptor = UnixCalls.OpenAt(at, name, flags | UnixCalls.CloseOnExec, (uint)mode)) >= 0
            ? 0 : Marshal.GetLastPInvokeError(), folder);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
