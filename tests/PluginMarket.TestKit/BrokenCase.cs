using System.Text;

namespace PluginMarket.TestKit;

/// <summary>One case of <c>tests/catalogs/broken-cases.txt</c>.</summary>
/// <param name="Name">The case, and its marketplace.</param>
/// <param name="Refused">What Codex refuses: <c>file</c>, <c>entry</c>, <c>install</c>, <c>part NAME</c> or <c>nothing</c>.</param>
/// <param name="Says">What the check says: <c>error</c> or <c>fine</c>, and the rules.</param>
/// <param name="Reason">Why the two differ; empty where they agree.</param>
/// <param name="Files">Path and text.</param>
internal sealed record BrokenCase(string Name, string Refused, string Says, string Reason, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Every case of the file.</summary>
    internal static IReadOnlyList<BrokenCase> ReadAll()
    {
        var cases = new List<BrokenCase>();
        string? path = null;
        foreach (var line in File.ReadLines(Path.Join(RepositoryRoot.Path, "tests", "catalogs", "broken-cases.txt")))
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                var parts = line[4..].Split(" | ");
                cases.Add(new BrokenCase(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "",
                    parts.ElementAtOrDefault(3) ?? "", new Dictionary<string, string>(cases.FirstOrDefault()?.Files
                        ?? new Dictionary<string, string>(), StringComparer.Ordinal)));
                path = null;
            }
            else if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                var files = (Dictionary<string, string>)cases[^1].Files;
                path = line[4..].Replace(" (none)", "", StringComparison.Ordinal);
                files.Remove(path);
                if (!line.EndsWith(" (none)", StringComparison.Ordinal))
                {
                    files[path] = "";
                }
            }
            else if (path is not null && line.Length > 0)
            {
                var files = (Dictionary<string, string>)cases[^1].Files;
                files[path] += line + "\n";
            }
        }

        return cases[1..];
    }

    /// <summary>Writes the files below a folder.</summary>
    internal void WriteTo(string root)
    {
        foreach (var (path, text) in Files)
        {
            var file = Path.Join(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text.Replace("CASE", Name, StringComparison.Ordinal)
                .Replace("\\u{FEFF}", "\uFEFF", StringComparison.Ordinal), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }
}
