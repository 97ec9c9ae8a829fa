using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PluginMarket.Loader;

/// <summary>Holds the core and everything it depends on, so that PowerShell's own copies of the same
/// libraries and ours never meet.</summary>
internal sealed class CoreLoadContext : AssemblyLoadContext
{
    private const string CoreName = "PluginMarket.Core";

    // One for the life of the process: assemblies cannot be unloaded, and a second import must find the types of the first.
    private static readonly CoreLoadContext Instance = new(
        Path.Join(Path.GetDirectoryName(typeof(CoreLoadContext).Assembly.Location), "core"));

    private static int Attached;

    private readonly string[] _folders;

    private CoreLoadContext(string folder)
        : base("PluginMarket")
    {
        // What was compiled ahead for this system, which a build from the repository does not have.
        _folders = [Path.Join(folder, RuntimeName), folder];
    }

    private static string RuntimeName =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : OperatingSystem.IsLinux() ? "linux-" : "other-")
        + (RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => "other",
        });

    /// <summary>Whether this process has imported the module before.</summary>
    public static bool IsAttached => Attached != 0;

    /// <summary>Answers the default context's questions for the core from now on; a second call changes nothing.</summary>
    public static void Attach()
    {
        if (Interlocked.Exchange(ref Attached, 1) == 0)
        {
            Default.Resolving += static (_, name) => name.Name == CoreName ? Instance.LoadFromAssemblyName(name) : null;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = _folders.Select(folder => Path.Join(folder, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
        return file is null ? null : LoadFromAssemblyPath(file);
    }
}
