namespace PluginMarket.Sources.Git;

/// <summary>A failed git command between the engine and the store, which may know another way; never
/// leaves <see cref="GitStore"/>.</summary>
internal sealed class GitCommandFailure(string errorText, PluginMarketException explanation) : Exception(explanation.Message)
{
    internal PluginMarketException Explanation { get; } = explanation;

    internal bool IsRedirect { get; } = GitFailures.IsRedirect(errorText);

    /// <summary>The server leaves things out, but not in the way that was asked for.</summary>
    internal bool RefusesFilter { get; } = GitFailures.RefusesFilter(errorText);

    internal bool DemandsFullFetch { get; } = GitFailures.DemandsFullFetch(errorText);
}
