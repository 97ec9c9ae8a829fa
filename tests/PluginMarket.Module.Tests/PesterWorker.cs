using System.IO.Pipes;
using System.Reflection;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>A PowerShell that runs one Pester file after the other: PowerShell as it is found, and the
/// Pester that the repository pins.</summary>
internal sealed class PesterWorker : IAsyncDisposable
{
    private static readonly string Script = Path.Join(RepositoryRoot.Path, "tests", "module", "Start-PesterWorker.ps1");
    private static readonly string Pester = typeof(PesterWorker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "PinnedPester").Value!;

    private readonly ScratchFolder _home = new();
    private readonly NamedPipeServerStream _pipe;
    private readonly StreamReader _answers;
    private readonly WatchedProcess _process;

    /// <param name="manifest">The manifest of the module to test, or null for the repository's own.</param>
    internal PesterWorker(string? manifest = null)
    {
        // A path on Unix: the worker's folder for temporary files, where a bare name would be looked for, is another one.
        var name = OperatingSystem.IsWindows() ? Path.GetFileName(_home.Path) : _home["pipe"];
        _pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        _answers = new StreamReader(_pipe);
        var start = PowerShellProgram.Find().Start("-NoProfile", "-NonInteractive", "-File", Script, "-Pester", Pester, "-Pipe", name);
        start.Environment["PLUGINMARKET_TEST_MANIFEST"] = manifest;
        // Not one of another configuration, which tests of the package build in the meantime.
        start.Environment["PLUGINMARKET_TEST_PROGRAM"] = Path.Join(
            RepositoryRoot.Path, "src", "PluginMarket.Cli", "bin", RepositoryRoot.Configuration, "net10.0", "pluginmarket.dll");
        _process = new WatchedProcess(start, _home.Path);
    }

    /// <summary>Whether it can run another file.</summary>
    internal bool IsUsable { get; private set; } = true;

    /// <summary>Runs one file and gives every test's outcome; one more, failed, where it did not come to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limit">Ends when the file's time is up; the worker and what it started are killed then.</param>
    internal async Task<IReadOnlyList<PesterResult>> RunAsync(string file, Task limit)
    {
        using var folder = new ScratchFolder();
        _process.TakeOutput();
        var answer = AnswerAsync(file, folder.Path);
        if (await Task.WhenAny(answer, _process.Ended, limit) == limit)
        {
            IsUsable = false;
            await _process.KillAsync();
            return [Whole(file, $"killed because its time was up; its output until then:\n{_process.TakeOutput()}")];
        }

        if (!answer.IsCompleted || await answer is not { } line)
        {
            IsUsable = false;
            await _process.KillAsync();
            return [Whole(file, $"the worker ended with it:\n{_process.TakeOutput()}")];
        }

        var results = JsonSerializer.Deserialize<PesterResult[]>(line)!;
        return results.Length > 0 ? results : [Whole(file, $"it has no tests:\n{_process.TakeOutput()}")];
    }

    public async ValueTask DisposeAsync()
    {
        // The end of the pipe is the end of the worker.
        _answers.Dispose();
        if (await Task.WhenAny(_process.Ended, Task.Delay(TimeSpan.FromSeconds(10))) != _process.Ended)
        {
            await _process.KillAsync();
        }

        _process.Dispose();
        _home.Dispose();
    }

    private async Task<string?> AnswerAsync(string file, string folder)
    {
        try
        {
            if (!_pipe.IsConnected)
            {
                await _pipe.WaitForConnectionAsync();
            }

            var asked = JsonSerializer.SerializeToUtf8Bytes(new { Path = file, Folder = folder });
            await _pipe.WriteAsync((byte[])[.. asked, (byte)'\n']);
            return await _answers.ReadLineAsync();
        }
        catch (IOException)
        {
            // The worker has ended.
            return null;
        }
    }

    private static PesterResult Whole(string file, string message) =>
        new(Path.GetFileName(file), "(the file as a whole)", "Failed", message);
}
