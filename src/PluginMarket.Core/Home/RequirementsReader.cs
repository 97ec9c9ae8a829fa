using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>Reads the administrator's requirements.toml as far as it is about marketplaces and plugins (contract 5.1, 5.2).</summary>
internal static class RequirementsReader
{
    private static readonly string[] RuleKeys = ["source", "url", "ref", "host_pattern", "path"];

    public static MarketplaceRequirements Read(TomlFile? file)
    {
        if (file is null)
        {
            return new MarketplaceRequirements(false, [], null, null, null);
        }

        var path = file.DisplayPath;
        ConfigurationShape.DemandRequirements(file);
        var marketplaces = file.Root.Table("marketplaces");
        var rules = new List<AllowedSource>();
        string? finding = null;
        foreach (var (key, value) in marketplaces?.Table("allowed_sources") ?? [])
        {
            var rule = (TomlTable)value;
            if (rule.Keys.FirstOrDefault(name => !RuleKeys.Contains(name)) is { } unknown)
            {
                throw Invalid(path, key, $"has an unknown key '{unknown}'");
            }

            var (kind, field) = rule.Text("source") switch
            {
                "git" => ("git", "url"),
                "host_pattern" => ("host_pattern", "host_pattern"),
                "local" => ("local", "path"),
                null => (null, "source"),
                var other => throw Invalid(path, key, $"has an unknown source '{other}'"),
            };
            if (kind is not null && rule.Text(field) is { } text)
            {
                rules.Add(new AllowedSource(key, kind, text, kind == "git" ? rule.Text("ref") : null));
            }
            else
            {
                finding ??= DisplayText.Escape($"invalid marketplace allowed source '{key}' in {path}: missing {field}");
            }
        }

        return new MarketplaceRequirements(
            marketplaces?.Flag("restrict_to_allowed_sources") ?? false,
            rules,
            (file.Root.Table("features") ?? file.Root.Table("feature_requirements"))?.Flag("plugins"),
            path,
            finding);
    }

    private static PluginMarketException Invalid(string path, string rule, string finding) => new(
        MarketErrorCode.ConfigInvalid,
        $"{path}: the rule [marketplaces.allowed_sources.{rule}] {finding}. {Remedy.Do($"Ask your administrator to fix the file.")}",
        path)
    {
        File = path,
    };
}
