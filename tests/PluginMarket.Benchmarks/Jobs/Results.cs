using System.Text.Json;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>What was measured so far: a job that is measured again replaces its own lines and leaves the others.</summary>
internal sealed class Results
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>What the figures were taken on.</summary>
    public string Machine { get; set; } = "";

    /// <summary>How many processes wanted a processor before the first job.</summary>
    public double? Load { get; set; }

    public Dictionary<string, Result> Lines { get; set; } = new(StringComparer.Ordinal);

    public List<Point> Points { get; set; } = [];

    public static Results Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<Results>(File.ReadAllText(path))! : new Results();

    public void Write(string path)
    {
        Lines = Lines.OrderBy(line => line.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        Points = [.. Points.OrderBy(point => point.Series, StringComparer.Ordinal).ThenBy(point => point.Items)];
        File.WriteAllText(path, JsonSerializer.Serialize(this, Readable) + "\n");
    }
}
