using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>Demands the types that Codex demands: it refuses the whole file for a wrong one, and what we ignored in
/// silence might decide something.</summary>
internal static class ConfigurationShape
{
    private const string Table = "a table";

    private static readonly (ConfigurationKind Kind, string Keys)[] Requirements =
    [
        (ConfigurationKind.Table, "marketplaces features feature_requirements marketplaces.allowed_sources marketplaces.allowed_sources.* "
            + "mcp_servers mcp_servers.* plugins plugins.* plugins.*.mcp_servers plugins.*.mcp_servers.*"),
        (ConfigurationKind.Flag, "marketplaces.restrict_to_allowed_sources features.* feature_requirements.* allow_managed_hooks_only"),
        (ConfigurationKind.Text, "marketplaces.allowed_sources.*.source marketplaces.allowed_sources.*.url "
            + "marketplaces.allowed_sources.*.ref marketplaces.allowed_sources.*.host_pattern marketplaces.allowed_sources.*.path"),
    ];

    private static readonly string[] MarketplaceRequirementKeys = ["restrict_to_allowed_sources", "allowed_sources"];

    private static readonly string[] AutoUpdate = ["marketplaces", "*", "auto_update"];

    /// <summary>Checks every key of a config.toml whose type Codex checks.</summary>
    /// <param name="file">The file.</param>
    /// <param name="known">The tables of the same file as they were checked before: those that are still there are not checked
    /// again.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with file, line and column.</exception>
    internal static void DemandConfiguration(TomlFile file, TomlTable? known = null)
    {
        var root = Without(file.Root, known);
        foreach (var (pattern, kind) in ConfigurationKeys.All)
        {
            Demand(file, root, pattern, kind, []);
        }

        DemandSkills(file);

        // Codex knows the key since 0.171.0, and before that ignored whatever it said.
        Demand(file, root, AutoUpdate, ConfigurationKind.Flag, []);
    }

    private static TomlTable Without(TomlTable table, TomlTable? known)
    {
        if (known is null)
        {
            return table;
        }

        var changed = new TomlTable();
        foreach (var (key, value) in table)
        {
            if (value is not TomlTable inner)
            {
                changed.Set(key, value);
            }
            else if (known.Table(key) is var old && !ReferenceEquals(old, inner))
            {
                changed.Set(key, Without(inner, old));
            }
        }

        return changed;
    }

    private static void Demand(TomlFile file, TomlTable table, ReadOnlySpan<string> pattern, ConfigurationKind kind, Stack<string> above)
    {
        if (pattern[0] == "*")
        {
            foreach (var (key, value) in table)
            {
                Demand(file, key, value, pattern, kind, above);
            }
        }
        else if (table.TryGetValue(pattern[0], out var value))
        {
            Demand(file, pattern[0], value, pattern, kind, above);
        }
    }

    private static void Demand(TomlFile file, string key, object value, ReadOnlySpan<string> pattern, ConfigurationKind kind,
        Stack<string> above)
    {
        above.Push(key);
        if (pattern.Length > 1)
        {
            if (value is TomlTable inner)
            {
                Demand(file, inner, pattern[1..], kind, above);
            }
        }
        else if (!Is(value, kind))
        {
            string[] path = [.. above.Reverse()];
            var found = value is string && kind is ConfigurationKind.SourceType or ConfigurationKind.TrustLevel
                or ConfigurationKind.ApprovalMode ? "another text" : KindOf(value);
            throw Refuse(file, path, $"'{string.Join('.', path.Select(TomlText.Key))}' must be {Name(kind)}, not {found}");
        }

        above.Pop();
    }

    private static void DemandSkills(TomlFile file)
    {
        IReadOnlyList<string> path = ["skills", "config"];
        if (file.Find(path) is not IReadOnlyList<object> list)
        {
            return;
        }

        foreach (var skill in list.OfType<TomlTable>())
        {
            if (skill.Flag("enabled") is null)
            {
                throw Refuse(file, path, "every table of 'skills.config' needs 'enabled', true or false");
            }

            if (skill.FirstOrDefault(pair => pair.Key is "path" or "name" && pair.Value is not (string or TomlDate)) is { Key: { } wrong })
            {
                throw Refuse(file, path, $"'{wrong}' of a table of 'skills.config' must be a string");
            }
        }
    }

