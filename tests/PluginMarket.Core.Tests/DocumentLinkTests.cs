using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Every link of every page leads somewhere, and none to a place nobody has checked.</summary>
[Trait("Category", "Fast")]
public sealed partial class DocumentLinkTests
{
    private static readonly string[] OtherPages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "src/PluginMarket.Cli/README.md"];

    // What the pages may name: examples that no one owns (one is cut off by the column of a table), and the hosts of
    // formats and programs they speak of.
    private static readonly string[] Hosts = ["agent-plugins.org", "aka.ms", "example.com", "example.net", "example.org",
        "git-lfs.github.com", "github.com", "go.microsoft.com", "json-schema.org", "mcp.examp", "opensource.org", "www.w3.org"];
    private static readonly string[] Endings = [".example", ".example.com", ".example.net", ".example.org", ".internal",
        ".invalid", ".test"];

    public static TheoryData<string> Pages()
    {
        var root = RepositoryRoot.Path;
        var docs = Directory.EnumerateFiles(Path.Join(root, "docs"), "*.md", SearchOption.AllDirectories);
        var topics = Directory.EnumerateFiles(Path.Join(root, "en-US"), "about_*.txt");
        return [.. docs.Concat(topics).Concat(OtherPages.Select(name => Path.Join(root, name)))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Files_pictures_and_headings_that_a_page_links_to_exist(string page)
    {
        var file = Path.Join(RepositoryRoot.Path, page);

        // Topics are shown by Get-Help from another folder; their links are those of the page they are made of.
        var folder = page.EndsWith(".txt", StringComparison.Ordinal)
            ? Path.Join(RepositoryRoot.Path, "docs", "en-US") : Path.GetDirectoryName(file)!;
        var broken = Link().Matches(WithoutCode(File.ReadAllText(file))).Select(link => link.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal) && !Leads(folder, file, to));

        HouseRule.AssertKept($"These links of {page} lead nowhere. Correct the path or the heading; "
            + $"a heading's link is its text in lower case with '-' for each space.", broken);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Addresses_are_of_known_hosts(string page)
    {
        var hosts = Address().Matches(File.ReadAllText(Path.Join(RepositoryRoot.Path, page)))
            .Select(address => address.Groups["host"].Value.ToLowerInvariant());

        HouseRule.AssertKept(
            $"{page} names these hosts. Use a name kept for examples (example.com, host.invalid); "
                + $"a host of a format or program belongs in the list of this test.",
            hosts.Where(host => !Hosts.Contains(host) && !Endings.Any(ending => host.EndsWith(ending, StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_names_a_folder_of_somebodys_machine(string page) =>
        HouseRule.AssertKept(
            $"{page} names a folder of one machine. Use ~, /srv or a relative path.",
            MachinePath().Matches(File.ReadAllText(Path.Join(RepositoryRoot.Path, page))).Select(path => path.Value));

    private static bool Leads(string folder, string page, string to)
    {
        var parts = to.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Join(folder, Uri.UnescapeDataString(parts[0])));
        return (File.Exists(target) || Directory.Exists(target))
            && (parts.Length == 1 || Anchors(File.ReadAllText(target)).Contains(parts[1]));
    }

    // As GitHub names them: lower case, punctuation left out, a number behind the second of the same name; and those a page gives itself.
    private static HashSet<string> Anchors(string text)
    {
        var anchors = GivenAnchor().Matches(text).Select(anchor => anchor.Groups["id"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(Fence().Replace(text, "")).Select(match => match.Groups["text"].Value.Trim()))
        {
            var name = Punctuation().Replace(Link().Replace(heading, "${text}").ToLowerInvariant(), "").Replace(' ', '-');
            for (var (number, unique) = (1, name); !anchors.Add(unique); number++)
            {
                unique = $"{name}-{number}";
            }
        }

        return anchors;
    }

    private static string WithoutCode(string text) => InlineCode().Replace(Fence().Replace(text, ""), "");

    [GeneratedRegex(@"\[(?<text>[^\]\n]*)\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"https?://([^/@\s""'`)>]*@)?(?<host>[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w.~])(/root|/var/tmp|/home/\w+|/Users/\w+|[A-Za-z]:\\+Users\\+\w+)(?![\w-])", RegexOptions.ExplicitCapture)]
    private static partial Regex MachinePath();

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\"></a>", RegexOptions.ExplicitCapture)]
    private static partial Regex GivenAnchor();

    [GeneratedRegex(@"^#{1,6} +(?<text>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?<fence>`{3,}).*?^\k<fence>\s*$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Punctuation();
}
