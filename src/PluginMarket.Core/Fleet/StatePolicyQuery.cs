using PluginMarket.Installation;
using PluginMarket.Policies;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>Asks the policies, the state's own among them, about all that a desired state wants on any machine. What the state and its
/// lock file do not say is not known; nothing is fetched.</summary>
internal sealed class StatePolicyQuery(MarketEnvironment environment, DesiredState state, GitOptions git)
{
    private readonly PolicyTester _tester = new(state.In(environment));
    private readonly AddressReader _addresses = new(environment, git);

    /// <summary>One decision for each marketplace and each variant of a plugin that is to be there.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CredentialInUrl.</exception>
    internal IEnumerable<PolicyDecision> Judge()
    {
        var marketplaces = new Dictionary<string, MarketplaceFacts?>(StringComparer.Ordinal);
        foreach (var wanted in state.Marketplaces.Where(wanted => wanted.Exist))
        {
            // Without a source any will do, which is not known here.
            var decision = MarketplaceExpectation.SourceOf(wanted, environment, state.Folder) is { } source
                ? _tester.OfSource(source, wanted.Name, git) : _tester.Of(new PolicySubject($"Marketplace '{wanted.Name}'"));
            marketplaces[wanted.Name] = decision.Subject.Marketplace;
            yield return decision;
        }

        foreach (var plugin in state.Plugins.Where(plugin => plugin.Exist))
        {
            yield return _tester.Of(SubjectOf(plugin, marketplaces.GetValueOrDefault(plugin.Id.Marketplace.Value)));
        }
    }

    private PolicySubject SubjectOf(DesiredPlugin plugin, MarketplaceFacts? marketplace)
    {
        var locked = plugin.Locked;
        var version = locked is not null ? Fact<string?>.Of(locked.Version)
            : plugin.Version is { IsExact: true } exact ? Fact<string?>.Of(exact.Text) : default;
        var (treeHash, commit) = (locked?.TreeHash ?? plugin.TreeHash, locked?.Commit ?? plugin.Commit);
        return new PolicySubject(version.Value is { } shown ? $"'{plugin.Id}' {shown}" : $"'{plugin.Id}'")
        {
            Plugin = plugin.Id,
            Marketplace = marketplace,
            Source = locked is null ? null : _addresses.Of(new PinnedPlugin(locked).Source),
            Version = version,
            TreeHash = treeHash is null ? default : Fact<string?>.Of(treeHash),
            Commit = commit is null ? default : Fact<string?>.Of(commit),
            Pin = treeHash is not null ? Fact<PinLevel>.Of(PinLevel.Digest)
                : commit is not null ? Fact<PinLevel>.Of(PinLevel.Commit) : default,
            IsPinnedByRecord = locked is not null,

            // What a lock file lists is compared with the files before they are installed.
            Capabilities = locked is null ? default
                : Fact<IReadOnlyList<CapabilityFacts>>.Of([.. locked.Capabilities.Select(one => new CapabilityFacts(one))]),
        };
    }
}
