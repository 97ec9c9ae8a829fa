using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Phrases that a reader stumbles over do not come back: in messages, pages, views, and names of tests.</summary>
[Trait("Category", "Fast")]
public sealed partial class VocabularyTests
{
    /// <summary>What is not written, and what is written instead.</summary>
    private static readonly (Regex Phrase, string Better)[] Phrases =
    [
        (Of(@"(?<!there )\b(is|are) no (?!longer\b|such\b|other\b|more\b)"), "is not a"),
        (Of(@"\bstands? (in\b(?! for)|twice|there|here|behind)"), "is in, is listed in"),
        (Of(@"\blies? (in|below|beside|outside|behind|there|where)\b"), "is in"),
        (Of(@"\bis none of\b"), "is not one of"),
        (Of(@"\bpass(es|ed)? over\b"), "ignored, skipped"),
        (Of(@"\banew\b"), "again"),
        (Of(@"\bmend(s|ed|ing)?\b"), "fix"),
        (Of(@"\bcame into being\b"), "was created"),
        (Of(@"\bin silence\b"), "without a message"),
        (Of(@"\btaken for\b"), "mistaken for"),
        (Of(@"\b(of|by) ours\b"), "of PluginMarket"),
        (Of(@"\bleads? (out|nowhere)\b"), "points outside, is broken"),
        (Of(@"\bgrave(r|st)?\b"), "severe"),
        (Of(@"\bdemanded\b"), "required"),
        (Of(@"\bnobody (can be asked|sees)\b|\bwhat (somebody|nobody)\b"), "the host is not interactive; invisible; name the subject"),
        (Of(@"\blet it go\b"), "release it"),
        (Of(@"\b(is|are|was|were|be) looked at\b|(?-i:\bLook at\b)"), "checked, reviewed; See"),
        (Of(@"\bmeanwhile\b"), "in the meantime, by another process"),
        (Of(@"\bin the place of\b"), "instead of, at the path of"),
        (Of(@"\bmistyped\b"), "misspelled"),
        (Of(@"\bgives? back\b"), "returns"),
        (Of(@"\bturned (on|off)\b"), "enabled, disabled"),
        (Of(@"\bhas to be confirmed\b"), "requires confirmation"),
        (Of(@"\bof which blank ones\b"), "blank lines are ignored"),
        (Of(@"\bthe agent's home\b"), "the Codex home"),
    ];

    /// <summary>What comments say in another way: the phrases above that are about language and not about a term.</summary>
    private static readonly (Regex Phrase, string Better)[] InComments =
    [
        (Of(@"(?<!there )\b(is|are|was|were) no (?!longer\b|such\b|other\b|more\b|matter\b|less\b)"), "is not a"),
        (Of(@"\bstands? (in\b(?! for)|twice|there|here|under|behind|against)"), "is in, occurs twice, is there, forbids"),
        (Of(@"\b(it|that|which|name|value|file|entry) stands\b(?! (for|in for|still|alone|above|out))"), "is"),
        (Of(@"\blies? (in|below|beside|outside|there|where)\b"), "is in"),
        (Of(@"(?<!one )\bpass(es|ed)? over\b"), "ignored"),
        (Of(@"\banew\b"), "again"),
        (Of(@"\bmend(s|ed|ing)?\b"), "fix"),
        (Of(@"\bcame into being\b"), "was created"),
        (Of(@"\bin silence\b"), "without a message"),
        (Of(@"\blook(s|ed|ing)? at\b"), "checks, reads"),
        (Of(@"\bmeanwhile\b"), "in the meantime"),
        (Of(@"\bin the place of\b"), "in place of"),
        (Of(@"\bgives? back\b"), "returns"),
        (Of(@"\bof which blank ones\b"), "blank lines are ignored"),
        (Of(@"\b(id|home|line|process|folder|repository|command|lock|test|case|error|failure|store) of (its|their) own\b"), "its own"),
    ];

    [Fact]
    public void No_comment_has_such_a_phrase()
    {
        var found = Files("src", ".cs").Concat(Files("tests", ".cs")).SelectMany(Lines)
            .Where(line => line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => InComments.Where(phrase => phrase.Phrase.IsMatch(line.Text))
                .Select(phrase => $"{line.Place}: '{phrase.Phrase.Match(line.Text).Value}': write {phrase.Better}: {line.Text.Trim()}"))
            .ToList();

        HouseRule.AssertKept("Write comments in plain English.", found);
    }

    [Fact]
    public void A_phrase_is_found_and_its_better_form_is_not()
    {
        Assert.Equal("is no ", Found("'x' is no plugin."));
        Assert.Equal("stands twice", Found("The id stands twice."));
        Assert.Null(Found("There is no plugin 'x', and 'y' is no longer listed."));
        Assert.Null(Found("'x' is not a plugin. It is mistaken for one, and stands in for another."));
    }

    [Fact]
    public void No_message_has_such_a_phrase() => AssertNone(
        Files("src", ".cs").SelectMany(file => Lines(file).Where(line => !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => Literal().Matches(line.Text).Select(literal => (line.Place, literal.Value)))));

    [Fact]
    public void No_page_or_view_has_such_a_phrase()
    {
        var root = RepositoryRoot.Path;
        var pages = Files("docs", ".md").Concat(Files("en-US", ".txt")).Concat(Files("en-US", ".xml")).Concat(Files("module", ".ps1xml"))
            .Concat(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "src/PluginMarket.Cli/README.md"]).ToList();
        Assert.True(pages.Count > 60, root);
        AssertNone(pages.SelectMany(Lines).Select(line => (line.Place, Code().Replace(line.Text, ""))));
    }

    [Fact]
    public void No_test_has_such_a_name() => AssertNone(
        Files("tests", ".cs").SelectMany(file => Lines(file).SelectMany(line => MethodName().Matches(line.Text)
            .Select(name => (line.Place, name.Groups["name"].Value.Replace('_', ' ')))))
        .Concat(Files("tests", ".ps1").SelectMany(file => Lines(file).SelectMany(line => PesterName().Matches(line.Text)
            .Select(name => (line.Place, name.Groups["name"].Value))))));

    private static void AssertNone(IEnumerable<(string Place, string Text)> texts)
    {
        var found = new List<string>();
        foreach (var (place, text) in texts)
        {
            found.AddRange(Phrases.Where(phrase => phrase.Phrase.IsMatch(text))
                .Select(phrase => $"{place}: '{phrase.Phrase.Match(text).Value}': write {phrase.Better}: {text.Trim()}"));
        }

        HouseRule.AssertKept("Write plain English, as an administrator would say it.", found);
    }

    private static string? Found(string text) =>
        Phrases.Select(phrase => phrase.Phrase.Match(text)).FirstOrDefault(match => match.Success)?.Value;

    private static IEnumerable<string> Files(string folder, string ending) =>
        Directory.EnumerateFiles(Path.Join(RepositoryRoot.Path, folder), "*" + ending, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.EndsWith("/VocabularyTests.cs", StringComparison.Ordinal));

    private static IEnumerable<(string Place, string Text)> Lines(string file) =>
        File.ReadLines(Path.Join(RepositoryRoot.Path, file)).Select((line, index) => ($"{file}:{index + 1}", line));

    private static Regex Of(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"public (static )?(async )?(Task|void|ValueTask) (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex MethodName();

    [GeneratedRegex(@"^\s*(It|Describe|Context) '(?<name>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex PesterName();
}
