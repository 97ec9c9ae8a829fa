using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>PowerShell as its installers bring it: compiled ahead of time. The .NET tool is not, so that every session of it would compile
/// PowerShell itself while ours is measured.</summary>
internal static class CompiledPowerShell
{
    private static readonly string[] Assemblies =
    [
        "pwsh.dll", "System.Management.Automation.dll", "Microsoft.PowerShell.ConsoleHost.dll", "Microsoft.PowerShell.Commands.Utility.dll",
        "Microsoft.PowerShell.Commands.Management.dll", "Microsoft.PowerShell.Security.dll",
    ];

    /// <summary>Makes one of the tool's; null where that is not possible, as without the compiler's package.</summary>
    /// <param name="library">The tool's <c>pwsh.dll</c>.</param>
    /// <param name="folder">Where to; what is there is kept when it is of the same version.</param>
    public static string? Make(string library, string folder)
    {
        var source = Path.GetDirectoryName(library)!;
        if (!library.EndsWith(".dll", StringComparison.Ordinal) || FindCompiler() is not { } compiler)
        {
            return null;
        }

        var made = Path.Join(folder, FileVersionInfo.GetVersionInfo(library).FileVersion, "pwsh.dll");
        if (File.Exists(made))
        {
            return made;
        }

        var target = Path.GetDirectoryName(made)!;
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(file => !Assemblies.Contains(Path.GetRelativePath(source, file))))
        {
            var copy = Path.Join(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        foreach (var name in Assemblies.Reverse())
        {
            using var run = Process.Start(new ProcessStartInfo(compiler, [Path.Join(source, name), "-o", Path.Join(target, name), "-O",
                "-r", Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll"), "-r", Path.Join(source, "*.dll")])
            { RedirectStandardOutput = true })!;
            run.StandardOutput.ReadToEnd();
            run.WaitForExit();
            if (run.ExitCode != 0)
            {
                return null;
            }
        }

        return made;
    }

    private static string? FindCompiler()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = Path.Join(packages, "microsoft.netcore.app.crossgen2." + RuntimeInformation.RuntimeIdentifier, Environment.Version.ToString(3));
        var program = Path.Join(folder, "tools", OperatingSystem.IsWindows() ? "crossgen2.exe" : "crossgen2");
        return File.Exists(program) ? program : null;
    }
}
