using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(PluginMarket.Core.Tests.LongestFirst))]

namespace PluginMarket.Core.Tests;

/// <summary>Starts the classes that take longest first, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "FailPointTests", "StopPointTests", "KillPointTests", "MarketplaceKillPointTests", "OneDoorTests",
        "PublishFaultTests", "GitCommandContractTests", "StormTests", "NpmInstallTests", "InstallOutcomeTests",
        "SecretTests", "UpdateMatrixTests", "LibGit2ContractTests", "TomlPropertyTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        (Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) + Longest.Length + 1)
            % (Longest.Length + 1);
}
