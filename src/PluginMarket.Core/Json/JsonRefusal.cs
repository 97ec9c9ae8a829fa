using PluginMarket.Files;

namespace PluginMarket.Json;

/// <summary>What a text that we do not read is called, and what the rest of it can be checked by.</summary>
/// <param name="Kind">The kind of the finding.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Relieved">The text without what keeps it from being read; null where there is none.</param>
internal sealed record JsonRefusal(string Kind, TextPosition? Place, byte[]? Relieved)
{
    /// <summary>Tells what Codex refuses too from what only we refuse.</summary>
    /// <param name="failure">Why it was not read.</param>
    /// <param name="utf8">The text.</param>
    /// <param name="limits">The bounds it was read within.</param>
    /// <param name="shape">What Codex reads of such a file.</param>
    internal static JsonRefusal Judge(PluginMarketException failure, byte[] utf8, Limits limits, ReadShape shape)
    {
        TextPosition? place = failure is { Line: { } line, Column: { } column } ? new TextPosition(line, column, line, column) : null;
        if (failure.Code != MarketErrorCode.LimitExceeded && !failure.IsStricterThanJson)
        {
            return new JsonRefusal("JsonInvalid", place, null);
        }

        var relief = JsonRelief.Of(utf8, limits, shape);
        var kind = relief is null or { IsRefused: true } ? "JsonRefused"
            : failure.Code == MarketErrorCode.LimitExceeded ? "JsonLimit" : "JsonText";
        return new JsonRefusal(kind, place, relief is not null && CanRead(relief.Utf8, failure.Code, limits) ? relief.Utf8 : null);
    }

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
