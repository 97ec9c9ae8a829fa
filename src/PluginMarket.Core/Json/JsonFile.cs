namespace PluginMarket;

/// <summary>A JSON text read strictly and within bounds (design 4, A1 to A9 and A16).</summary>
/// <remarks>No comments, no trailing commas, no duplicate names, valid UTF-8 only, no lone surrogates, no numbers beyond a double. Every failure is a <see cref="PluginMarketException"/>.</remarks>
public sealed class JsonFile
{
    /// <summary>The path shown in failures.</summary>
    public string DisplayPath => throw new NotImplementedException();

    /// <summary>The code that failures about this file carry.</summary>
    public MarketErrorCode Code => throw new NotImplementedException();

    /// <summary>The top value.</summary>
    public JsonValue Root => throw new NotImplementedException();

    /// <summary>Whether the file began with a UTF-8 byte order mark. Codex refuses such a file (contract 1.2); parsing goes on so that checks can report everything.</summary>
    public bool HadBom => throw new NotImplementedException();

    /// <summary>The whole file as it was given, byte order mark included.</summary>
    public ReadOnlyMemory<byte> Utf8 => throw new NotImplementedException();

    /// <summary>Parses a text.</summary>
    /// <param name="utf8">The file's bytes; kept, not copied, and not to be changed afterwards.</param>
    /// <param name="displayPath">The path shown in failures.</param>
    /// <param name="code">The code of failures: what an unreadable file of this sort is called.</param>
    /// <param name="limits">Depth and string caps; the documented ones where null.</param>
    /// <param name="tolerateDuplicates">Whether duplicate names are recorded in <see cref="JsonValue.DuplicateKeys"/> instead of failing the file.</param>
    /// <exception cref="PluginMarketException"><paramref name="code"/> with file, line and column; <see cref="MarketErrorCode.LimitExceeded"/> for depth, string, number and count caps.</exception>
    public static JsonFile Parse(byte[] utf8, string displayPath, MarketErrorCode code, Limits? limits = null, bool tolerateDuplicates = false) => throw new NotImplementedException();

    /// <summary>Where a range of bytes stands in the text.</summary>
    public TextPosition PositionOf(int start, int end) => throw new NotImplementedException();

    /// <summary>A failure about this file as a whole or at a byte offset, with the file's code.</summary>
    public PluginMarketException Failure(string problem, int? offset = null) => throw new NotImplementedException();
}
