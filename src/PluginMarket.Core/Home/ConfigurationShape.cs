namespace PluginMarket;

/// <summary>Demands of the tables we read the types and kinds that Codex demands: it refuses the whole file for a wrong one, and what we passed over in silence might decide something.</summary>
internal static class ConfigurationShape
{
    private const string Text = "a string";
    private const string Flag = "true or false";
    private const string Table = "a table";
    private const string Texts = "an array of strings";
    private const string SourceType = "\"git\" or \"local\"";

    /// <summary>Checks <c>[marketplaces]</c>, <c>[plugins]</c> and <c>[features]</c> of a config.toml.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with file, line and column.</exception>
    internal static void DemandConfiguration(TomlFile file)
    {
        foreach (var marketplace in DemandTables(file, "marketplaces"))
        {
            DemandAll(file, marketplace, ("source_type", SourceType), ("source", Text), ("ref", Text), ("sparse_paths", Texts));
        }

        foreach (var plugin in DemandTables(file, "plugins"))
        {
            DemandAll(file, plugin, ("enabled", Flag));
        }

        DemandAll(file, [], ("features", Table));
        DemandAll(file, ["features"], ("plugins", Flag));
    }

    /// <summary>Checks what a requirements.toml says of marketplaces and plugins: a rule that is not understood must not count as none.</summary>
    /// <inheritdoc cref="DemandConfiguration"/>
    internal static void DemandRequirements(TomlFile file)
    {
        DemandAll(file, [], ("marketplaces", Table), ("features", Table), ("feature_requirements", Table));
        DemandAll(file, ["marketplaces"], ("restrict_to_allowed_sources", Flag));
        DemandAll(file, ["features"], ("plugins", Flag));
        DemandAll(file, ["feature_requirements"], ("plugins", Flag));
        foreach (var rule in DemandTables(file, "marketplaces", "allowed_sources"))
        {
            DemandAll(file, rule, ("source", Text), ("url", Text), ("ref", Text), ("host_pattern", Text), ("path", Text));
        }
    }

    /// <summary>The paths of the tables in a table, all of which must be tables.</summary>
    private static IEnumerable<IReadOnlyList<string>> DemandTables(TomlFile file, params string[] path)
    {
        DemandAll(file, path[..^1], (path[^1], Table));
        foreach (var key in (file.Find(path) as TomlTable)?.Keys ?? [])
        {
            DemandAll(file, path, (key, Table));
            yield return [.. path, key];
        }
    }

    private static void DemandAll(TomlFile file, IReadOnlyList<string> table, params (string Key, string Kind)[] keys)
    {
        foreach (var (key, kind) in keys)
        {
            IReadOnlyList<string> path = [.. table, key];
            if (file.Find(path) is { } value && !Is(value, kind))
            {
                var name = string.Join('.', path.Select(TomlText.Key));
                throw file.FailureAt(MarketErrorCode.ConfigInvalid, $"'{name}' must be {kind}, not {(kind == SourceType && value is string ? "another text" : KindOf(value))}: Codex refuses the whole file for it, so mend or remove it", file.OffsetOf(path));
            }
        }
    }

    private static bool Is(object value, string kind) => kind switch
    {
        Table => value is TomlTable,
        Flag => value is bool,
        SourceType => value is "git" or "local",
        Texts => value is IReadOnlyList<object> list && list.All(item => item is string),
        _ => value is string,
    };

    private static string KindOf(object value) => value switch
    {
        TomlTable => Table,
        bool => Flag,
        string => Text,
        TomlDate => "a date",
        IReadOnlyList<object> list => list.All(item => item is TomlTable) && list.Count > 0 ? "an array of tables" : "an array",
        _ => "a number",
    };
}
