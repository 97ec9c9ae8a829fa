using System.Diagnostics;
using System.Reflection;
using PluginMarket.TestKit;

var repository = typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "Repository").Value!;
var scratch = Directory.CreateTempSubdirectory("pluginmarket-tour-").FullName;
try
{
    var start = PowerShellProgram.Find().Start("-NoProfile", "-NonInteractive", "-File", Path.Join(repository, "docs", "tour", "Start-Tour.ps1"), repository);
    start.WorkingDirectory = scratch;

    // Nothing of the tour is in the user's own home.
    start.Environment["HOME"] = scratch;
    start.Environment["CODEX_HOME"] = Path.Join(scratch, ".codex");
    start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
    start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
    using var tour = Process.Start(start)!;
    await tour.WaitForExitAsync();
    return tour.ExitCode;
}
finally
{
    Directory.Delete(scratch, recursive: true);
}
