using System.Text.Json;

namespace PluginMarket.Windows.Tests;

/// <summary>What <c>Invoke-PesterFiles.ps1</c> wrote until its end or its crash.</summary>
/// <param name="Results">The results of the files that came to their end.</param>
/// <param name="Finished">The names of those files.</param>
/// <param name="Current">The name of the file that began last, where it did not come to its end.</param>
/// <param name="Rest">The lines that are not messages.</param>
internal sealed record PesterOutput(IReadOnlyList<WindowsResult> Results, IReadOnlyList<string> Finished, string? Current, string Rest)
{
    private const string Begin = "begin ";
    private const string Row = "row ";
    private const string End = "end ";

    public static PesterOutput Read(string output)
    {
        var results = new List<WindowsResult>();
        var rows = new List<WindowsResult>();
        var finished = new List<string>();
        var rest = new List<string>();
        string? current = null;
        var lines = output.Split('\n');
        // What follows the last line end is a line that its writer did not come to the end of.
        foreach (var line in lines[..^1])
        {
            if (line.StartsWith(Begin, StringComparison.Ordinal))
            {
                current = line[Begin.Length..];
                rows.Clear();
            }
            else if (line.StartsWith(Row, StringComparison.Ordinal))
            {
                rows.Add(JsonSerializer.Deserialize<WindowsResult>(line[Row.Length..])!);
            }
            else if (line.StartsWith(End, StringComparison.Ordinal) && line[End.Length..] == current)
            {
                results.AddRange(rows);
                finished.Add(current);
                current = null;
            }
            else
            {
                rest.Add(line);
            }
        }

        return new PesterOutput(results, finished, current, string.Join('\n', rest));
    }
}
