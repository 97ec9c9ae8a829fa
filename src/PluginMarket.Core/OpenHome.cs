using System.Globalization;
using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>The home that a command works in, and all that is below it: nobody else puts a path below the home together.</summary>
/// <remarks>
/// The disk enters every folder on the way by its descriptor and follows no link but the user's own (<see cref="HomeWay"/>). Where
/// root works in the home of somebody else, it touches the home as that user, so that the kernel decides what a link may lead to and
/// all that is made belongs to the owner.
/// </remarks>
internal sealed class OpenHome
{
    private int _isRecovered;
    private InstallHistory? _history;
    private ReceiptStore? _receipts;
    private HoldStore? _holds;
    private KeptVersionStore? _kept;
    private PluginCache? _cache;
    private CatalogMemory? _catalogs;

    internal OpenHome(MarketEnvironment environment)
    {
        Environment = environment;
        State = new StateFolder(environment);
    }

    internal MarketEnvironment Environment { get; }

    /// <summary>The configuration files that were read.</summary>
    internal ConfigurationMemory Configuration { get; } = new();

    /// <summary>The policies that were read.</summary>
    internal PolicyMemory Policies { get; } = new();

    /// <summary>The catalogs that were read.</summary>
    internal CatalogMemory Catalogs => _catalogs ??= Lasts && Environment.Catalogs is { } lasting ? lasting : new CatalogMemory();

    /// <summary>Whether what was read here may be remembered for other commands: it is read as everybody reads it.</summary>
    internal bool Lasts => !IsActedForOwner && Environment.Limits with { FetchTime = null } == Files.Limits.Default;

    /// <summary>Cleans up behind killed runs, once for all that a command changes.</summary>
    internal void Recover()
    {
        if (Interlocked.Exchange(ref _isRecovered, 1) == 0)
        {
            MarketplaceRecovery.Run(Environment);
        }
    }

    /// <summary>Whether root works here for the owner of the home.</summary>
    internal bool IsActedForOwner => ActAs is not null;

    /// <summary>The disk as the home's owner sees it: what is read through it is copied into the home.</summary>
    internal FileOps SourceFiles => ActAs is { } owner ? Environment.Files.ActingAs(owner) : Environment.Files;

    /// <summary>The account that programs run under which root starts for the home of somebody else; else null.</summary>
    internal ProgramAccount? Programs => ActAs is { } owner
        ? new ProgramAccount(owner, UnixCalls.AccountName(owner.User) ?? owner.User.ToString(CultureInfo.InvariantCulture),
            FolderOf(owner), Environment.CodexHome)
        : null;

    private FileOwner? ActAs => Environment.Files.ForeignOwnerOf(State.Layout.PluginsPath)?.ActAs;

    // The personal home of the call is the owner's only where it belongs to the owner.
    private string FolderOf(FileOwner owner) => Environment.Files.Examine(Environment.HomePath).Owner == owner.User ? Environment.HomePath
        : UnixCalls.AccountFolder(owner.User) ?? Environment.CodexHome;

    /// <summary>Our own folder: locks, staging, trash.</summary>
    internal StateFolder State { get; }

    /// <summary>The installed plugins.</summary>
    internal PluginCache Cache => _cache ??= new PluginCache(this);

    /// <summary>What is recorded of them.</summary>
    internal ReceiptStore Receipts => _receipts ??= new ReceiptStore(this);

    /// <summary>Which are held at their version.</summary>
    internal HoldStore Holds => _holds ??= new HoldStore(this);

    /// <summary>Which desired state was applied last.</summary>
    internal AppliedStateStore Applied => new(this);

    /// <summary>What was done in the home.</summary>
    internal InstallHistory History => _history ??= new InstallHistory(this);

    /// <summary>Writes into the history what was done to a marketplace. The caller holds the home's lock.</summary>
    /// <remarks>What was done stays done: a history that cannot be written is a warning.</remarks>
    /// <param name="action">What was done.</param>
    /// <param name="marketplace">The marketplace's name.</param>
    /// <param name="source">Where it comes from, as it is shown to people.</param>
    /// <param name="commit">The commit of its snapshot, or null.</param>
    /// <param name="note">What changed, or null.</param>
    internal void NoteMarketplace(string action, string marketplace, string? source, string? commit = null, string? note = null) =>
        Note(new HistoryRecord
        {
            On = Environment.Time.GetUtcNow(),
            Action = action,
            Marketplace = marketplace,
            Source = source,
            Commit = commit,
            Note = note,
            By = Identity.Origin.UserName,
            ToolVersion = Identity.Origin.ToolVersion,
        });

    /// <summary>Writes into the history what was done; a history that cannot be written is a warning. The caller holds the home's
    /// lock.</summary>
    internal void Note(HistoryRecord record)
    {
        try
        {
            History.Append(record);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            Environment.Log.Warn($"The history '{State.Layout.HistoryPath}' does not say that this was done ({record.Action}): {problem}");
        }
    }

    /// <summary>Reads the folder of a plugin that is to come into the home, as the home's owner could.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="within">A folder in which the resolved folder must be.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>: it leads out of that folder, or it and the
    /// home contain each other; <see cref="MarketErrorCode.LimitExceeded"/></exception>
    /// <exception cref="IOException">The folder is missing or cannot be read.</exception>
    internal FolderTree ReadSource(string folder, TreeLimits limits, string within)
    {
        DemandApart(folder);
        return FolderTree.Read(folder, SourceFiles, limits, within);
    }

    // Else the plugin would get the user's keys and sessions, and grow by its own copies.
    private void DemandApart(string folder)
    {
        // A snapshot that is being made is compared with the present one where it is staged.
        var files = Environment.Files;
        if (FolderTree.IsWithin(folder, State.Layout.StagingPath) || files.Kind(Environment.CodexHome) == FileKind.Missing)
        {
            return;
        }

        var home = files.RealPath(Environment.CodexHome);
        var source = files.RealPath(folder);

        // Codex keeps the marketplaces that it fetches itself in this folder of the home.
        var fetched = Path.Join(home, ".tmp");
        if (FolderTree.IsWithin(home, source) || (FolderTree.IsWithin(source, home) && !FolderTree.IsWithin(source, fetched)))
        {
            var (shown, other) = (DisplayText.Escape(folder), DisplayText.Escape(Environment.CodexHome));
            throw new PluginMarketException(
                MarketErrorCode.PathEscapesRoot,
                $"The plugin's folder '{shown}' and the home of Codex '{other}' contain each other, so the one would be copied into the "
                    + $"other.{Remedy.Do($"Move the plugin to a folder of its own, or choose another home.")}",
                shown)
            {
                File = folder,
            };
        }
    }

    /// <summary>Versions that were replaced and can be brought back.</summary>
    internal KeptVersionStore Kept => _kept ??= new KeptVersionStore(this);
}
