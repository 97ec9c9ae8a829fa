using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace PluginMarket.TestKit;

/// <summary>The libgit2 of the tests: what PLUGINMARKET_LIBGIT2 names, else what this build ships, else what NuGet has on this machine.</summary>
public static class LibGit2File
{
    /// <summary>What to do where <see cref="Find"/> finds none.</summary>
    public const string Missing = "No libgit2 for this test: build with -p:BundleLibGit2=true, or set PLUGINMARKET_LIBGIT2 to a libgit2 1.8 library file.";

    /// <summary>The library file, or null.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PLUGINMARKET_LIBGIT2") is { Length: > 0 } named)
        {
            return named;
        }

        var runtime = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var version = XDocument.Load(Path.Join(RepositoryRoot.Path, "Directory.Packages.props")).Descendants("LibGit2NativeVersion").Single().Value;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string[] folders = [Path.Join(AppContext.BaseDirectory, "libgit2", runtime), Path.Join(packages, "libgit2sharp.nativebinaries", version, "runtimes", runtime, "native")];
        return folders.Where(Directory.Exists).SelectMany(Directory.GetFiles).FirstOrDefault();
    }
}
