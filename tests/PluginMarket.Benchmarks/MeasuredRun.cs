using System.Diagnostics;
using System.Globalization;

namespace PluginMarket.Benchmarks;

/// <summary>One run of a program: how long it took, and the most that it held of one thing that has to be checked again and
/// again.</summary>
/// <param name="Elapsed">From its start to its end.</param>
/// <param name="Peak">The most, in bytes.</param>
internal sealed record MeasuredRun(TimeSpan Elapsed, long Peak)
{
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Runs a program to its end.</summary>
    /// <param name="start">The program.</param>
    /// <param name="look">What it contains at the moment, in bytes.</param>
    /// <param name="pause">How long to wait between two looks.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static MeasuredRun Of(ProcessStartInfo start, Func<int, long> look, TimeSpan pause)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        do
        {
            peak = Math.Max(peak, look(process.Id));
        }
        while (!process.WaitForExit(pause));
        var elapsed = clock.Elapsed;
        return process.ExitCode == 0 ? new MeasuredRun(elapsed, peak)
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {output.Result}{error.Result}");
    }

    /// <summary>The resident memory of a process and of all that it started and that still runs.</summary>
    public static long MemoryOf(int id)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{id}/statm").Split(' ')[1];
            var children = Directory.EnumerateDirectories($"/proc/{id}/task")
                .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize
                + children.Sum(child => MemoryOf(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was checked.
            return 0;
        }
    }

    /// <summary>The sizes of all files below a folder.</summary>
    public static long DiskOf(string folder)
    {
        long total = 0;
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Everything))
            {
                total += file.Exists ? file.Length : 0;
            }
        }
        catch (IOException)
        {
            // It was removed while it was checked; what was seen counts.
        }

        return total;
    }
}
