using PluginMarket.Sources.Git;

namespace PluginMarket.Policies;

/// <summary>The Codex that this computer would run.</summary>
internal static class InstalledCodex
{
    /// <summary>The versions that the tests ask, the oldest first.</summary>
    internal static readonly IReadOnlyList<string> Tested = ["0.169.0", "0.171.0"];

    /// <summary>Its version; null where there is none or it does not say.</summary>
    internal static string? FindVersion(MarketEnvironment environment)
    {
        if (GitProgram.TryFind(environment, "codex") is not { } program)
        {
            return null;
        }

        try
        {
            return Task.Run(() => ProgramVersion.AskAsync(environment, program, "codex", CancellationToken.None)).GetAwaiter().GetResult()
                ?.Split(' ')[^1];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"The version of Codex cannot be asked: {problem}");
            return null;
        }
    }
}
