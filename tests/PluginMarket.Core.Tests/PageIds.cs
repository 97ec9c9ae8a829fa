using System.Text.RegularExpressions;
using PluginMarket.TestKit;

namespace PluginMarket.Core.Tests;

/// <summary>The ids that pages give to their sections, rows and decisions, and the sources that cite them.</summary>
internal static partial class PageIds
{
    internal static IEnumerable<string> Of(string page) =>
        Anchor().Matches(File.ReadAllText(Path.Join(RepositoryRoot.Path, "docs", page))).Select(anchor => anchor.Groups["id"].Value);

    internal static IEnumerable<string> SourcesIn(string folder) =>
        Directory.EnumerateFiles(Path.Join(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !Path.GetRelativePath(RepositoryRoot.Path, file).Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj"));

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\"></a>", RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();
}
