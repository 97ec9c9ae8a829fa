using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed partial class ErrorPageTests
{
    [Fact]
    public void The_page_names_every_code_and_no_other()
    {
        var page = File.ReadAllText(Path.Join(RepositoryRoot.Path, "docs", "errors.md"));
        var listed = Row().Matches(page).Select(row => row.Groups["id"].Value).Where(id => id != "Id").ToList();
        var codes = Enum.GetNames<MarketErrorCode>();

        HouseRule.AssertKept("These codes have no row in docs/errors.md. Add one: id, category, what happened, what to do.",
            codes.Except(listed));
        HouseRule.AssertKept("These rows of docs/errors.md are of no code. Remove them, or correct the id.", listed.Except(codes));
        HouseRule.AssertKept("These codes have two rows in docs/errors.md. Make one of them.",
            listed.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [GeneratedRegex(@"^\| (?<id>[A-Za-z]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
