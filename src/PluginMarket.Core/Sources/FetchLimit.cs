using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>The one setting for the whole time of a command's fetches. Without it a fetch ends only where it stands still.</summary>
internal static class FetchLimit
{
    internal const string Variable = "PLUGINMARKET_TIMEOUT_SEC";

    /// <summary>The environment of a whole command, in which the time begins to run now: a command that fetches several times has one
    /// limit for all. A variable that is not a number is refused by the first fetch.</summary>
    internal static MarketEnvironment BeginCommand(MarketEnvironment environment, TimeSpan? limit)
    {
        try
        {
            return Begin(environment, new GitOptions { TimeLimit = limit });
        }
        catch (PluginMarketException)
        {
            return environment;
        }
    }

    /// <summary>The environment, in which the time begins to run where it is limited and does not run yet.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/>: the variable is not a number of
    /// seconds.</exception>
    internal static MarketEnvironment Begin(MarketEnvironment environment, GitOptions options)
    {
        var limit = options.TimeLimit ?? OfVariable(environment.Variables);
        return limit is not { } time || environment.Limits.FetchTime is not null ? environment
            : environment with
            {
                Limits = environment.Limits with { FetchTime = new FetchTime(time, environment.Time.GetUtcNow() + time) },
            };
    }

    /// <summary>What says that the whole time was not enough, and where it is set.</summary>
    internal static Message Passed(string source, TimeSpan limit) =>
        $"{source} was not fetched within the {limit.TotalSeconds:0} seconds that this command may take. "
            + $"{Remedy.Use(OperationOption.Timeout, $"allow more time")}{Remedy.Do($"Set PLUGINMARKET_TIMEOUT_SEC to a larger number, or "
                + $"remove it.")}";

    private static TimeSpan? OfVariable(IReadOnlyDictionary<string, string> variables)
    {
        var text = variables.GetValueOrDefault(Variable)?.Trim();
        return string.IsNullOrEmpty(text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(seconds)
                : throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                    $"PLUGINMARKET_TIMEOUT_SEC is '{text}'. {Remedy.Do($"Use a whole number of seconds, or remove it.")}", Variable);
    }
}
