using System.Globalization;
using System.Text;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>Writes the results into docs/performance.md, between its two marks, and the charts beside it.</summary>
internal static class Page
{
    private const string Begin = "<!-- Written by the command below: begin -->";
    private const string End = "<!-- Written by the command below: end -->";

    public static void Write(string page, Results results)
    {
        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        var images = Directory.CreateDirectory(Path.Join(Path.GetDirectoryName(page), "images")).FullName;
        File.WriteAllText(Path.Join(images, "performance-targets.svg"), Charts.Targets(results));
        if (results.Points.Count > 0)
        {
            File.WriteAllText(Path.Join(images, "performance-scale.svg"), Charts.Scale(results.Points));
        }

        File.WriteAllText(page, text[..(begin + Begin.Length)] + "\n\n" + Describe(results) + "\n" + text[end..]);
    }

    private static string Describe(Results results)
    {
        var met = Targets.All.Count(target => results.Lines.TryGetValue(target.Id, out var result) && target.IsMet(result));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Taken on {results.Machine}. {met} of {results.Lines.Count} measured targets are met. ")
            .Append("A ratio is ours divided by the reference: the median of the ratios of the pairs, and the least and the most of them. ")
            .Append(Reliability(results)).Append("\n\n")
            .Append("| Job | Beside | Target | Reached | Met | Spread | Ours | Reference | Peak memory, ours / reference "
                + "| System calls an item, ours / reference |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var target in Targets.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {target.Title} | {target.Reference} | ≤ {target.Show(target.Limit)} | ");
            if (results.Lines.GetValueOrDefault(target.Id) is not { } result)
            {
                text.Append("not measured | – | – | – | – | – | – |\n");
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{target.Show(result.Value)} | {(target.IsMet(result) ? "yes" : "**no**")} | ")
                .Append(CultureInfo.InvariantCulture, $"{target.Show(result.Low)} to {target.Show(result.High)} | ")
                .Append(CultureInfo.InvariantCulture, $"{Seconds(result.Ours)} | {Seconds(result.Reference)} | ")
                .Append(CultureInfo.InvariantCulture, $"{Both(Size(result.OurMemory), Size(result.ReferenceMemory))} | ")
                .Append(CultureInfo.InvariantCulture, $"{Both(Calls(result.OurCalls), Calls(result.ReferenceCalls))} |\n");
        }

        text.Append("\n![What was reached of each target](images/performance-targets.svg)\n");
        if (results.Points.Count > 0)
        {
            text.Append("\n![Listing 1,000 to 100,000 plugins](images/performance-scale.svg)\n\n")
                .Append("| Series | Items | Time | Peak memory |\n|---|---|---|---|\n");
            foreach (var point in results.Points)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"| {point.Series} | {point.Items:N0} | {Seconds(point.Seconds)} | {Size(point.Memory)} |\n");
            }
        }

        var missed = Targets.All.Where(target => !results.Lines.TryGetValue(target.Id, out var result) || !target.IsMet(result)).ToList();
        if (missed.Count > 0)
        {
            text.Append("\nWhy a target is not met, and what would be needed:\n\n");
            foreach (var target in missed)
            {
                var reached = results.Lines.TryGetValue(target.Id, out var result)
                    ? $"{target.Show(result.Value)} instead of {target.Show(target.Limit)}" : "not measured";
                text.Append(CultureInfo.InvariantCulture, $"- {target.Title}, beside {target.Reference}, {reached}: {target.Reason}\n");
            }
        }

        return text.ToString();
    }

    private static string Reliability(Results results)
    {
        if (results.Lines.Count == 0)
        {
            return "";
        }

        var (least, most) = (results.Lines.Values.Min(line => line.Runs), results.Lines.Values.Max(line => line.Runs));
        var pairs = least == most ? $"{least}" : $"{least} to {most}";
        var load = results.Load is { } wanted ? string.Create(CultureInfo.InvariantCulture, $", and the load before the last run was {wanted:0.0}") : "";
        return $"Each line has {pairs} pair{(most == 1 ? "" : "s")}{load}."
            + (results.Load is { } busy && busy <= 1 ? ""
                : " Take the times as orders of magnitude, and measure again on a machine that does nothing else before you rely on a ratio.");
    }

    private static string Seconds(double? value) => value is not { } seconds ? "–"
        : seconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string? Size(long? bytes) =>
        bytes is { } known and > 0 ? string.Create(CultureInfo.InvariantCulture, $"{known / 1_048_576.0:0} MiB") : null;

    private static string? Calls(double? calls) =>
        calls is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.#}") : null;

    private static string Both(string? ours, string? reference) =>
        ours is null && reference is null ? "–" : $"{ours ?? "–"} / {reference ?? "–"}";
}
