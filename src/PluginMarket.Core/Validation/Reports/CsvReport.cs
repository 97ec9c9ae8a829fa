using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>Comma-separated values, flat: one row for each result, and on it all there is to say of it.</summary>
/// <remarks>A spreadsheet computes a cell that begins like a formula, so such a text gets an apostrophe in front.</remarks>
internal static class CsvReport
{
    internal static string Write(ItemContent content)
    {
        var columns = content.Items.SelectMany(item => item.Owner.Concat(item.Fields)).Select(field => field.Name)
            .Distinct(StringComparer.Ordinal).ToList();
        var report = new StringBuilder();
        Row(report, ["Result", "Outcome", .. columns]);
        foreach (var item in content.Items)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in item.Owner.Concat(item.Fields))
            {
                fields[field.Name] = field.Text;
            }

            Row(report, [item.Kind, item.Outcome.ToString(), .. columns.Select(column => fields.GetValueOrDefault(column, ""))]);
        }

        return report.ToString();
    }

    private static void Row(StringBuilder report, IEnumerable<string> cells) =>
        report.AppendJoin(',', cells.Select(Cell)).Append('\n');

    private static string Cell(string text)
    {
        var safe = text.Replace("##", "# #", StringComparison.Ordinal);
        safe = safe.AsSpan().TrimStart() is ['=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', ..]
            ? "'" + safe : safe;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
