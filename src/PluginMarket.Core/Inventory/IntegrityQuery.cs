namespace PluginMarket;

/// <summary>Which plugins to check, and against what.</summary>
public sealed record IntegrityRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The lock file whose plugins are checked, instead of what is installed against its receipts; or null.</summary>
    public PluginLockFile? LockFile { get; init; }
}

/// <summary>What a check found.</summary>
/// <param name="Results">One for each plugin, sorted by id.</param>
/// <param name="Failures">One for each literal name that fits nothing.</param>
public sealed record IntegrityListing(IReadOnlyList<IntegrityResult> Results, IReadOnlyList<PluginMarketException> Failures);

/// <summary>Checks whether installed plugins are what was recorded of them, or what a lock file demands; changes nothing.</summary>
public sealed class IntegrityQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public IntegrityQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Checks.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IntegrityListing Check(IntegrityRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var check = new IntegrityCheck(_environment);
        var results = new List<IntegrityResult>();
        if (request.LockFile is { } file)
        {
            var names = request.Names.Select(PluginFilter.SplitId).ToList();
            foreach (var entry in file.Entries.Where(entry => names.Count == 0 || names.Any(name => Fits(name, entry))))
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(check.Check(entry.PluginId, entry));
            }

            var missing = request.Names.Zip(names).Where(pair => pair.Second.Plugin.IsLiteral && pair.Second.Marketplace?.IsLiteral != false && !file.Entries.Any(entry => Fits(pair.Second, entry)));
            return new IntegrityListing(results, [.. missing.Select(pair => NotLocked(pair.First, file))]);
        }

        var listing = new InstalledPluginQuery(_environment).List(new InstalledPluginRequest { Names = request.Names }, cancellation);
        foreach (var plugin in listing.Plugins)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(check.Check(PluginId.Parse(plugin.Id)));
        }

        return new IntegrityListing(results, [.. listing.Failures.Where(failure => failure.Code == MarketErrorCode.PluginNotInstalled)]);
    }

    private static bool Fits((NamePattern Plugin, NamePattern? Marketplace) name, PluginLockEntry entry) =>
        name.Plugin.Matches(entry.Name) && name.Marketplace?.Matches(entry.Marketplace) != false;

    private static PluginMarketException NotLocked(string name, PluginLockFile file) =>
        new(MarketErrorCode.PluginNotFound, $"The lock file '{DisplayText.Escape(file.Path)}' has no plugin '{DisplayText.Escape(name)}'. List what it has with Get-PluginLockFile.", DisplayText.Escape(name));
}
