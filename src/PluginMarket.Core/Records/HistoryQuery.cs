using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>What of a home's history is wanted.</summary>
internal sealed record HistoryRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty for everything, marketplaces
    /// included.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Wildcard patterns on the marketplace's name; empty for all.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>Wildcard patterns on the action; empty for all.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>The first moment wanted, or null.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>The last moment wanted, or null.</summary>
    public DateTimeOffset? Before { get; init; }
}

/// <summary>What was found, and one failure for each literal name that the history does not contain.</summary>
internal sealed record HistoryListing(IReadOnlyList<PluginHistoryEntry> Entries, IReadOnlyList<PluginMarketException> Failures);

/// <summary>Reads the history of a home for people.</summary>
internal sealed class HistoryQuery(MarketEnvironment environment)
{
    /// <summary>The actions there are, for completion.</summary>
    internal static IReadOnlyList<string> Actions { get; } =
    [
        "Install", "Update", "Rollback", "Repair", "Uninstall", "Enable", "Disable", "Hold", "Release", "Rename", "Approve",
        "PolicyAudited", "FirstSeen", "AddMarketplace", "SetMarketplace", "UpdateMarketplace", "RemoveMarketplace",
    ];

    /// <summary>Reads it, the oldest entry first.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotFound"/>; <see cref="MarketErrorCode.StateCorrupt"/>: the
    /// history cannot be read.</exception>
    internal HistoryListing Read(HistoryRequest request)
    {
        var names = request.Names.Select(NamePattern.SplitId).ToList();
        var marketplaces = NamePattern.ReadAll(request.Marketplaces);
        var actions = NamePattern.ReadAll(request.Actions);
        var (all, ignored) = AgentHome.Open(environment).Exists ? environment.Home.History.ReadAll() : ([], []);
        if (ignored.Count > 0)
        {
            environment.Log.Warn(ignored.Count == 1
                ? $"Line {ignored[0]} of the history '{environment.Home.State.Layout.HistoryPath}' cannot be read and is not shown."
                : (Message)$"{ignored.Count} lines of the history '{environment.Home.State.Layout.HistoryPath}' cannot be read and are not "
                    + $"shown, the first of them line {ignored[0]}.");
        }

        var entries = all.Select(Describe).ToList();
        var found = entries.Where(entry => (names.Count == 0 || names.Exists(name => Fits(name, entry)))
            && NamePattern.MatchesAny(marketplaces, entry.Marketplace)
            && NamePattern.MatchesAny(actions, entry.Action)
            && !(entry.On < request.After) && !(entry.On > request.Before));
        return new HistoryListing([.. found], [.. names
            .Where(name => name.Plugin.IsLiteral && name.Marketplace?.IsLiteral != false && !entries.Exists(entry => Fits(name, entry)))
            .Select(name => Missing(name, entries))]);
    }

    private static bool Fits((NamePattern Plugin, NamePattern? Marketplace) name, PluginHistoryEntry entry) =>
        name.Plugin.Matches(entry.Name) && name.Marketplace?.Matches(entry.Marketplace) != false;

    private static PluginMarketException Missing((NamePattern Plugin, NamePattern? Marketplace) name, List<PluginHistoryEntry> entries)
    {
        var shown = DisplayText.Escape(name.Marketplace is null ? name.Plugin.ToString() : $"{name.Plugin}@{name.Marketplace}");
        var nearest = NearestName.Find(shown,
            entries.Select(entry => name.Marketplace is null ? entry.Name : entry.Id).OfType<string>().Distinct(StringComparer.Ordinal));
        return new PluginMarketException(MarketErrorCode.PluginNotFound,
            $"The history of this home does not contain a plugin '{shown}'. "
                + $"{Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.ListHistory, $"list the whole history")}",
            shown);
    }

    private PluginHistoryEntry Describe(HistoryRecord record) => new()
    {
        On = record.On,
        By = DisplayText.Escape(record.By),
        Action = record.Action switch
        {
            "policy" => "PolicyAudited",
            "seen" => "FirstSeen",
            var action => DisplayText.Escape(action),
        },
        Name = record.Id?.Plugin.Value,
        Marketplace = record.Id?.Marketplace.Value ?? DisplayText.Escape(record.Marketplace ?? ""),
        Version = Shown(record.ManifestVersion),
        CacheVersion = Shown(record.Version),
        Commit = Shown(record.Commit),
        TreeHash = Shown(record.TreeHash),
        Source = Shown(record.Source),
        Note = Shown(record.Note),
        ToolVersion = Shown(record.ToolVersion),
        ComputerName = Origin.ComputerName,
        UserName = environment.UserName,
        CodexHome = DisplayText.Escape(environment.CodexHome),
    };

    private static string? Shown(string? text) => text is null ? null : DisplayText.Escape(DisplayText.HideSecrets(text));
}
