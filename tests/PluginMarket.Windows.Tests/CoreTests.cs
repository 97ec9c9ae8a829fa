using Xunit;

namespace PluginMarket.Windows.Tests;

/// <summary>Every unit test class of the core that runs on the Windows API as one row, and which have to.</summary>
[Trait("Category", "Slow")]
public sealed class CoreTests
{
    private const string Advice = "Each test class of the core has a line in tests/windows/core-classes.txt: its name where it runs under Wine, else its name, ' # ' and the reason.";

    public static async Task<IReadOnlyCollection<TheoryDataRow<CoreClassResult>>> Results() => Wine.Missing is { } missing
        ? [new TheoryDataRow<CoreClassResult>(new CoreClassResult("", 0, [])) { Skip = missing, TestDisplayName = "Core" }]
        : [.. (await WindowsRun.CoreAsync()).Select(result => new TheoryDataRow<CoreClassResult>(result) { TestDisplayName = $"{result.Name}: {result.Passed} tests", Label = "" })];

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Core(CoreClassResult result)
    {
        Assert.True(result.Failures.Count == 0, string.Join("\n\n", result.Failures));
        Assert.True(result.Passed > 0, "No test of this class passed under Wine; a class that has none to run there is left out with a reason.");
    }

    [Fact]
    public async Task At_least_half_of_the_test_classes_run()
    {
        Assert.SkipWhen(Wine.Missing is not null, Wine.Missing ?? "");
        var passed = (await WindowsRun.CoreAsync()).Count(result => result.Passed > 0 && result.Failures.Count == 0);
        var all = (await CoreClasses.ListMethodsAsync()).Select(CoreClasses.ClassOf).Distinct(StringComparer.Ordinal).Count();

        Assert.True(passed * 2 >= all, $"{passed} of {all}");
    }

    [Fact]
    public async Task Every_test_class_of_the_core_runs_or_is_left_out_with_a_reason()
    {
        var methods = await CoreClasses.ListMethodsAsync();
        var classes = methods.Select(CoreClasses.ClassOf).Distinct(StringComparer.Ordinal).ToList();
        var listed = CoreClasses.Run.Concat(CoreClasses.LeftOut).ToList();

        Assert.NotEmpty(classes);
        Assert.True(!classes.Except(listed, StringComparer.Ordinal).Any(), $"{Advice} Missing: {string.Join(", ", classes.Except(listed, StringComparer.Ordinal))}");
        Assert.True(!listed.Except(classes, StringComparer.Ordinal).Any(), $"{Advice} There is no {string.Join(", ", listed.Except(classes, StringComparer.Ordinal))}");
        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());
        Assert.All(CoreClasses.TestsLeftOut, test => Assert.True(methods.Contains(test) && CoreClasses.Run.Contains(CoreClasses.ClassOf(test)), $"{Advice} There is no {test}"));
    }
}
