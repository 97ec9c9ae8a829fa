using System.Collections.Concurrent;
using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>A process in its own home whose output is kept, and which can be killed with all that it started.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private static readonly TimeSpan EndAfterKill = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    /// <param name="start">The program and its arguments, with what it needs of an environment besides.</param>
    /// <param name="folder">The working folder, the home, and the temporary folder where that is not another.</param>
    /// <param name="temporary">The temporary folder.</param>
    internal WatchedProcess(ProcessStartInfo start, string folder, string? temporary = null)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true,
            true, folder);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = folder;
        start.Environment["TMPDIR"] = temporary ?? folder;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";

        // Start-Job runs the program beside pwsh.dll, which looks for dotnet.
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(PowerShellProgram.DotNet);
        start.Environment.Remove("CODEX_HOME");
        start.Environment.Remove("PLUGINMARKET_CACHE_VERSION");

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>Completed when the process has ended and its output was read.</summary>
    internal Task Ended { get; }

    /// <summary>The exit code of a process that has ended.</summary>
    internal int ExitCode => _process.ExitCode;

    public void Dispose() => _process.Dispose();

    /// <summary>Both streams since the last call, as far as they came.</summary>
    internal string TakeOutput()
    {
        var taken = new List<string>();
        while (_lines.TryDequeue(out var line))
        {
            taken.Add(line);
        }

        return string.Join('\n', taken);
    }

    internal async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);

        // What it started and left to itself may keep the streams open; that must not delay the tests.
        await Task.WhenAny(Ended, Task.Delay(EndAfterKill));
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _lines.Enqueue(text);
        }
    }
}
