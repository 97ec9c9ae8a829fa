using System.Reflection;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Over generated marketplaces our listing and installing equal those of each version of Codex, but for the rows of
/// <c>docs/codex-differences.md</c>.</summary>
public sealed class GeneratedCatalogTests(ComparedCatalogs compared, ITestOutputHelper output) : IClassFixture<ComparedCatalogs>
{
    [CodexFact]
    public void Both_tools_agree_on_every_generated_catalog()
    {
        var comparisons = Compared();
        var problems = comparisons.Where(c => c.Problems.Count > 0).Select(c => $"{c.Case}\n  {string.Join("\n  ", c.Problems)}").ToList();
        output.WriteLine($"{comparisons.Count} catalogs, {comparisons.Sum(c => c.Listed)} entries listed alike, "
            + $"{comparisons.Sum(c => c.Installed)} plugins installed alike");
        Assert.True(problems.Count == 0,
            $"{problems.Count} of {comparisons.Count} catalogs, seed {ComparedCatalogs.Seed}:\n{string.Join('\n', problems)}");
    }

    [CodexFact]
    public void There_are_enough_catalogs_and_they_are_not_all_refused()
    {
        var comparisons = Compared();
        Assert.True(comparisons.Count >= 300, $"{comparisons.Count} catalogs");
        Assert.True(comparisons.Count(c => c.Installed > 0) >= 200,
            $"{comparisons.Count(c => c.Installed > 0)} catalogs with an installed plugin");
    }

    [CodexFact]
    public void Every_row_of_the_table_is_shown_for_the_versions_it_names_and_none_besides()
    {
        Assert.NotEmpty(Compared());
        Assert.Equal(DifferenceTable.Ids(Judge.CurrentVersion).Order(StringComparer.Ordinal),
            Shown(Judge.CurrentVersion).Order(StringComparer.Ordinal));
    }

    [CodexFact]
    public void Every_difference_that_a_case_or_a_test_names_is_in_the_table()
    {
        var named = ShownByTests().Concat(Compared().SelectMany(c => c.Case.Differences)).Distinct(StringComparer.Ordinal);
        Assert.Empty(named.Except(DifferenceTable.Rows.Select(row => row.Id), StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_of_versions_says_which_rows_were_shown_for_which()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        var rows = DifferenceTable.Rows.Select(row => new VersionRow(row.Id, [], CodexVersions.Asked.ToDictionary(version => version,
            version => Shown(version).Contains(row.Id) ? "differs" : "alike", StringComparer.Ordinal)));
        VersionPage.Check("Differences from PluginMarket", [.. rows], "Id");
    }

    private HashSet<string> Shown(string version) =>
        [.. ShownByTests().Where(row => DifferenceTable.Holds(row, version))
            .Concat(compared.Comparisons.Where(c => c.Version == version).SelectMany(c => c.Exercised))];

    private static IEnumerable<string> ShownByTests() =>
        typeof(ShowsAttribute).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<ShowsAttribute>()).Select(attribute => attribute.Row);

    private List<CaseComparison> Compared()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        return [.. compared.Comparisons.Where(c => c.Version == Judge.CurrentVersion)];
    }
}
