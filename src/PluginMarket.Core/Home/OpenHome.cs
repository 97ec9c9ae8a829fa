namespace PluginMarket;

/// <summary>The home that a command works in, and all that lies below it: nobody else puts a path below the home together.</summary>
/// <remarks>
/// The disk enters every folder on the way by its descriptor and follows no link but the user's own (<see cref="HomeWay"/>). Where root works in the home of
/// somebody else, it touches the home as that user, so that the kernel decides what a link may lead to and all that is made belongs to the owner.
/// </remarks>
internal sealed class OpenHome
{
    private InstallHistory? _history;
    private ReceiptStore? _receipts;
    private HoldStore? _holds;
    private KeptVersionStore? _kept;
    private PluginCache? _cache;

    internal OpenHome(MarketEnvironment environment)
    {
        Environment = environment;
        State = new StateFolder(environment);
    }

    internal MarketEnvironment Environment { get; }

    /// <summary>Our own folder: locks, staging, trash.</summary>
    internal StateFolder State { get; }

    /// <summary>The installed plugins.</summary>
    internal PluginCache Cache => _cache ??= new PluginCache(this);

    /// <summary>What is recorded of them.</summary>
    internal ReceiptStore Receipts => _receipts ??= new ReceiptStore(this);

    /// <summary>Which are held at their version.</summary>
    internal HoldStore Holds => _holds ??= new HoldStore(this);

    /// <summary>What was installed, updated and removed.</summary>
    internal InstallHistory History => _history ??= new InstallHistory(this);

    /// <summary>Versions that were replaced and can be brought back.</summary>
    internal KeptVersionStore Kept => _kept ??= new KeptVersionStore(this);
}
