using System.Reflection;

namespace PluginMarket.Interop.Tests;

/// <summary>Over generated marketplaces our listing and installing equal Codex's, but for the rows of <c>docs/codex-differences.md</c>.</summary>
public sealed class GeneratedCatalogTests(ComparedCatalogs compared, ITestOutputHelper output) : IClassFixture<ComparedCatalogs>
{
    [Fact]
    public void Both_tools_agree_on_every_generated_catalog()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        var problems = compared.Comparisons.Where(c => c.Problems.Count > 0).Select(c => $"{c.Case}\n  {string.Join("\n  ", c.Problems)}").ToList();
        output.WriteLine($"{compared.Comparisons.Count} catalogs, {compared.Comparisons.Sum(c => c.Listed)} entries listed alike, {compared.Comparisons.Sum(c => c.Installed)} plugins installed alike");
        Assert.True(problems.Count == 0, $"{problems.Count} of {compared.Comparisons.Count} catalogs, seed {ComparedCatalogs.Seed}:\n{string.Join('\n', problems)}");
    }

    [Fact]
    public void There_are_enough_catalogs_and_they_are_not_all_refused()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        Assert.True(compared.Comparisons.Count >= 300, $"{compared.Comparisons.Count} catalogs");
        Assert.True(compared.Comparisons.Count(c => c.Installed > 0) >= 200, $"{compared.Comparisons.Count(c => c.Installed > 0)} catalogs with an installed plugin");
    }

    [Fact]
    public void Every_row_of_the_table_is_shown_by_a_test_and_none_besides()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        var shown = typeof(ShowsAttribute).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<ShowsAttribute>()).Select(attribute => attribute.Row)
            .Concat(compared.Comparisons.SelectMany(c => c.Exercised)).Distinct(StringComparer.Ordinal);
        Assert.Equal(DifferenceTable.Ids.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_difference_that_a_case_names_stands_in_the_table()
    {
        Assert.SkipWhen(compared.Missing is not null, compared.Missing ?? "");
        Assert.Empty(compared.Comparisons.SelectMany(c => c.Case.Differences).Distinct(StringComparer.Ordinal).Except(DifferenceTable.Ids, StringComparer.Ordinal));
    }
}
