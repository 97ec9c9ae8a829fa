using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Windows.Tests;

/// <summary>Every check on the Windows API as one row, and what they have to cover.</summary>
/// <remarks>A test that skips itself on Windows, and one that needs a git command, is not a row: it runs on Linux.</remarks>
[Trait("Category", "Slow")]
public sealed partial class WindowsTests
{
    public static async Task<IReadOnlyCollection<TheoryDataRow<WindowsResult>>> ModuleResults() =>
        Rows(Wine.Missing is null ? await WindowsRun.PesterAsync() : null);

    [Theory]
    [MemberData(nameof(ModuleResults), DisableDiscoveryEnumeration = true)]
    public void Module(WindowsResult result) => Assert.True(result.Passed, result.Message);

    [Fact]
    public async Task Every_exported_cmdlet_passes_at_least_one_check()
    {
        Assert.SkipWhen(Wine.Missing is not null, Wine.Missing ?? "");
        var manifest = await File.ReadAllTextAsync(Path.Join(RepositoryRoot.Path, "PluginMarket.psd1"),
            TestContext.Current.CancellationToken);
        var cmdlets = ExportedCmdlet().Matches(manifest).Select(match => match.Groups["name"].Value).ToList();
        var passed = (await WindowsRun.PesterAsync()).Where(result => result.Passed).ToList();

        Assert.NotEmpty(cmdlets);
        Assert.All(cmdlets, cmdlet => Assert.Contains(passed,
            result => result.File == cmdlet + ".Tests.ps1" || result.Name.Contains(cmdlet, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Checks_of_Windows_alone_are_at_least_sixty()
    {
        Assert.SkipWhen(Wine.Missing is not null, Wine.Missing ?? "");
        var own = Directory.GetFiles(Path.Join(RepositoryRoot.Path, "tests", "windows"), "*.Tests.ps1").Select(Path.GetFileName)
            .ToHashSet(StringComparer.Ordinal);

        Assert.InRange((await WindowsRun.PesterAsync()).Count(result => result.Passed && own.Contains(result.File)), 60, int.MaxValue);
    }

    [Fact]
    public void The_list_of_what_is_left_out_names_files_that_are_there() =>
        Assert.All(LeftOut.Names,
            name => Assert.True(File.Exists(Path.Join(RepositoryRoot.Path, "tests", "module", name.Split('/')[0])), name));

    private static List<TheoryDataRow<WindowsResult>> Rows(IReadOnlyList<WindowsResult>? results) => results is null
        ? [new TheoryDataRow<WindowsResult>(new WindowsResult("", "", "Skipped", null))
        {
            Skip = Wine.Missing,
            TestDisplayName = "Windows",
        }]
        : [.. results.Where(result => result.Outcome != "Skipped")
            .Select(result => new TheoryDataRow<WindowsResult>(result) { TestDisplayName = $"{result.File}: {result.Name}" })];

    [GeneratedRegex(@"^\s+'(?<name>[A-Z][A-Za-z]+-[A-Za-z]+)'\s*$", RegexOptions.Multiline)]
    private static partial Regex ExportedCmdlet();
}
