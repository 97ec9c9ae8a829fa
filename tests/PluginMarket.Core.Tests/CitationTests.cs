using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Comments cite the pages in docs by ids, which lead somewhere.</summary>
[Trait("Category", "Fast")]
public sealed partial class CitationTests
{
    private const string Forms = "Cite 'contract 4.6', 'threat C5', 'promise 8', 'decision D-…' or a page such as docs/reliability.md.";

    [Fact]
    public void Every_citation_in_a_comment_leads_to_an_id_of_a_page()
    {
        var ids = PageIds.Of("codex-contract.md").Select(id => $"contract {id}")
            .Concat(PageIds.Of("threats.md").Select(id => id.StartsWith('P') ? $"promise {id[1..]}" : $"threat {id}"))
            .Concat(PageIds.Of("decisions.md").Select(id => $"decision {id}"))
            .ToHashSet(StringComparer.Ordinal);
        var cited = Comments().SelectMany(comment => Cited(comment.Text).Select(citation => (comment.Place, Citation: citation))).ToList();

        Assert.True(cited.Count > 100, $"Only {cited.Count} citations were found: this test no longer reads comments.");
        HouseRule.AssertKept(
            $"These comments cite what no page has. Correct the id, or add the section, row or decision to its page in docs. {Forms}",
            cited.Where(
                one => one.Citation.StartsWith("docs/", StringComparison.Ordinal) ? !IsThere(one.Citation) : !ids.Contains(one.Citation))
                .Select(one => $"{one.Place}: {one.Citation}"));
    }

    [Fact]
    public void No_comment_cites_a_page_outside_the_repository() =>
        HouseRule.AssertKept(
            $"These comments cite a page or a number that no reader of the repository has. {Forms}",
            Comments().Where(comment => Outside().IsMatch(comment.Text)).Select(comment => $"{comment.Place}: {comment.Text.Trim()}"));

    private static IEnumerable<string> Cited(string comment)
    {
        foreach (Match citation in Citation().Matches(comment))
        {
            var kind = citation.Groups["kind"].Value.ToLowerInvariant();
            foreach (Match id in Id().Matches(citation.Groups["ids"].Value))
            {
                yield return $"{kind} {id.Value}";
            }
        }

        foreach (Match page in PageName().Matches(comment))
        {
            yield return page.Value;
        }
    }

    private static IEnumerable<(string Place, string Text)> Comments()
    {
        foreach (var file in PageIds.SourcesIn("src").Concat(PageIds.SourcesIn("tests")))
        {
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (Comment().Match(line) is { Success: true } comment)
                {
                    yield return ($"{Path.GetRelativePath(RepositoryRoot.Path, file)}:{number}", comment.Groups["text"].Value);
                }
            }
        }
    }

    private static bool IsThere(string path) => File.Exists(Path.Join(RepositoryRoot.Path, path));

    [GeneratedRegex(@"(^|\s)//+(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?<kind>contract|threat|promise|decision) (?<ids>[A-HD\d][\w.-]*((, | and | to )(\d+(\.\d+)?|"
        + @"[A-H]\d+|D-[\w-]+)\b)*)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Citation();

    [GeneratedRegex(@"D-[\w-]*\w|[A-H]\d+|\d+(\.\d+)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

    [GeneratedRegex(@"\bdocs/[\w./-]+\.(md|json)", RegexOptions.ExplicitCapture)]
    private static partial Regex PageName();

    [GeneratedRegex(
        @"\bdesign \d|\breliability rows?\b|\brows? "
            + @"[A-H]\d|\bcontract section|\b(threats|promises|contracts|decisions) [A-H]?\d|\bthreat table"
        + @"|\b\d-(architecture|codex|cmdlets|reliability|habits|fleet|house)|\bissue \d|must-show",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Outside();
}
