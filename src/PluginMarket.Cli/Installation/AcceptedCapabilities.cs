using System.CommandLine;
using PluginMarket.Cli.Completion;

namespace PluginMarket.Cli.Installation;

/// <summary>The option <c>--accept-capability</c>, which every verb that replaces installed plugins has.</summary>
internal static class AcceptedCapabilities
{
    /// <param name="description">What accepting means to the verb, where it is not to replace a plugin.</param>
    public static Option<string[]> Option(string description = "A kind of capability that the new version may add or change")
    {
        var option = new Option<string[]>("--accept-capability")
        {
            Description = description + ": Hook, McpServer, App, Script, Skill or All",
            HelpName = "KIND",
            DefaultValueFactory = _ => [],
        };
        option.CompletionSources.Add(LocalNames.Capabilities);
        option.Validators.Add(result =>
        {
            foreach (var kind in result.Tokens.Select(token => token.Value)
                .Where(kind => !LocalNames.Capabilities.Contains(kind, StringComparer.OrdinalIgnoreCase)))
            {
                result.AddError($"'{kind}' is not a kind of capability. Use {string.Join(", ", LocalNames.Capabilities)}.");
            }
        });
        return option;
    }
}
