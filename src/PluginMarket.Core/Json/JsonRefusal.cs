using PluginMarket.Files;

namespace PluginMarket.Json;

/// <summary>What a text that we do not read is called, and what the rest of it can be checked by.</summary>
/// <param name="Kind">The kind of the finding.</param>
/// <param name="Relieved">The text without what keeps it from being read; null where there is none.</param>
internal sealed record JsonRefusal(string Kind, byte[]? Relieved)
{
    /// <summary>Tells what Codex refuses too from what only we refuse.</summary>
    /// <param name="failure">Why it was not read.</param>
    /// <param name="utf8">The text.</param>
    /// <param name="limits">The bounds it was read within.</param>
    /// <param name="shape">What Codex reads of such a file.</param>
    internal static JsonRefusal Judge(PluginMarketException failure, byte[] utf8, Limits limits, ReadShape shape)
    {
        var kind = KindOf(failure);
        if (failure.Code != MarketErrorCode.LimitExceeded && !failure.IsStricterThanJson)
        {
            return new JsonRefusal(kind, null);
        }

        var relief = JsonRelief.Of(utf8, limits, shape);
        return new JsonRefusal(relief is null or { IsRefused: true } ? "JsonRefused" : kind,
            relief is not null && CanRead(relief.Utf8, failure.Code, limits) ? relief.Utf8 : null);
    }

    /// <summary>What it is called where nobody asks whether Codex refuses it too.</summary>
    internal static string KindOf(PluginMarketException failure) =>
        failure.Code == MarketErrorCode.LimitExceeded ? "JsonLimit" : failure.IsStricterThanJson ? "JsonText" : "JsonInvalid";

    // What has too many values is not read by a second try either.
    private static bool CanRead(byte[] utf8, MarketErrorCode code, Limits limits)
    {
        try
        {
            JsonFile.Parse(utf8, "", code, limits, tolerateDuplicates: true);
            return true;
        }
        catch (PluginMarketException)
        {
            return false;
        }
    }
}
