using System.Text;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>docs/rules.md is made of the rules. PLUGINMARKET_WRITE_PAGES=1 writes it instead of comparing.</summary>
[Trait("Category", "Fast")]
public sealed class RulesPageTests
{
    [Fact]
    public void The_page_is_what_the_rules_say()
    {
        var path = Path.Join(RepositoryRoot.Path, "docs", "rules.md");
        var page = Render(RuleSet.All);
        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, "docs/rules.md is out of date. "
            + "Run: PLUGINMARKET_WRITE_PAGES=1 dotnet test tests/PluginMarket.Core.Tests --filter RulesPageTests");
    }

    private static string Render(IReadOnlyList<ManifestRule> rules)
    {
        var page = new StringBuilder("""
            # Rules

            What `Test-PluginManifest`, `Test-PluginMarketplace` and `pluginmarket validate` look for. This page is made of the rules themselves;
            `docs/validation.md` tells what the severities mean and how to change them. *Error*: Codex refuses or drops it. *Warning*: it
            loads, but not as its author means it, or PluginMarket refuses to install it. *Information*: advice.

            A sample shows files: a line `--- path`, then what the file holds. `-> target` makes a link, `(latin-1)` a file in that encoding,
            `(git)` a repository. Invisible characters are written as `\u{…}`.

            | Id | Severity | Rule |
            |---|---|---|

            """);
        foreach (var rule in rules)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| [{rule.Id}](#{rule.Id.ToLowerInvariant()}) | {rule.Severity} | {rule.Title} |\n");
        }

        foreach (var family in rules.GroupBy(rule => rule.Family))
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {family.Key}\n");
            foreach (var rule in family)
            {
                page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n### {rule.Id}\n\n{rule.Severity}: {rule.Title}. "
                    + $"{rule.Why}\n\nBad:\n\n{Fence(rule.BadSample)}\nGood:\n\n{Fence(rule.GoodSample)}");
            }
        }

        return page.ToString();
    }

    private static string Fence(string sample) =>
        $"```text\n{string.Join('\n',
            DisplayText.Escape(sample).Split('\n').Select(line => line.Length <= 200 ? line : line[..160] + " … " + line[^20..]))}```\n";
}
