using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Inventory;

/// <summary>Which plugins to check, and against what.</summary>
internal sealed record IntegrityRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The lock file whose plugins are checked, instead of what is installed against its receipts; or null.</summary>
    public PluginLockFile? LockFile { get; init; }

    /// <summary>Whether the home is compared with the lock file in both directions: what is installed and not locked, turned off, or cannot
    /// be listed for want of its marketplace is not intact either.</summary>
    public bool Exact { get; init; }
}

/// <summary>What a check found.</summary>
/// <param name="Results">One for each plugin, sorted by id.</param>
/// <param name="Failures">One for each literal name that fits nothing.</param>
internal sealed record IntegrityListing(IReadOnlyList<IntegrityResult> Results, IReadOnlyList<PluginMarketException> Failures);

/// <summary>Checks whether installed plugins are what was recorded of them, or what a lock file demands; changes nothing.</summary>
internal sealed class IntegrityQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public IntegrityQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>The failure that there was no plugin to check.</summary>
    internal static PluginMarketException NothingToCheck() => new(MarketErrorCode.NothingToCheck,
        $"There is no plugin to check. {Remedy.Use(OperationOption.AllowEmpty, $"accept that")}");

    /// <summary>Checks.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IntegrityListing Check(IntegrityRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is { Exact: true, LockFile: null })
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"An exact comparison needs a lock file. {Remedy.Use(OperationOption.LockFile, $"name one")}");
        }

        var check = new IntegrityCheck(_environment);
        if (request.LockFile is not { } file)
        {
            var (ids, notInstalled) = new InstalledPluginQuery(_environment).ListIds(request.Names);
            return new IntegrityListing(SideBySide.Select(ids, id => check.Check(id), cancellation), notInstalled);
        }

        var missing = file.Select(request.Names, out var entries);
        IReadOnlyList<IntegrityResult> results = SideBySide.Select([.. entries], entry => check.Check(entry.PluginId, entry), cancellation);
        if (request.Exact)
        {
            results = new ExactComparison(_environment, file).Complete(results, request.Names, cancellation);
            missing = [.. missing.Where(failure => !results.Any(result => failure.Target == result.Id || failure.Target == result.Name))];
        }

        return new IntegrityListing(results, missing);
    }
}
