using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Diagnosis;

/// <summary>The marketplaces in view, their servers, and the plugins installed from local ones.</summary>
internal sealed class MarketplaceChecks(MarketEnvironment environment, ConfigurationLayers layers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    internal void Run(Findings findings)
    {
        var view = MarketplaceView.Open(environment);
        foreach (var open in view.Marketplaces)
        {
            var skipped = open.Catalog.Entries.Count(entry => !entry.IsListed);
            Message message = $"Its catalog lists {open.Catalog.Entries.Count - skipped} plugins.";
            if (skipped == 0)
            {
                findings.Passed("Marketplace", message, open.Name);
            }
            else
            {
                findings.Inform("Marketplace",
                    $"{message} {(skipped == 1 ? "1 further entry is" : $"{skipped} further entries are")} skipped.",
                    $"{Remedy.Run(Operation.FindPlugin.With(OperationOption.Marketplace.Of(open.Name)).With(OperationOption.IncludeSkipped),
                        $"see why")}", open.Name);
            }
        }

        foreach (var failure in view.Failures)
        {
            findings.Fail("Marketplace", failure.Said, $"{Remedy.Run(Operation.UpdateMarketplace, $"fetch it again")}"
                + $"{Remedy.Do($"Fix its catalog.")}{Remedy.Run(Operation.RemoveMarketplace, $"remove it")}", failure.Target);
        }
    }

    /// <summary>Codex lays a plugin again whose folder is not named as its source's version (contract 3.8).</summary>
    internal void RunOnInstalled(Findings findings, CancellationToken cancellation)
    {
        var relaid = new InstalledPluginQuery(environment).List(new InstalledPluginRequest(), cancellation).Plugins
            .Where(plugin => plugin is { SourceType: "local", CacheVersion: "local", Version: not null })
            .Select(plugin => plugin.Id)
            .ToList();
        if (relaid.Count == 0)
        {
            findings.Passed("LocalPlugin", $"Codex will not reinstall any plugin.");
            return;
        }

        findings.Inform(
            "LocalPlugin",
            relaid.Count == 1
                ? (Message)$"One plugin is cached in the folder 'local': Codex's next refresh replaces it with its source."
                : $"{relaid.Count} plugins are cached in the folder 'local': Codex's next refresh replaces them with their sources.",
            relaid.Count == 1
                ? (Message)($"To keep these bytes: {Operation.InstallPlugin.On(relaid[0]).With(OperationOption.Reinstall)
                    .With(OperationOption.ManifestFolder)}")
                : $"To keep these bytes: ({Operation.CheckEnvironment} | Where-Object Name -EQ LocalPlugin).Subjects | "
                    + $"{Operation.InstallPlugin.With(OperationOption.Reinstall).With(OperationOption.ManifestFolder)}",
            relaid);
    }

    internal async Task ConnectAsync(Findings findings, CancellationToken cancellation)
    {
        var remote = layers.Marketplaces.Where(table => table.SourceType == "git" && !NameRules.IsReservedMarketplace(table.Name)).ToList();
        if (remote.Count == 0)
        {
            return;
        }

        var bounded = environment with { Limits = environment.Limits with { GitTime = Patience, FetchTime = null } };
        using var staged = StagedTree.Create(bounded);
        bounded.Files.CreateDirectory(staged.RepositoryPath, FileOps.PrivateFolder);
        var store = new GitStore(bounded, staged.RepositoryPath);
        await using (store.ConfigureAwait(false))
        {
            foreach (var table in remote)
            {
                var name = DisplayText.Escape(table.Name);
                try
                {
                    // A full commit id would be taken at its word; asking for the default branch asks the server.
                    var revision = await store.ResolveAsync(GitUrl.Parse(table.Source), GitReference.IsFullId(table.Ref ?? "")
                        ? null : table.Ref, null, SourceOrigin.User, cancellation).ConfigureAwait(false);
                    findings.Passed("Connection", $"Its server answers and is at {revision.Commit}.", name);
                }
                catch (PluginMarketException failure)
                {
                    findings.Fail("Connection", failure.Said, $"Follow the message; until then the present snapshot is used.", name);
                }
            }
        }
    }
}
