using System.Globalization;
using System.Text;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>Draws SVG charts that load nothing and are readable on light and on dark ground.</summary>
internal static class Charts
{
    private const string Good = "#2da44e";
    private const string Bad = "#cf222e";
    private const string Ink = "#6e7781";
    private static readonly string[] Colours = ["#0969da", "#bf8700", "#8250df"];

    /// <summary>One bar for each target: what was reached in parts of what is allowed, on a scale of powers.</summary>
    public static string Targets(Results results)
    {
        var shown = Jobs.Targets.All.Where(target => results.Lines.ContainsKey(target.Id)).ToList();
        const int line = 22, left = 190, width = 460;
        var (least, most) = (-2.0, 1.5);
        var svg = Open(left + width + 90, (shown.Count * line) + 40);
        for (var power = -2; power <= 1; power++)
        {
            var x = X(power);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.#}\" y1=\"10\" x2=\"{x:0.#}\" y2=\"{(shown.Count * line) + 14}\" stroke=\"{Ink}\" ")
                .Append(CultureInfo.InvariantCulture, $"stroke-opacity=\"{(power == 0 ? 1 : 0.25)}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{(shown.Count * line) + 30}\" text-anchor=\"middle\">")
                .Append(CultureInfo.InvariantCulture, $"{(power == 0 ? "target" : $"{Math.Pow(10, power):0.##} × target")}</text>\n");
        }

        for (var i = 0; i < shown.Count; i++)
        {
            var result = results.Lines[shown[i].Id];
            var share = Math.Log10(Math.Max(result.Value / shown[i].Limit, 0.0001));
            var y = 14 + (i * line);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left - 8}\" y=\"{y + 13}\" text-anchor=\"end\">{shown[i].Id}</text>")
                .Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{y}\" width=\"{Math.Max(2, X(share) - left):0.#}\" height=\"{line - 6}\" ")
                .Append(CultureInfo.InvariantCulture, $"fill=\"{(shown[i].IsMet(result) ? Good : Bad)}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Math.Max(2, X(share) - left) + left + 6:0.#}\" y=\"{y + 13}\">{shown[i].Show(result.Value)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();

        double X(double power) => left + (Math.Clamp((power - least) / (most - least), 0, 1) * width);
    }

    /// <summary>Series of times by number of items, both on scales of powers, with the exponent of growth between the last two points.</summary>
    public static string Scale(IReadOnlyList<Point> points)
    {
        const int left = 70, top = 20, width = 420, height = 280;
        var (firstItems, lastItems) = (points.Min(point => Math.Log10(point.Items)), points.Max(point => Math.Log10(point.Items)));
        var (least, most) = (Math.Floor(points.Min(point => Math.Log10(point.Seconds))), Math.Ceiling(points.Max(point => Math.Log10(point.Seconds))));
        var svg = Open(left + width + 190, top + height + 50);
        for (var power = (int)least; power <= most; power++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{left}\" x2=\"{left + width}\" y1=\"{Y(power):0.#}\" y2=\"{Y(power):0.#}\" stroke=\"{Ink}\" stroke-opacity=\"0.3\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{left - 8}\" y=\"{Y(power) + 4:0.#}\" text-anchor=\"end\">{Math.Pow(10, power):0.###} s</text>\n");
        }

        foreach (var items in points.Select(point => point.Items).Distinct())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(items):0.#}\" y=\"{top + height + 20}\" text-anchor=\"middle\">{items:N0}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + (width / 2)}\" y=\"{top + height + 40}\" text-anchor=\"middle\">plugins</text>\n");
        var colour = 0;
        foreach (var series in points.GroupBy(point => point.Series, StringComparer.Ordinal))
        {
            Point[] ordered = [.. series.OrderBy(point => point.Items)];
            var path = string.Join(' ', ordered.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Items):0.#},{Y(Math.Log10(point.Seconds)):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{Colours[colour]}\" stroke-width=\"2\"/>\n");
            var exponent = ordered.Length < 2 ? 0 : Math.Log(ordered[^1].Seconds / ordered[^2].Seconds) / Math.Log((double)ordered[^1].Items / ordered[^2].Items);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + width + 10}\" y=\"{Y(Math.Log10(ordered[^1].Seconds)) + 4:0.#}\" fill=\"{Colours[colour]}\">")
                .Append(CultureInfo.InvariantCulture, $"{series.Key}: exponent {exponent:0.00}</text>\n");
            colour = (colour + 1) % Colours.Length;
        }

        return svg.Append("</svg>\n").ToString();

        double X(int items) => left + ((Math.Log10(items) - firstItems) / Math.Max(1e-9, lastItems - firstItems) * width);
        double Y(double power) => top + height - ((power - least) / (most - least) * height);
    }

    private static StringBuilder Open(int width, int height) => new StringBuilder().Append(CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" ")
        .Append(CultureInfo.InvariantCulture, $"font-family=\"sans-serif\" font-size=\"12\" fill=\"{Ink}\">\n");
}
