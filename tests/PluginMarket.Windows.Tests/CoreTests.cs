using Xunit;

namespace PluginMarket.Windows.Tests;

/// <summary>Every unit test class of the core that runs on the Windows API as one row, and which have to.</summary>
[Trait("Category", "Slow")]
public sealed class CoreTests
{
    private const string Advice =
        "Each test class of the core has a line in tests/windows/core-classes.txt: "
        + "its name where it runs under Wine, else its name, ' # ' and the reason.";

    public static async Task<IReadOnlyCollection<TheoryDataRow<CoreClassResult>>> Results() => Wine.Missing is { } missing
        ? [new TheoryDataRow<CoreClassResult>(new CoreClassResult("", 0, [])) { Skip = missing, TestDisplayName = "Core" }]
        : [.. (await WindowsRun.CoreAsync()).Select(result =>
            new TheoryDataRow<CoreClassResult>(result) { TestDisplayName = $"{result.Name}: {result.Passed} tests", Label = "" })];

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Core(CoreClassResult result)
    {
        Assert.True(result.Failures.Count == 0, string.Join("\n\n", result.Failures));
        Assert.True(result.Passed > 0, $"No test of this class ran under Wine. {Advice}");
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
        AssertNone("They have no line", classes.Except(listed, StringComparer.Ordinal));
        AssertNone("They do not exist", listed.Except(classes, StringComparer.Ordinal));
        AssertNone("They have two lines",
            listed.GroupBy(name => name, StringComparer.Ordinal).Where(lines => lines.Count() > 1).Select(lines => lines.Key));
        AssertNone("They do not exist", CoreClasses.TestsLeftOut.Except(methods, StringComparer.Ordinal));
        AssertNone("Their class does not run",
            CoreClasses.TestsLeftOut.Where(test => !CoreClasses.Run.Contains(CoreClasses.ClassOf(test))));
    }

    private static void AssertNone(string fault, IEnumerable<string> names) =>
        Assert.True(!names.Any(), $"{Advice} {fault}: {string.Join(", ", names)}");
}
