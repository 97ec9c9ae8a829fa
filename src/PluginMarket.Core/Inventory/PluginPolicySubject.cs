using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Inventory;

/// <summary>What the policies have to know of a plugin: of one that a catalog lists, and of one that is installed.</summary>
internal static class PluginPolicySubject
{
    /// <summary>A plugin that a catalog lists.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="id">The plugin.</param>
    /// <param name="open">Its marketplace.</param>
    /// <param name="source">Where its files come from.</param>
    /// <param name="git">How git is reached, to ask what it makes of addresses; null not to ask.</param>
    internal static PolicySubject Of(MarketEnvironment environment, PluginId id, OpenMarketplace open, PluginSource source,
        GitOptions? git) =>
        new($"'{id}'")
        {
            Plugin = id,
            Marketplace = MarketplacePolicy.Of(environment, open.Location, open.Name, git),
            Source = new AddressReader(environment, git).Of(source),
            Pin = Fact<PinLevel>.Of(PinOf(source, open)),
            Commit = source.Repository?.Sha is { } sha ? Fact<string?>.Of(sha) : default,
        };

    /// <summary>The same with what its manifest says and what it can do.</summary>
    internal static PolicySubject With(PolicySubject subject, PluginManifest manifest,
        IReadOnlyList<Capability>? capabilities) =>
        subject with
        {
            Name = manifest.Version is null ? subject.Name : $"{subject.Name} {manifest.Version}",
            Version = Fact<string?>.Of(manifest.Version),
            Author = Fact<IReadOnlyList<string>>.Of(manifest.Author is { } author
                ? [.. new[] { author.Name, author.Email, author.Url }.OfType<string>()] : []),
            License = Fact<string?>.Of(manifest.License),
            Capabilities = capabilities is null ? default
                : Fact<IReadOnlyList<CapabilityFacts>>.Of([.. capabilities.Select(one => new CapabilityFacts(one))]),
            HasHiddenText = capabilities is null && !manifest.HasHiddenText ? default
                : Fact<bool>.Of(manifest.HasHiddenText || capabilities!.Any(one => one.HasHiddenText)),
        };

    /// <summary>An installed plugin, as its files are on the disk.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="gate">The policies, which say what of it has to be read.</param>
    /// <param name="layers">The configuration.</param>
    /// <param name="id">The plugin.</param>
    /// <param name="tree">Its files; null where they cannot be read.</param>
    /// <param name="manifest">What they say of themselves.</param>
    /// <param name="receipt">The record of exactly these files; null where there is none.</param>
    /// <param name="git">How git is reached, to ask what it makes of addresses; null not to ask.</param>
    internal static PolicySubject OfInstalled(MarketEnvironment environment, PolicyGate gate, ConfigurationLayers layers, PluginId id,
        FileTree? tree, PluginManifest? manifest, Receipt? receipt, GitOptions? git)
    {
        var subject = new PolicySubject($"'{id}'")
        {
            Plugin = id,
            Marketplace = MarketplacePolicy.Of(environment, layers, id.Marketplace.Value, git),
            Source = receipt is null ? null : SourceOf(receipt, new AddressReader(environment, git)),
            Pin = receipt is null ? default : Fact<PinLevel>.Of(receipt.AnyCommit is null ? PinLevel.None : PinLevel.Commit),
            TreeHash = receipt is null ? default : Fact<string?>.Of(receipt.TreeHash),
            Commit = receipt is null ? default : Fact<string?>.Of(receipt.AnyCommit),
            CommittedOn = receipt?.CommittedOn is { } committed ? Fact<DateTimeOffset>.Of(committed) : default,
            FirstSeen = receipt is null || !gate.AsksForAge ? default
                : Fact<DateTimeOffset>.Of(FirstSeen(environment, receipt.TreeHash) ?? receipt.InstalledOn),
        };
        if (tree is null || manifest is null)
        {
            return subject;
        }

        return !gate.AsksForFiles ? With(subject, manifest, null) : With(subject, manifest, CapabilityReader.Read(tree, manifest)) with
        {
            Size = Fact<(long, int)>.Of((tree.Files.Sum(file => file.Length), tree.Files.Count())),
        };
    }

    /// <summary>When the history of the home first names a digest; null where it does not.</summary>
    internal static DateTimeOffset? FirstSeen(MarketEnvironment environment, string treeHash) =>
        environment.Home.History.Read().Where(record => record.TreeHash == treeHash).Select(record => (DateTimeOffset?)record.On).Min();

    /// <summary>How exactly the bytes of an entry's source are named. A folder of a marketplace is named as its marketplace is.</summary>
    internal static PinLevel PinOf(PluginSource source, OpenMarketplace? open) => source.Match(
        _ => open?.Location.Configured?.Ref is { } reference
            ? GitReference.IsFullId(reference) ? PinLevel.Commit : PinLevel.Ref : PinLevel.None,
        git => git.Sha is { } sha && GitReference.IsFullId(sha) ? PinLevel.Commit
            : git.Ref is not { } reference ? PinLevel.None : GitReference.IsFullId(reference) ? PinLevel.Commit : PinLevel.Ref,
        npm => npm.Version is null ? PinLevel.None : PinLevel.Ref);

    /// <summary>Where recorded files came from.</summary>
    internal static PluginSourceFacts SourceOf(Receipt receipt, AddressReader addresses) => receipt.Provenance switch
    {
        PackageProvenance package => new PluginSourceFacts
        {
            Type = "npm",
            Transport = "https",
            Package = package.Name,
            Registry = package.Registry is { } registry && Uri.TryCreate(registry, UriKind.Absolute, out var url)
                ? Fact<string?>.Of(url.IdnHost) : default,
        },
        CommitProvenance commit when GitUrl.TryParse(commit.Url, out var url, out _) && url is not null =>
            addresses.Of(receipt.SourceType, url),
        var other => new PluginSourceFacts { Type = receipt.SourceType, IsUnreadable = other is not FolderProvenance },
    };
}
