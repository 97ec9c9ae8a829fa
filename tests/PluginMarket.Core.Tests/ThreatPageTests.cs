using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>The pages that promise something name the tests that show it; each of those tests exists.</summary>
[Trait("Category", "Fast")]
public sealed partial class ThreatPageTests
{
    private static readonly string[] PagesWithIds = ["codex-contract.md", "threats.md", "decisions.md"];

    [Fact]
    public void Every_threat_and_promise_names_tests_that_exist_or_says_what_is_not_shown()
    {
        var sources = Sources();
        var rows = Row().Matches(Page("threats.md")).ToList();

        Assert.Equal(134, rows.Count);
        HouseRule.AssertKept(
            "These rows of docs/threats.md name a test that does not exist. "
                + "When you rename or remove a test, name the one that shows the row now; "
            + "where none does, write 'not shown: ' and what.",
            rows.SelectMany(row => Faults(row.Groups["shown"].Value, sources).Select(fault => $"{row.Groups["id"]}: {fault}")));
    }

    [Fact]
    public void Every_filter_of_the_reliability_page_finds_a_test()
    {
        var sources = Sources();

        HouseRule.AssertKept(
            "These filters in docs/reliability.md find no test. When you rename a test class or a test, change the filter too.",
            Filter().Matches(Page("reliability.md")).Select(filter => filter.Groups["part"].Value)
                .Where(
                    part => !sources.Any(source => Regex.IsMatch(source, $@"\b(class|namespace|Task|void) [\w.]*{Regex.Escape(part)}"))));
    }

    [Fact]
    public void An_id_stands_for_one_thing() =>
        HouseRule.AssertKept(
            "These ids are given twice on a page. "
                + "Ids stay as they are once they are cited: give the new section, row or decision an id of its own.",
            PagesWithIds.SelectMany(page =>
                PageIds.Of(page).GroupBy(id => id).Where(same => same.Count() > 1).Select(same => $"docs/{page}: {same.Key}")));

    /// <summary>What is wrong with the last cell of a row.</summary>
    private static IEnumerable<string> Faults(string cell, IReadOnlyList<string> sources)
    {
        foreach (var part in cell.Split(';', StringSplitOptions.TrimEntries)
            .Where(part => !part.StartsWith("not shown: ", StringComparison.Ordinal)))
        {
            var name = TestName().Match(part);
            if (!name.Success)
            {
                yield return $"'{part}' is not a test in backticks and does not begin with 'not shown: '";
            }
            else if (name.Groups["file"].Success ? !HasPester(name) : !HasTest(sources, name))
            {
                yield return part;
            }
        }
    }

    private static bool HasTest(IReadOnlyList<string> sources, Match name) =>
        sources.Any(source => Regex.IsMatch(source, $@"\bclass {name.Groups["class"]}\b")
            && Regex.IsMatch(source, $@"\bpublic (async Task|Task|void) {name.Groups["method"]}\("));

    private static bool HasPester(Match name)
    {
        var path = Path.Join(RepositoryRoot.Path, "tests", "module", name.Groups["file"].Value);
        return File.Exists(path) && File.ReadAllText(path)
            .Contains($"It '{name.Groups["text"].Value.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Sources() => [.. PageIds.SourcesIn("tests").Select(File.ReadAllText)];

    private static string Page(string name) => File.ReadAllText(Path.Join(RepositoryRoot.Path, "docs", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^\| <a id=""(?<id>\w+)""></a>.*\| (?<shown>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^`((?<file>[\w-]+\.Tests\.ps1): (?<text>[^`]+)|(?<class>\w+)\.(?<method>\w+))`$", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    [GeneratedRegex(@"FullyQualifiedName~(?<part>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Filter();
}
