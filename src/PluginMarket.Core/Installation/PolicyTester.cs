using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Installation;

/// <summary>Asks the policies what they would say, and changes nothing.</summary>
internal sealed class PolicyTester(MarketEnvironment environment)
{
    // One answer for all that is asked: it is what the files say when the questions begin.
    private readonly PolicyGate _gate = PolicyGate.Open(environment);
    private readonly ReportedPolicySubject _reported = new(environment);

    /// <summary>The failure that there was nothing to ask about.</summary>
    internal static PluginMarketException NothingToCheck() => new(MarketErrorCode.NothingToCheck,
        $"There is no plugin and no marketplace to test. {Remedy.Use(OperationOption.AllowEmpty, $"accept that")}");

    /// <summary>The layers that have a say, or would have.</summary>
    internal IReadOnlyList<PolicyLayer> Layers => _gate.Layers;

    /// <summary>What they say of a plugin that a catalog lists, or else of the installed one.</summary>
    /// <param name="reference">The plugin.</param>
    /// <param name="installed">Whether the installed one is meant.</param>
    /// <param name="resolve">Whether files that are not on this computer are fetched to be read.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops what is being fetched.</param>
    /// <exception cref="PluginMarketException">PluginNotFound, MarketplaceNotFound, PluginNotInstalled and the failures of
    /// fetching.</exception>
    internal async Task<PolicyDecision> OfPluginAsync(PluginReference reference, bool installed, bool resolve, GitOptions git,
        CancellationToken cancellationToken)
    {
        if (installed)
        {
            return OfInstalled(reference);
        }

        var request = new InstallRequest { References = [reference], Git = git };
        InstallPlanItem item;
        try
        {
            item = new InstallPlanner(environment, request).Resolve(reference);
        }
        catch (PluginMarketException missing) when (missing.Code is MarketErrorCode.PluginNotFound or MarketErrorCode.MarketplaceNotFound
            && IsInstalled(reference))
        {
            return OfInstalled(reference);
        }

        return await OfItemAsync(request, item, resolve, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What they say of a plugin of a lock file.</summary>
    internal Task<PolicyDecision> OfLockedAsync(PluginLockEntry entry, bool resolve, GitOptions git, CancellationToken cancellationToken)
    {
        var request = new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = [entry], Frozen = true }, Git = git };
        return OfItemAsync(request, new InstallPlanner(environment, request).Resolve(new PinnedPlugin(entry)), resolve, cancellationToken);
    }

    /// <summary>What they say of a registered marketplace.</summary>
    /// <exception cref="PluginMarketException">MarketplaceNotFound.</exception>
    internal PolicyDecision OfMarketplace(string name)
    {
        var layers = ConfigurationLayers.Read(environment);
        if (layers.FindMarketplace(name) is not null)
        {
            return _gate.Judge(PolicyStage.Publish, new PolicySubject($"Marketplace '{name}'")
            {
                Marketplace = MarketplacePolicy.Of(environment, layers, name, _gate.AddressesBy(GitOptions.Default)),
            });
        }

        var view = MarketplaceView.Open(environment);
        var open = view.Marketplaces.FirstOrDefault(one => one.Name == name)
            ?? throw MarketplaceRegistry.NotFound(name, view.Marketplaces.Select(one => one.Name));
        return _gate.Judge(PolicyStage.Publish, MarketplacePolicy.Subject(environment, open));
    }

    /// <summary>What they say of the source of a marketplace, as it would be added.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CredentialInUrl, SourceUnreachable.</exception>
    internal PolicyDecision OfSource(string text, GitOptions git)
    {
        var source = MarketplaceSourceParser.Parse(text, null, null, environment, allowHttp: true);
        return _gate.Judge(PolicyStage.Publish, MarketplacePolicy.Subject(environment, _gate, source, git));
    }

    /// <summary>What they say of a marketplace as it would be added under a name.</summary>
    internal PolicyDecision OfSource(MarketplaceSource source, string name, GitOptions git) =>
        Of(MarketplacePolicy.Subject(environment, _gate, source, name, git));

    /// <summary>What they say of a plugin that a machine reported as installed, from what it reported.</summary>
    /// <exception cref="PluginMarketException">NameInvalid for an id that is none.</exception>
    internal PolicyDecision OfReported(PluginInventoryPlugin plugin, PluginInventory inventory)
    {
        var subject = _reported.Of(PluginId.Parse(plugin.Id), plugin, inventory);
        return Of(subject with { Name = $"{subject.Name} of {inventory.ComputerName}", ComputerName = inventory.ComputerName });
    }

    /// <summary>What they say of something, from the facts that are given.</summary>
    internal PolicyDecision Of(PolicySubject subject) => _gate.Judge(PolicyStage.Publish, subject);

    private bool IsInstalled(PluginReference reference) =>
        reference.PluginId is { } id && environment.Home.Cache.ActivePath(id) is not null;

    private PolicyDecision OfInstalled(PluginReference reference)
    {
        var id = InstalledReference.Resolve(environment, reference, ConfigurationLayers.Read(environment), environment.Home.Cache,
            _ => false);
        if (environment.Home.Cache.ActivePath(id) is not { } path)
        {
            throw new PluginMarketException(MarketErrorCode.PluginNotInstalled,
                $"'{id}' is not installed. {Remedy.Run(Operation.InstallPlugin.On(id.ToString()))}", id.ToString());
        }

        return _gate.Judge(PolicyStage.Publish, InstallPolicy.OfInstalled(environment, _gate, id, path));
    }

    private async Task<PolicyDecision> OfItemAsync(InstallRequest request, InstallPlanItem item, bool resolve,
        CancellationToken cancellationToken)
    {
        var policy = new InstallPolicy(environment, request, _gate);
        if (!resolve && item.Origin.Source is not LocalSource)
        {
            return policy.Judge(item);
        }

        if (policy.Judge(item) is { Effect: PolicyEffect.Denied or PolicyEffect.Unreadable } refused)
        {
            return refused;
        }

        var outside = environment.ForPrograms();
        using var folder = new TemporaryFolder(outside.Files);
        var aside = outside with { CodexHome = folder.Path, Log = SilentActivityLog.Instance };
        var run = new InstallRun(aside, request, [item], isReading: true);
        await using (run.ConfigureAwait(false))
        {
            using var staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false);
            return policy.Judge(item, staged);
        }
    }
}
