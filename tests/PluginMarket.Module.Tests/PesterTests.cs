using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary>Every test of <c>tests/module/*.Tests.ps1</c> as one row, run in a real PowerShell; those of
/// <see cref="QuickPesterTests"/> are there.</summary>
[Trait("Category", "Slow")]
public sealed class PesterTests
{
    public static async Task<IReadOnlyCollection<TheoryDataRow<PesterResult>>> Results() =>
        Rows(await PesterHost.RunAsync(name => PesterHost.IsSelective || !QuickPesterTests.Files.Contains(name),
            TestContext.Current.CancellationToken));

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Module(PesterResult result) => Assert.True(result.Passed, result.Message);

    internal static IReadOnlyCollection<TheoryDataRow<PesterResult>> Rows(IReadOnlyList<PesterResult> results) =>
        [.. results.Select(result => new TheoryDataRow<PesterResult>(result)
        {
            Skip = result.SkipReason,
            TestDisplayName = $"{result.File}: {result.Name}",
            Label = "",
        })];
}

/// <summary>The Pester files for the fast loop: manifest and binding of every cmdlet, completion, views, and the
/// commands used most for looking.</summary>
[Trait("Category", "Fast")]
public sealed class QuickPesterTests
{
    internal static IReadOnlySet<string> Files { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Completion.Tests.ps1", "Find-Plugin.Tests.ps1", "Get-InstalledPlugin.Tests.ps1", "Manifest.Tests.ps1",
        "Test-PluginManifest.Tests.ps1", "Views.Tests.ps1",
    };

    public static async Task<IReadOnlyCollection<TheoryDataRow<PesterResult>>> Results() =>
        PesterTests.Rows(await PesterHost.RunAsync(name => !PesterHost.IsSelective && Files.Contains(name),
            TestContext.Current.CancellationToken));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Module(PesterResult result) => Assert.True(result.Passed, result.Message);
}
