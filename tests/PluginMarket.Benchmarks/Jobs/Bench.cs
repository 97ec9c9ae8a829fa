using System.Diagnostics;
using System.Globalization;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>Runs programs in turn and keeps what they cost.</summary>
/// <param name="programs">The programs.</param>
/// <param name="runs">How many pairs.</param>
/// <param name="results">What is known so far.</param>
/// <param name="log">Where progress goes.</param>
/// <param name="isTiny">Whether sizes are small, to see whether the jobs run and not how long.</param>
internal sealed class Bench(Programs programs, int runs, Results results, TextWriter log, bool isTiny = false)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, List<(double Ours, double Reference)>> _pairs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<Result, Result>> _details = new(StringComparer.Ordinal);

    public Programs Programs { get; } = programs;

    public int Runs { get; } = runs;

    /// <summary>How many items a job works on.</summary>
    public int Size(int items) => isTiny ? Math.Max(20, items / 100) : items;

    public ScratchFolder Scratch { get; } = new(isOnDisk: true);

    public void Say(string text) => log.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {text}");

    /// <summary>Runs a line of the shell to its end and returns how long that took.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static double Time(string home, string line) => Run(home, ["/bin/sh", "-c", line]).Seconds;

    /// <summary>Runs a line of the shell to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Read(string home, string line) => Run(home, ["/bin/sh", "-c", line]).Output;

    /// <summary>Fails where a program did not do what it is measured for: a figure of something else is worse than none.</summary>
    /// <exception cref="InvalidOperationException">The number is another one.</exception>
    public static void Demand(double found, double expected, string what)
    {
        if (found != expected)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{what}: {found}, not {expected}."));
        }
    }

    /// <summary>The most memory that a program and its children used, by GNU time; null where that is missing.</summary>
    public long? Memory(string home, string line)
    {
        if (!File.Exists("/usr/bin/time"))
        {
            return null;
        }

        var file = Scratch["memory"];
        Run(home, ["/usr/bin/time", "-f", "%M", "-o", file, "/bin/sh", "-c", line]);
        return 1024 * long.Parse(File.ReadAllLines(file)[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>How many system calls a line makes, its children included; null where strace is missing.</summary>
    public long? Calls(string home, string line)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            return null;
        }

        var file = Scratch["calls"];
        Run(home, ["/usr/bin/strace", "-f", "-c", "-o", file, "/bin/sh", "-c", line]);
        var total = File.ReadLines(file).Last(text => text.EndsWith(" total", StringComparison.Ordinal));
        return long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a script in a new PowerShell with the module's path in <c>$module</c>; it writes lines of a name and a number.</summary>
    public IReadOnlyDictionary<string, double> Session(string home, string script)
    {
        var file = Scratch.Write("session.ps1", "$ErrorActionPreference = 'Stop'\n$module = '" + Programs.Module + "'\n" + script);
        var start = Programs.PowerShell.Start("-NoProfile", "-NonInteractive", "-File", file);
        return Run(home, [start.FileName, .. start.ArgumentList]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).Where(words => words.Length == 2)
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>Keeps one pair; both in seconds, or what else is compared.</summary>
    public void Pair(string id, double ours, double reference)
    {
        if (!_pairs.TryGetValue(id, out var known))
        {
            _pairs[id] = known = [];
        }

        known.Add((ours, reference));
        Say(string.Create(CultureInfo.InvariantCulture, $"  {id}: {ours:0.####} / {reference:0.####} = {ours / reference:0.###}"));
    }

    /// <summary>Keeps one value that is compared with nothing.</summary>
    public void Value(string id, double value) => Pair(id, value, 1);

    public void Detail(string id, Func<Result, Result> add) => _details[id] = add;

    public void Keep(Point point)
    {
        results.Points.RemoveAll(known => known.Series == point.Series && known.Items == point.Items);
        results.Points.Add(point);
        Say(string.Create(CultureInfo.InvariantCulture, $"  {point.Series} {point.Items}: {point.Seconds:0.###} s, {point.Memory >> 20} MiB"));
    }

    /// <summary>Turns the pairs of a job into results.</summary>
    public void Finish()
    {
        foreach (var (id, pairs) in _pairs)
        {
            var isPlain = Targets.All.First(target => target.Id == id).Measure != Measure.Ratio;
            double[] values = [.. pairs.Select(pair => pair.Ours / pair.Reference).Order()];
            var result = new Result(id, Median(values), values[0], values[^1], values.Length);
            if (!isPlain)
            {
                result = result with { Ours = Median(pairs.Select(pair => pair.Ours)), Reference = Median(pairs.Select(pair => pair.Reference)) };
            }

            results.Lines[id] = _details.TryGetValue(id, out var add) ? add(result) : result;
        }

        _pairs.Clear();
        _details.Clear();
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered.Length % 2 == 1 ? ordered[ordered.Length / 2] : (ordered[(ordered.Length / 2) - 1] + ordered[ordered.Length / 2]) / 2;
    }

    private static (double Seconds, string Output) Run(string home, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["CODEX_HOME"] = Path.Join(home, ".codex");
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Join(home, "tmp")).FullName;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["DOTNET_NOLOGO"] = "1";
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{string.Join(' ', command)} did not end.");
        }

        process.WaitForExit();
        var elapsed = clock.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? (elapsed, output.Result)
            : throw new InvalidOperationException($"{Shorten(string.Join(' ', command))} ended with {process.ExitCode}: {Shorten(output.Result)}{Shorten(error.Result)}");
    }

    private static string Shorten(string text) => text.Length > 600 ? text[..600] + " ..." : text;
}
