using System.Globalization;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary><c>docs/codex-versions.md</c>: tables with a column for each version of Codex, written by the tests that saw what they say.
/// PLUGINMARKET_WRITE_PAGES=1 writes it instead of comparing.</summary>
internal static class VersionPage
{
    private const string Write = "PLUGINMARKET_WRITE_PAGES=1 dotnet test tests/PluginMarket.Interop.Tests";

    private static readonly Lock Turn = new();

    /// <summary>Compares one table of the page with what was seen; a version that has no column yet must be
    /// as the newest older one that has.</summary>
    /// <param name="title">The table's title.</param>
    /// <param name="rows">For each row what is before the answers, and the answers by version.</param>
    /// <param name="headings">The headings of what is before the answers.</param>
    public static void Check(string title, IReadOnlyList<VersionRow> rows, params string[] headings)
    {
        lock (Turn)
        {
            var path = Path.Join(RepositoryRoot.Path, "docs", "codex-versions.md");
            var page = File.ReadAllText(path);
            var (start, end) = Section(page, title);
            var text = Render(rows, headings);
            var isSupported = CodexVersions.Asked.SequenceEqual(CodexVersions.Supported);
            if (isSupported && Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
            {
                File.WriteAllText(path, page[..start] + text + page[end..]);
                return;
            }

            var known = Read(page[start..end]);
            var drift = rows.SelectMany(row => row.Answers.Select(answer => (row.Id, Version: answer.Key, Now: Cell(answer.Value),
                Known: known.Answer(row.Id, answer.Key)))).Where(one => one.Now != one.Known).ToList();
            Assert.True(
                drift.Count == 0,
                $"docs/codex-versions.md says otherwise:\n{string.Join('\n', drift.Select(one => $"  {one.Id}, Codex {one.Version}: "
                    + $"{one.Now}; on the page: {one.Known ?? "nothing"}"))}\n\n{text}\nWhere this is right, run: {Write}");
            Assert.True(!isSupported || page[start..end] == text, $"docs/codex-versions.md is out of date. Run: {Write}");
        }
    }

    private static (int Start, int End) Section(string page, string title)
    {
        var heading = page.IndexOf($"## {title}\n", StringComparison.Ordinal);
        Assert.True(heading >= 0, $"docs/codex-versions.md has no section '{title}'.");
        var start = page.IndexOf("\n|", heading, StringComparison.Ordinal) + 1;
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
        return (start, end < 0 ? page.Length : end + 1);
    }

    private static string Render(IReadOnlyList<VersionRow> rows, string[] headings)
    {
        var versions = rows.SelectMany(row => row.Answers.Keys).Distinct(StringComparer.Ordinal)
            .Order(Comparer<string>.Create(CodexVersions.Compare)).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", headings.Concat(versions))} "
            + $"|\n|{string.Concat(Enumerable.Repeat("---|", headings.Length + versions.Count))}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", new[] { row.Id }.Concat(row.About)
                .Concat(versions.Select(version => Cell(row.Answers.GetValueOrDefault(version) ?? ""))))} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string answer) => answer.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();

    private static Known Read(string table)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Replace("\\|", "\0", StringComparison.Ordinal).Trim('|').Split('|')
                .Select(cell => cell.Trim().Replace("\0", "\\|", StringComparison.Ordinal)).ToList()).ToList();
        var columns = lines[0].Select((heading, index) => (heading, index)).Where(column => char.IsAsciiDigit(
            column.heading.FirstOrDefault())).ToDictionary(column => column.heading, column => column.index, StringComparer.Ordinal);
        return new Known(columns, lines.Skip(2).ToDictionary(cells => cells[0], StringComparer.Ordinal));
    }

    private sealed record Known(IReadOnlyDictionary<string, int> Columns, IReadOnlyDictionary<string, List<string>> Lines)
    {
        public string? Answer(string id, string version)
        {
            // The newest that is not newer than it; for one that is older than all, the oldest.
            var sorted = Columns.Keys.Order(Comparer<string>.Create(CodexVersions.Compare)).ToList();
            var column = sorted.FindLast(known => CodexVersions.Compare(known, version) <= 0) ?? sorted[0];
            return Lines.TryGetValue(id, out var cells) ? cells[Columns[column]] : null;
        }
    }
}

/// <summary>A row of a table with a column for each version.</summary>
/// <param name="Id">Its id, the first cell.</param>
/// <param name="About">The cells before the answers.</param>
/// <param name="Answers">What each version does.</param>
internal sealed record VersionRow(string Id, IReadOnlyList<string> About, IReadOnlyDictionary<string, string> Answers);
