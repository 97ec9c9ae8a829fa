using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>The program with the .NET and the PowerShell of Windows: published once per run, which changes
/// nothing where it is up to date.</summary>
internal sealed class WindowsHost
{
    private readonly Wine _wine;
    private readonly string _program;

    private WindowsHost(Wine wine, string program)
    {
        _wine = wine;
        _program = program;
    }

    /// <summary>The program as a program of Windows sees it.</summary>
    public string Path => Wine.PathOf(_program);

    public static async Task<WindowsHost> PublishAsync()
    {
        var folder = System.IO.Path.Join(AppContext.BaseDirectory, "host");
        var project = System.IO.Path.Join(RepositoryRoot.Path, "tests", "PluginMarket.WindowsHost");
        var start = new ProcessStartInfo("dotnet",
            ["publish", project, "-c", BuiltFile.Configuration, "-o", folder, "-v", "quiet", "-nologo"])
        {
            RedirectStandardOutput = true,
        };
        // What the test run's own MSBuild has set up is not for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new WindowsHost(await Wine.StartAsync(), System.IO.Path.Join(folder, "PluginMarket.WindowsHost.exe"))
            : throw new InvalidOperationException($"The host for Windows cannot be published:\n{output}");
    }

    /// <summary>Runs a PowerShell script in one runspace.</summary>
    public Task<ProcessRun> RunScriptAsync(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables,
        TimeSpan silence) => _wine.RunAsync(_program, ["script", Wine.PathOf(script), .. arguments], variables, silence);

    /// <summary>Runs a .NET program that was built for no system in particular.</summary>
    public Task<ProcessRun> RunProgramAsync(string program, IEnumerable<string> arguments, TimeSpan silence) =>
        _wine.RunAsync(_program, ["exec", Wine.PathOf(program), .. arguments], new Dictionary<string, string>(), silence);
}
