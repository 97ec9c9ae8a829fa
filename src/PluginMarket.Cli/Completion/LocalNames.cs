using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;

namespace PluginMarket.Cli.Completion;

/// <summary>Names to complete with, from what is on the disk: pressing a key neither waits for a network nor fails.</summary>
internal static class LocalNames
{
    /// <summary>The kinds of <c>--accept-capability</c>.</summary>
    public static string[] Capabilities { get; } = ["All", "App", "Hook", "McpServer", "Script", "Skill"];

    /// <summary>The marketplaces in view.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Marketplaces(Terminal terminal) =>
        From(terminal, (environment, _) => new KnownNames().Marketplaces(environment));

    /// <summary>What the marketplaces in view offer for installation: ids, or names where a marketplace is given.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> OfferedPlugins(Terminal terminal) =>
        From(terminal, (environment, wanted) => new KnownNames().Plugins(environment, wanted, onlyInstallable: true));

    /// <summary>What is installed: ids, or names where a marketplace is given.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> InstalledPlugins(Terminal terminal) =>
        From(terminal, (environment, wanted) => KnownNames.Installed(environment, wanted));

    private static Func<CompletionContext, IEnumerable<CompletionItem>> From(Terminal terminal,
        Func<MarketEnvironment, string[], IEnumerable<string>> names) => context =>
        {
            try
            {
                return [.. names(GlobalOptions.Environment(context.ParseResult, terminal) with { WorkingDirectory = null },
                    Given(context.ParseResult, "--marketplace")).Select(name => new CompletionItem(name))];
            }
            catch (Exception failure) when (failure is PluginMarketException or InvalidOperationException)
            {
                // A home that cannot be read, which the command itself will say, or an option that still waits for its value.
                return [];
            }
        };

    private static string[] Given(ParseResult arguments, string option) =>
        arguments.GetResult(option) is OptionResult { Tokens: [var token] } ? [token.Value] : [];
}
