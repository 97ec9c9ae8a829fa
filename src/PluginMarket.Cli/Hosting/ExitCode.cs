namespace PluginMarket.Cli.Hosting;

/// <summary>What the process says when it ends; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Findings = 3;
    public const int PartlyFailed = 4;
    public const int Busy = 5;

    public const int Refused = 6;

    public static int Of(MarketErrorCode code) => code switch
    {
        MarketErrorCode.StateLocked or MarketErrorCode.SourceChanged => Busy,
        MarketErrorCode.PolicyDenied or MarketErrorCode.PolicyUnreadable => Refused,
        _ => Failed,
    };
}
