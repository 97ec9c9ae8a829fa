using System.CommandLine;
using System.CommandLine.Completions;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Installation;

/// <summary>How a verb is told its plugin: <c>PLUGIN@MARKETPLACE</c>, or <c>PLUGIN --marketplace MARKETPLACE</c> (contract 4.6).</summary>
internal sealed class Selector
{
    /// <param name="terminal">Where the verb runs.</param>
    /// <param name="plugins">What the plugin can be completed with.</param>
    public Selector(Terminal terminal, Func<CompletionContext, IEnumerable<CompletionItem>> plugins)
    {
        Plugin.CompletionSources.Add(plugins);
        Marketplace.CompletionSources.Add(LocalNames.Marketplaces(terminal));
    }

    public Argument<string> Plugin { get; } =
        new("PLUGIN[@MARKETPLACE]") { Description = "The plugin: PLUGIN@MARKETPLACE, or PLUGIN with --marketplace" };

    public Option<string?> Marketplace { get; } =
        new("--marketplace", "-m") { Description = "The marketplace, when PLUGIN does not name it", HelpName = "MARKETPLACE" };

    public PluginId Read(ParseResult arguments)
    {
        var text = arguments.GetValue(Plugin)!;
        var marketplace = arguments.GetValue(Marketplace);
        if (!text.Contains('@', StringComparison.Ordinal))
        {
            return marketplace is null
                ? throw new PluginMarketException(MarketErrorCode.NameInvalid, $"plugin requires --marketplace unless passed as "
                    + $"<plugin>@<marketplace>. {Remedy.Run(Operation.FindPlugin, $"see the plugins and their marketplaces")}", text)
                : new PluginId(PluginName.Parse(text), MarketplaceName.Parse(marketplace));
        }

        var id = PluginId.Parse(text);
        return marketplace is null || marketplace == id.Marketplace.Value
            ? id
            : throw new PluginMarketException(MarketErrorCode.NameInvalid, $"plugin id `{id}` belongs to marketplace `{id.Marketplace}`, "
                + $"but --marketplace specified `{marketplace}`. {Remedy.Do($"Use only one of them.")}", id.ToString());
    }

    public static PluginReference Reference(PluginId id) => new() { Name = id.Plugin, Marketplace = id.Marketplace };
}
