using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary>Every test of tests/module/*.Tests.ps1 as one row, run in a real PowerShell.</summary>
public sealed class PesterTests
{
    public static async Task<IReadOnlyCollection<TheoryDataRow<PesterResult>>> Results()
    {
        var results = await PesterHost.RunAsync(TestContext.Current.CancellationToken);
        return [.. results.Select(result => new TheoryDataRow<PesterResult>(result) { Skip = result.SkipReason, TestDisplayName = $"{result.File}: {result.Name}", Label = "" })];
    }

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Module(PesterResult result) => Assert.True(result.Passed, result.Message);
}
