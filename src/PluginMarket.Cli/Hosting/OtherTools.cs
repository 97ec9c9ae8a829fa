using System.Collections.Frozen;
using System.CommandLine;

namespace PluginMarket.Cli.Hosting;

/// <summary>The verbs that other package managers have for what this program calls differently.</summary>
internal static class OtherTools
{
    private static readonly FrozenDictionary<string, string> Verbs = new Dictionary<string, string>
    {
        ["install"] = "add",
        ["i"] = "add",
        ["uninstall"] = "remove",
        ["rm"] = "remove",
        ["delete"] = "remove",
        ["del"] = "remove",
        ["search"] = "list",
        ["find"] = "list",
        ["ls"] = "list",
        ["upgrade"] = "update",
        ["refresh"] = "marketplace upgrade",
        ["show"] = "manifest",
        ["info"] = "manifest",
        ["inspect"] = "capabilities",
        ["fix"] = "repair",
        ["reset"] = "repair",
        ["pin"] = "hold",
        ["freeze"] = "lock",
        ["unpin"] = "release",
        ["unhold"] = "release",
        ["undo"] = "rollback",
        ["revert"] = "rollback",
        ["check"] = "validate",
        ["test"] = "validate",
        ["lint"] = "validate",
        ["import"] = "restore",
        ["export"] = "lock",
        ["tap"] = "marketplace add",
        ["source"] = "marketplace add",
        ["sources"] = "marketplace list",
        ["marketplaces"] = "marketplace list",
        ["on"] = "enable",
        ["off"] = "disable",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> MarketplaceVerbs = new Dictionary<string, string>
    {
        ["update"] = "marketplace upgrade",
        ["refresh"] = "marketplace upgrade",
        ["delete"] = "marketplace remove",
        ["rm"] = "marketplace remove",
        ["register"] = "marketplace add",
        ["install"] = "marketplace add",
        ["ls"] = "marketplace list",
        ["show"] = "marketplace list",
        ["edit"] = "marketplace set",
        ["change"] = "marketplace set",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The verb of this program for what was typed; null where it is none of those.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="command">The verb that it was typed behind, or the program.</param>
    public static string? VerbFor(string typed, Command command) =>
        (command is RootCommand ? Verbs : command.Name == "marketplace" ? MarketplaceVerbs : null)?.GetValueOrDefault(typed);

    /// <summary>Every verb that is suggested, for the test that they exist.</summary>
    internal static IEnumerable<string> Suggested => Verbs.Values.Concat(MarketplaceVerbs.Values).Distinct(StringComparer.Ordinal);
}
