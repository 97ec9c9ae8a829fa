using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>A home as the disk is entered through it: whose it is, and which of the folders below it may be links.</summary>
/// <remarks>Threat B13, B19 and B23: what somebody plants in a home must not lead whoever works there out of it.</remarks>
internal sealed class HomeWay
{
    private const int MostLinks = 40;

    private readonly FileOwner? _knownOwner;
    private Entered? _entered;

    /// <summary>A home, or a folder outside of it that its owner's link leads to.</summary>
    /// <param name="path">The folder, absolute.</param>
    /// <param name="owner">Who has been found to own what a link of theirs leads to; null for a home.</param>
    internal HomeWay(string path, FileOwner? owner = null)
    {
        Path = path;
        _knownOwner = owner;
    }

    internal string Path { get; }

    /// <summary>Whether a link may lead on at one of the names below the home.</summary>
    /// <remarks>A user may keep the cache on another disk. In our own folder, and on the way to what we rename and delete,
    /// nobody has a reason for a link.</remarks>
    /// <param name="names">The names below the home.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="changes">Whether something will be changed below it.</param>
    internal static bool MayBeLink(ReadOnlySpan<string> names, int index, bool changes) => names switch
    {
        ["plugins", StateLayout.FolderName, ..] => index == 0,
        ["plugins", "cache", ..] => index <= (changes ? 1 : 3),
        [".tmp", "marketplaces", ..] => index <= 1 || !changes,
        _ => true,
    };

    /// <summary>Whose the opened home is, seen from this process.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>: root was led here by a
    /// link of somebody who does not own it.</exception>
    internal HomeOwner OwnerOf(int folder)
    {
        if (_knownOwner is { } known)
        {
            return new HomeOwner(known, known, IsForeign: true);
        }

        UnixCalls.Examine(folder, out var facts);
        var runner = UnixCalls.EffectiveUser();
        if (runner != 0)
        {
            return new HomeOwner(new FileOwner(facts.Owner, facts.Group), null, facts.Owner != runner);
        }

        var entered = _entered;
        if (entered is null || (entered.Device, entered.Inode, entered.Owner.User) != (facts.Device, facts.Inode, facts.Owner))
        {
            DemandOwnLinks(Path, facts.Owner);
            entered = new Entered(facts.Device, facts.Inode,
                facts.Owner == 0 ? default : UnixCalls.OwnerWithGroup(facts.Owner, facts.Group));
            _entered = entered;
        }

        return facts.Owner == 0
            ? new HomeOwner(default, null, IsForeign: false) : new HomeOwner(entered.Owner, entered.Owner, IsForeign: true);
    }

    /// <summary>Who will own a home that is missing: root leaves it to whom the folder belongs in which it is created.</summary>
    internal FileOwner? OwnerOfMissing()
    {
        for (var folder = System.IO.Path.GetDirectoryName(Path); folder is not null
            && UnixCalls.EffectiveUser() == 0; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (UnixCalls.Examine(UnixCalls.NoFolder, folder + "/.", out var facts) == 0)
            {
                DemandOwnLinks(folder, facts.Owner);
                return facts.Owner == 0 ? null : UnixCalls.OwnerWithGroup(facts.Owner, facts.Group);
            }
        }

        return null;
    }

    // Every link on the way, those that links lead over included.
    private static void DemandOwnLinks(string path, uint owner)
    {
        var pending = new Stack<string>(Enumerable.Reverse(path.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        var at = "/";
        for (var links = 0; pending.TryPop(out var name);)
        {
            var next = name == ".." ? System.IO.Path.GetDirectoryName(at) ?? "/" : name == "." ? at : System.IO.Path.Join(at, name);
            if (UnixCalls.Examine(UnixCalls.NoFolder, next, out var facts) != 0 || facts.Kind != FileKind.SymbolicLink)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks || (facts.Owner != 0 && facts.Owner != owner) || new FileInfo(next).LinkTarget is not { } target)
            {
                throw Refused(next, $"is a link of the user id {facts.Owner} that points to a file or folder which that user does not own");
            }

            at = target.StartsWith('/') ? "/" : at;
            foreach (var part in Enumerable.Reverse(target.Split('/', StringSplitOptions.RemoveEmptyEntries)))
            {
                pending.Push(part);
            }
        }
    }

    internal static PluginMarketException Refused(string path, string problem)
    {
        var shown = DisplayText.Escape(path);
        return new PluginMarketException(MarketErrorCode.PathEscapesRoot,
            $"'{shown}' {problem}.{Remedy.Do($"Remove it, then run the command again.")}", shown);
    }

    internal static PluginMarketException NotAFolder(string path) => Refused(path, "must be a folder, not a link or a file");

    internal static PluginMarketException NotAFile(string path) => Refused(path, "must be a file, not a link or a pipe");

    private sealed record Entered(ulong Device, ulong Inode, FileOwner Owner);
}

/// <summary>Whose a home is, seen from this process.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="ActAs">Whom root acts as there; null where this process acts as itself.</param>
/// <param name="IsForeign">Whether it belongs to somebody else, whose links are then followed only to what is theirs.</param>
internal readonly record struct HomeOwner(FileOwner Owner, FileOwner? ActAs, bool IsForeign);
