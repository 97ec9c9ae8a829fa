namespace PluginMarket.Files;

/// <summary>For cleaning up behind a result that is settled: what fails here is swept by the next command.</summary>
internal static class BestEffort
{
    internal static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }
}