    /// <summary>Checks what a requirements.toml says of marketplaces and plugins: a rule that is not
    /// understood must not count as none.</summary>
    /// <inheritdoc cref="DemandConfiguration"/>
    internal static void DemandRequirements(TomlFile file)
    {
        foreach (var (kind, keys) in Requirements)
        {
            foreach (var key in keys.Split(' '))
            {
                Demand(file, file.Root, key.Split('.'), kind, []);
            }
        }

        if (file.Root.Table("marketplaces")?.Keys.FirstOrDefault(key => !MarketplaceRequirementKeys.Contains(key)) is { } unknown)
        {
            throw Refuse(file, ["marketplaces", unknown], $"'marketplaces.{TomlText.Key(unknown)}' is not a key that Codex knows");
        }

        DemandIdentities(file, ["mcp_servers"]);
        foreach (var plugin in file.Root.Table("plugins")?.Keys ?? [])
        {
            DemandIdentities(file, ["plugins", plugin, "mcp_servers"]);
        }
    }

    private static void DemandIdentities(TomlFile file, IReadOnlyList<string> path)
    {
        foreach (var (name, server) in file.Find(path) as TomlTable ?? [])
        {
            if (((TomlTable)server).Table("identity") is not { } identity || (identity.Text("command") ?? identity.Text("url")) is null)
            {
                throw Refuse(file, [.. path, name],
                    $"'{string.Join('.', path.Append(name).Select(TomlText.Key))}' needs an 'identity' with 'command' or 'url'");
            }
        }
    }

    private static PluginMarketException Refuse(TomlFile file, IReadOnlyList<string> path, string problem) =>
        file.FailureAt(MarketErrorCode.ConfigInvalid,
            $"{problem}: Codex refuses the whole file because of it. {Remedy.Do($"Change or remove it.")}", file.OffsetOf(path));

    private static bool Is(object value, ConfigurationKind kind) => kind switch
    {
        ConfigurationKind.Flag => value is bool,
        ConfigurationKind.Integer => value is long,
        ConfigurationKind.Count => value is >= 0L,
        ConfigurationKind.Seconds => value is >= 0L or >= 0.0,
        ConfigurationKind.Table => value is TomlTable,
        ConfigurationKind.Record => value is TomlTable or IReadOnlyList<object>,
        ConfigurationKind.Texts => value is IReadOnlyList<object> list && list.All(item => item is string or TomlDate),
        ConfigurationKind.Tables => value is IReadOnlyList<object> list && list.All(item => item is TomlTable or IReadOnlyList<object>),
        ConfigurationKind.Names => value is TomlTable table && table.Values.All(item => item is string or TomlDate),
        ConfigurationKind.FlagOrTable => value is bool or TomlTable,
        ConfigurationKind.SourceType => value is "git" or "local",
        ConfigurationKind.TrustLevel => value is "trusted" or "untrusted",
        ConfigurationKind.ApprovalMode => value is "auto" or "prompt" or "approve" or "writes",
        _ => value is string or TomlDate,
    };

    private static string Name(ConfigurationKind kind) => kind switch
    {
        ConfigurationKind.Flag => "true or false",
        ConfigurationKind.Integer => "an integer",
        ConfigurationKind.Count => "an integer of 0 or more",
        ConfigurationKind.Seconds => "a number of 0 or more",
        ConfigurationKind.Table or ConfigurationKind.Record => Table,
        ConfigurationKind.Texts => "an array of strings",
        ConfigurationKind.Tables => "an array of tables",
        ConfigurationKind.Names => "a table of strings",
        ConfigurationKind.FlagOrTable => "true, false or a table",
        ConfigurationKind.SourceType => "\"git\" or \"local\"",
        ConfigurationKind.TrustLevel => "\"trusted\" or \"untrusted\"",
        ConfigurationKind.ApprovalMode => "\"auto\", \"prompt\", \"writes\" or \"approve\"",
        _ => "a string",
    };

    private static string KindOf(object value) => value switch
    {
        TomlTable => Table,
        bool => "true or false",
        string => "a string",
        TomlDate => "a date",
        IReadOnlyList<object> list => list.All(item => item is TomlTable) && list.Count > 0 ? "an array of tables" : "an array",
        _ => "a number",
    };
}
