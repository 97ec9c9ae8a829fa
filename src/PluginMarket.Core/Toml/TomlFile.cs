namespace PluginMarket;

/// <summary>A TOML text with its values and the place of each, edited by splices alone (design 4, section 3).</summary>
public sealed class TomlFile
{
    /// <summary>The path shown in failures.</summary>
    public string DisplayPath => throw new NotImplementedException();

    /// <summary>The values.</summary>
    public TomlTable Root => throw new NotImplementedException();

    /// <summary>The file's bytes, byte order mark included.</summary>
    public ReadOnlyMemory<byte> Bytes => throw new NotImplementedException();

    /// <summary>Parses a text.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with file, line and column; <see cref="MarketErrorCode.LimitExceeded"/> above <see cref="Limits.ConfigurationBytes"/>.</exception>
    public static TomlFile Parse(byte[] bytes, string displayPath, Limits? limits = null) => throw new NotImplementedException();

    /// <summary>Makes sure that a table has these values: appends a missing table, replaces or adds single values in one that is there, keeps its other keys.</summary>
    /// <param name="table">The table's path, e.g. <c>["plugins", "name@market"]</c>.</param>
    /// <param name="values">Keys and values in the order to write: string, bool, long or list of strings; null removes the key.</param>
    /// <returns>The edited file, parsed anew and compared; this one where nothing changes.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigFormUnsupported"/> with the line to change by hand.</exception>
    public TomlFile SetTable(IReadOnlyList<string> table, IReadOnlyList<KeyValuePair<string, object?>> values) => throw new NotImplementedException();

    /// <summary>Removes a table with its sub-tables, wherever they stand; this file where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigFormUnsupported"/> with the line to change by hand.</exception>
    public TomlFile RemoveTable(IReadOnlyList<string> table) => throw new NotImplementedException();
}
