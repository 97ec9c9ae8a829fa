using System.Diagnostics;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs programs of Windows under the Wine of this machine, in a prefix of the tests' own.</summary>
internal sealed class Wine
{
    private const string Share = @"\\server\share";

    private readonly string _prefix;

    private Wine(string prefix) => _prefix = prefix;

    /// <summary>Why nothing runs here, or null.</summary>
    public static string? Missing { get; } = OperatingSystem.IsLinux() && Find("wine") is not null ? null
        : "Nothing was tested on the Windows API: there is no wine on the search path. "
            + "Install it (for example `sudo apt-get install wine64`).";

    /// <summary>A share that only these tests see.</summary>
    public static string NewShare() => $@"{Share}\{Guid.NewGuid():N}"[..(Share.Length + 13)];

    /// <summary>A path of this machine as a program of Windows sees it.</summary>
    public static string PathOf(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Makes the prefix where it is missing: Windows 10, with a second drive and a share.</summary>
    public static async Task<Wine> StartAsync()
    {
        // Outside of the repository: its drive z: is a link to the root, and tests read whole folders of sources.
        const string prefix = "/var/tmp/pluginmarket-wine";
        var wine = new Wine(prefix);
        var ready = Path.Join(prefix, "ready");
        if (File.Exists(ready))
        {
            return wine;
        }

        Directory.CreateDirectory(prefix);
        await wine.DemandAsync("wineboot.exe", ["--init"]);
        await wine.DemandAsync("winecfg.exe", ["-v", "win10"]);
        // A program that crashes ends, instead of waiting for a debugger.
        await wine.RunAsync("reg.exe", ["delete", @"HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug", "/f"],
            new Dictionary<string, string>(), TimeSpan.FromMinutes(1));
        Directory.CreateDirectory(Path.Join(prefix, "drive_c", "tests", "temp"));
        Directory.CreateDirectory(Path.Join(prefix, "dosdevices", "unc", "server", "share"));
        File.CreateSymbolicLink(Path.Join(prefix, "dosdevices", "d:"), Path.Join(prefix, "drive_c"));
        await File.WriteAllTextAsync(ready, "");
        return wine;
    }

    /// <summary>Runs a program until it ends.</summary>
    /// <param name="program">A program of Windows, or an executable file of this machine.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Variables of its environment; those of this process are not passed on.</param>
    /// <param name="silence">How long it may write nothing before it is killed: an exception can hang .NET under Wine.</param>
    public async Task<ProcessRun> RunAsync(string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> variables, TimeSpan silence)
    {
        var start = new ProcessStartInfo(Find("wine")!, arguments.Prepend(program));
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "LANG"])
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        }

        start.Environment["HOME"] = _prefix;
        start.Environment["WINEPREFIX"] = _prefix;
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["WINEDLLOVERRIDES"] = "mshtml=";
        // Wine cannot map one page twice, once to write and once to run it.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["TEMP"] = start.Environment["TMP"] = @"C:\tests\temp";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return await WatchedRun.RunAsync(start, silence);
    }

    private async Task DemandAsync(string program, string[] arguments)
    {
        var run = await RunAsync(program, arguments, new Dictionary<string, string>(), TimeSpan.FromMinutes(3));
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {run.Describe(run.Output)}");
        }
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);
}
