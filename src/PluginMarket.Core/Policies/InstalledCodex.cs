using PluginMarket.Sources.Git;

namespace PluginMarket.Policies;

/// <summary>The Codex that this computer would run.</summary>
internal static class InstalledCodex
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Its version; null where there is none or it does not say.</summary>
    internal static string? FindVersion(MarketEnvironment environment)
    {
        if (GitProgram.TryFind(environment, "codex") is not { } program)
        {
            return null;
        }

        try
        {
            var request = new ProcessRequest(program, ["--version"], Path.GetDirectoryName(program)!, environment.Variables)
            {
                IdleLimit = Patience,
            };
            var run = new ProcessRunner(environment.Time).RunAsync(request, CancellationToken.None).GetAwaiter().GetResult();
            return run.Succeeded ? System.Text.Encoding.UTF8.GetString(run.Output).Trim().Split(' ')[^1] : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException
            or System.ComponentModel.Win32Exception)
        {
            environment.Log.Detail($"The version of Codex cannot be asked: {problem}");
            return null;
        }
    }
}
