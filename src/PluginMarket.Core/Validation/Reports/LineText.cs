using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>One line for engines that show one line: ASCII, never more than 2,000 characters.</summary>
internal static class LineText
{
    internal const int Longest = 2000;

    /// <summary>A head and parts behind it. What does not fit is counted, so that nobody takes the line for all of it.</summary>
    internal static string Join(string head, IEnumerable<string> parts)
    {
        var line = new StringBuilder(Ascii(head));
        var all = parts.Select(Ascii).ToList();
        if (line.Length > Longest / 2)
        {
            line.Length = Longest / 2;
        }

        for (var i = 0; i < all.Count; i++)
        {
            var rest = $" +{all.Count - i}";
            if (line.Length + 1 + all[i].Length + (i == all.Count - 1 ? 0 : rest.Length) > Longest)
            {
                return line.Append(rest).ToString();
            }

            line.Append(' ').Append(all[i]);
        }

        return line.ToString();
    }

    private static string Ascii(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?')).Replace("##", "# #", StringComparison.Ordinal);
}
