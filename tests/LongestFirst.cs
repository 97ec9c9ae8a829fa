using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(PluginMarket.Tests.LongestFirst))]

namespace PluginMarket.Tests;

/// <summary>Starts the classes that take longest first, so that none of them runs alone at the end.</summary>
/// <remarks>One file for the projects whose classes run side by side.</remarks>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "GeneratedCatalogTests", "ManifestFindingTests", "CatalogFindingTests", "GitMarketplaceTests", "NpmPluginTests",
        "HeldAgainstCodexTests",
        "FailPointTests", "StopPointTests", "KillPointTests", "MarketplaceKillPointTests", "OneDoorTests", "PublishFaultTests",
        "GitCommandContractTests", "StormTests", "NpmInstallTests", "InstallOutcomeTests", "SecretTests", "UpdateMatrixTests",
        "LibGit2ContractTests", "TomlPropertyTests",
        "AnothersHomeTests", "PlantedLinkTests", "CompletionCommandTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal))
            is >= 0 and var at ? at : Longest.Length;
}
