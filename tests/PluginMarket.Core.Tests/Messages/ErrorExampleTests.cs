using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Every error ends with a step that can help, in the words of the face that shows it.</summary>
[Trait("Category", "Fast")]
public sealed partial class ErrorExampleTests
{
    private static string Page => Path.Join(RepositoryRoot.Path, "tests", "PluginMarket.Core.Tests", "Messages", "ErrorExamples.md");

    [Fact]
    public async Task Every_error_is_said_in_both_faces_as_the_page_has_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page has the paths and the texts of Unix.");
        var helpless = new List<string>();
        var page = new StringBuilder("# One example of each error\n\nWritten by `ErrorExampleTests`: what PowerShell says, "
            + "and where the command line says it otherwise, what that says.\n");
        foreach (var code in Enum.GetValues<MarketErrorCode>().OrderBy(code => code.ToString(), StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {code}\n\n");
            if (!ErrorExamples.All.TryGetValue(code, out var example))
            {
                page.Append(
                    ErrorExamples.OfCmdlets.Contains(code) ? "Of the cmdlets alone: tests/module has it.\n"
                    : ErrorExamples.OfOtherPrograms.Contains(code)
                        ? "Needs another program to occur; the test of every site has its text.\n"
                    : ErrorExamples.OfPoliciesAndFleets.Contains(code) ? "The tests of policies and fleets have it.\n"
                    : throw new InvalidOperationException($"{code} has no example: add one to ErrorExamples."));
                continue;
            }

            using var shop = new TestShop();
            var failure = await example(shop);
            Assert.True(failure is not null, $"The example of {code} did not fail.");
            Assert.Equal(code, failure.Code);
            var (powerShell, commandLine) = (Shown(failure.Said.In(Face.PowerShell), shop), Shown(failure.Said.In(Face.CommandLine), shop));
            helpless.AddRange(Enum.GetValues<Face>().Where(face => !Step().IsMatch(failure.Said.AdviceIn(face)))
                .Select(face => $"{code} in {face}: {failure.Said.In(face)}"));
            Assert.DoesNotContain("canary", powerShell + commandLine, StringComparison.Ordinal);
            page.Append(powerShell + "\n").Append(commandLine == powerShell ? "" : $"\n{commandLine}\n");
        }

        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            await File.WriteAllTextAsync(Page, page.ToString(), TestContext.Current.CancellationToken);
        }

        HouseRule.AssertKept(
            "These errors do not end with a step that can help: put a Remedy that the face has into the message.", helpless);
        Assert.True(
            await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken) == page.ToString(),
            "ErrorExamples.md is not what the errors say now. Run this test with PLUGINMARKET_WRITE_PAGES=1 and read what changed.");
    }

    [Fact]
    public void Every_place_that_makes_an_error_says_what_can_help_or_quotes_what_does()
    {
        var sites = Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Site().Matches(File.ReadAllText(file)).Select(site => (File: Path.GetFileName(file), Text: site.Value)))
            .ToList();

        Assert.True(sites.Count > 150);
        HouseRule.AssertKept(
            "An error ends with a step that can help: put a Remedy into a hole of its message, "
                + "or quote the failure or message that has one.",
            sites.Where(site => !Help().IsMatch(site.Text)).Select(site => $"{site.File}: {site.Text.ReplaceLineEndings(" ")}"));
    }

    private static string Shown(string text, TestShop shop) => Computed().Replace(
        text.Replace(shop.CodexHome, "/home/.codex", StringComparison.Ordinal)
            .Replace(shop.Scratch.Path, "/scratch", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal),
        "sha256:…");

    [GeneratedRegex(@"sha256:[0-9a-f]{64}")]
    private static partial Regex Computed();

    [GeneratedRegex(@"^[A-Z][\s\S]*[.?]$")]
    private static partial Regex Step();

    // To the end of the statement or of the arm.
    [GeneratedRegex(@"(?:new PluginMarketException|\bnew)\(\s*(?:MarketErrorCode\.|code\b|failure\.Code|finding\.Code|refusal\.Code|"
        + @"entry\.\w+Code|result\.End)[\s\S]*?(?=;\s*\n|\),?\s*\n\s*(?:\}|ApprovalVerdict|_ =>|:))")]
    private static partial Regex Site();

    [GeneratedRegex(@"Remedy|Advice|\bremedy\b|\bhint\b|\bstep\b|\bnext\b|\.Said\b|\bmessage\b|\{failure\}|\{problem\}|\{finding\}|"
        + @"\{reason\}|Refusal!|InstallAgain|GitFailures\.FullId|GitFailures\.ChooseCommit|FetchLimit\.Passed|SayNotGit")]
    private static partial Regex Help();
}
