using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PluginMarket.TestKit;

/// <summary>A PowerShell to start: its own program, or the library of the .NET tool, which dotnet runs.</summary>
internal sealed class PowerShellProgram
{
    /// <summary>The variable that names one. Whoever starts a child by another way than this hands it over by this variable.</summary>
    public const string Variable = "PLUGINMARKET_PWSH";

    private PowerShellProgram(string path) => Path = path;

    /// <summary>The program or the library, absolute.</summary>
    public string Path { get; }

    /// <summary>The dotnet that runs this process: a child that finds nothing on its path is started by it all the same.</summary>
    public static string DotNet { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Join("..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"),
        RuntimeEnvironment.GetRuntimeDirectory());

    private bool IsLibrary => Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>The one that <see cref="Variable"/> names, else the tool that the repository pins (compiled
    /// ahead of time where that is there), else the first on the path.</summary>
    /// <exception cref="FileNotFoundException">There is none, or the named one does not exist.</exception>
    public static PowerShellProgram Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return System.IO.Path.IsPathFullyQualified(named) && File.Exists(named)
                ? new(named)
                : throw new FileNotFoundException(
                    $"{Variable} is '{named}', which is not the absolute path of a file. Set it to a pwsh or a pwsh.dll.");
        }

        var pinned = Named("PinnedPowerShell")!;
        var program = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Where(System.IO.Path.IsPathFullyQualified)
            .Select(folder => System.IO.Path.Join(folder, program));
        return onPath.Prepend(pinned).Prepend(Named("CompiledPowerShell") ?? pinned).FirstOrDefault(File.Exists) is { } found
            ? new(found)
            : throw new FileNotFoundException(
                $"There is no PowerShell: '{pinned}' was not restored, and none is on the path. Run dotnet build.");
    }

    private static string? Named(string key) => typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(one => one.Key == key)?.Value;

    /// <summary>A certain one.</summary>
    /// <param name="path">A program or a library, absolute.</param>
    public static PowerShellProgram Of(string path) => new(path);

    /// <summary>How to start it with arguments; nothing is redirected yet.</summary>
    public ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        var start = IsLibrary ? new ProcessStartInfo(DotNet, [Path, .. arguments]) : new ProcessStartInfo(Path, arguments);
        start.Environment[Variable] = Path;

        // Most of its code runs a few times: counting calls to compile some of it again cost a quarter of its processor time.
        start.Environment.TryAdd("DOTNET_TieredPGO", "0");
        start.Environment.TryAdd("DOTNET_TC_CallCounting", "0");
        return start;
    }
}
