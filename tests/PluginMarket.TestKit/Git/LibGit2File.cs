using System.Reflection;
using System.Runtime.InteropServices;

namespace PluginMarket.TestKit;

/// <summary>The libgit2 of the tests: what PLUGINMARKET_LIBGIT2 names, else the pinned one, which the restore of this project has put on the machine.</summary>
public static class LibGit2File
{
    /// <summary>The library file.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("PLUGINMARKET_LIBGIT2") is { Length: > 0 } named ? named : Pinned();

    private static string Pinned()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var runtime = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var runtimes = typeof(LibGit2File).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "LibGit2Runtimes").Value;
        return Directory.GetFiles(System.IO.Path.Join(runtimes, runtime, "native")).Single();
    }
}
