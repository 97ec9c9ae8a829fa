using PluginMarket.Cli.Hosting;
using PluginMarket.Cli.Installation;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Try;

/// <summary>The steps a first-time user would take: add, list, install, verify, show.</summary>
internal sealed class Tour(Terminal terminal, MarketEnvironment environment, string marketplaceFolder)
{
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        Step("Add a marketplace");
        var addition = await new MarketplaceRegistry(environment).AddAsync(new MarketplaceAddRequest { Source = marketplaceFolder },
            cancellation);
        Say($"{addition.Marketplace.Name}: {addition.Marketplace.Plugins} plugins, {addition.Marketplace.SkippedEntries} skipped");

        Step("Browse it");
        var offered = await new PluginQuery(environment).FindAsync(new PluginFindRequest { IncludeSkipped = true }, cancellation);
        terminal.WriteTable(
            ["PLUGIN", "VERSION", "CATEGORY", "INSTALLATION", "BRINGS", "STATUS"],
            [.. offered.Plugins.Select(plugin => new[] { plugin.Name, plugin.Version ?? "", plugin.Category ?? "", plugin.Installation,
                string.Join(", ", plugin.Components ?? []), plugin.Status ?? "" })]);
        foreach (var skipped in offered.Plugins.Where(plugin => plugin.Status == "Skipped"))
        {
            Say($"{skipped.Name} is skipped: {skipped.GetReason()?.In(Face.CommandLine)}");
        }

        Step("Install what is in category Productivity");
        var wanted = offered.Plugins.Where(plugin => plugin is { Category: "Productivity", Status: "Available" }).ToList();
        var results = await InstallAsync(wanted, cancellation);

        Step("Ask for one that its catalog marks NOT_AVAILABLE");
        var refused = await InstallAsync([.. offered.Plugins.Where(plugin => plugin.Installation == "NOT_AVAILABLE")], cancellation);

        Step("Verify: hash the files in the cache and compare them with the record of the install");
        var intact = results.Count > 0 && results.All(Verify);

        Step("Show what this home loads");
        var installed = new InstalledPluginQuery(environment).List(new InstalledPluginRequest(), cancellation);
        terminal.WriteTable(["PLUGIN", "VERSION", "STATE", "PROVENANCE"],
            [.. installed.Plugins.Select(plugin => new[] { plugin.Id, plugin.Version ?? "", plugin.State, plugin.Provenance })]);
        return intact && installed.Plugins.Count == wanted.Count
            && refused.All(result => result.Error == nameof(MarketErrorCode.PluginNotAvailable));
    }

    private async Task<List<PluginOperationResult>> InstallAsync(IReadOnlyList<Plugin> plugins, CancellationToken cancellation)
    {
        var results = new List<PluginOperationResult>();
        foreach (var plugin in plugins)
        {
            var result = await AddCommand.InstallAsync(environment, PluginId.Parse(plugin.Id), new InstallRequest(), cancellation);
            results.Add(result);
            Say(result.Status == "Failed" ? $"{result.Id}: {result.Error}: {result.GetReason()?.In(Face.CommandLine)}"
                : $"{result.Id}: {result.Status} {result.Version}");
            foreach (var capability in result.Capabilities ?? [])
            {
                Say($"  brings {capability.Component} {capability.Event ?? capability.Name} {capability.Command
                    ?? capability.Url}".TrimEnd());
            }
        }

        return results;
    }

    private bool Verify(PluginOperationResult result)
    {
        var intact = result.Path is { } path
            && result.TreeHash == TreeDigest.Compute(FolderTree.Read(path, environment.Files, environment.Limits));
        Say($"{result.Id}: {(intact ? "intact" : "CHANGED")} {result.TreeHash}");
        return intact;
    }

    private void Step(string title)
    {
        terminal.WriteLine("");
        terminal.WriteLine(terminal.Colour ? $"\u001b[1m{title}\u001b[0m" : $"== {title}");
    }

    private void Say(string line) => terminal.WriteLine(line);
}
