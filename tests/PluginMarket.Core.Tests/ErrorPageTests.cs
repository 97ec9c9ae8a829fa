using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

public sealed partial class ErrorPageTests
{
    [Fact]
    public void The_page_names_every_code_and_no_other()
    {
        var page = File.ReadAllText(Path.Join(RepositoryRoot.Path, "docs", "errors.md"));
        var listed = Row().Matches(page).Select(row => row.Groups["id"].Value).Where(id => id != "Id");

        Assert.Equal(Enum.GetNames<MarketErrorCode>().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<id>[A-Za-z]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
