using System.Globalization;
using System.Text;

namespace PluginMarket.Files;

/// <summary>Which process a staging folder belongs to, written into it; its lock says whether that process lives.</summary>
/// <remarks>Threat D13: the same number can mean another process on another host, in another container, or after a restart.</remarks>
internal sealed record StagingOwner(string Host, string Machine, string Boot, int Process, string Started)
{
    internal const string FileName = "owner";
    private const int MostBytes = 4096;

    internal static StagingOwner Current(MarketEnvironment environment) =>
        new(Environment.MachineName, Line(environment, "/etc/machine-id"), Line(environment, "/proc/sys/kernel/random/boot_id"),
            Environment.ProcessId, StartOf(environment, Environment.ProcessId) ?? "");

    internal static StagingOwner? TryRead(FileOps files, string path)
    {
        var lines = Encoding.UTF8.GetString(files.TryReadAllBytes(path, MostBytes) ?? []).Split('\n');
        return lines.Length >= 5 && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new StagingOwner(lines[0], lines[1], lines[2], process, lines[4])
            : null;
    }

    internal byte[] ToBytes() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Host}\n{Machine}\n{Boot}\n{Process}\n{Started}\n"));

    /// <summary>Whether both ran on one machine, whose processes can be asked about: in this session of it, or in an earlier one.</summary>
    internal bool IsOnMachineOf(StagingOwner other) =>
        Host == other.Host && (Boot == other.Boot || (Machine.Length > 0 && Machine == other.Machine));

    /// <summary>Whether the process still runs; asked only where the lock cannot tell.</summary>
    internal bool IsAlive(MarketEnvironment environment, StagingOwner current) =>
        Boot == current.Boot && StartOf(environment, Process) is { } started && started == Started;

    private static string Line(MarketEnvironment environment, string path)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? Encoding.UTF8.GetString(environment.Files.TryReadAllBytes(path, MostBytes) ?? []).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return "";
        }
    }

    private static string? StartOf(MarketEnvironment environment, int process)
    {
        if (OperatingSystem.IsLinux())
        {
            // The fields come after the program's name, which is in brackets and may hold anything.
            var stat = Line(environment, string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > 19 ? fields[19] : null;
        }

        try
        {
            using var running = System.Diagnostics.Process.GetProcessById(process);
            return new DateTimeOffset(running.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
