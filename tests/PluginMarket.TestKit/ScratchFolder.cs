using System.Text;
using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>A folder of one test, removed with all that is in it: in memory where there is room.</summary>
/// <remarks>Not below Linux's temporary folder, about which Codex warns.</remarks>
internal sealed class ScratchFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Roomy = 2L << 30;

    // What is saved to a disk is waited for; the tests of saving count its calls and do not need the disk.
    private static readonly string Parent = System.IO.Path.Join(
        OperatingSystem.IsWindows() ? System.IO.Path.GetTempPath() : IsRoomy(Memory) ? Memory : "/var/tmp", "pluginmarket-tests");

    /// <param name="isOnDisk">Whether it is on a disk, for a test that needs the time that saving takes there.</param>
    public ScratchFolder(bool isOnDisk = false)
    {
        Path = System.IO.Path.Join(isOnDisk && OperatingSystem.IsLinux() ? "/var/tmp/pluginmarket-tests" : Parent,
            Guid.NewGuid().ToString("N")[..16]);
        Directory.CreateDirectory(Path);
        Path = FileOps.Default.RealPath(Path);
    }

    // Containers have a small one, in which no program may be run.
    private static bool IsRoomy(string folder) =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).LastOrDefault(mount => mount[1] == folder) is { } found
        && !found[3].Split(',').Contains("noexec")
        && new DriveInfo(folder).AvailableFreeSpace >= Roomy;

    /// <summary>The folder, absolute, every link on the way resolved.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a name in the folder.</summary>
    public string this[string relative] => LocalPaths.Join(Path, relative);

    /// <summary>Makes a folder below this one and returns its path.</summary>
    public string MakeFolder(string relative) => Directory.CreateDirectory(this[relative]).FullName;

    /// <summary>Writes a text file, making its folders, and returns its path.</summary>
    public string Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, making its folders, and returns its path.</summary>
    public string Write(string relative, byte[] content)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>An environment whose homes both are in this folder: <c>home/.codex</c> (made) and <c>home</c>; the
    /// system's configuration is <c>etc</c>.</summary>
    public MarketEnvironment Environment(FileOps? files = null, IActivityLog? log = null, Limits? limits = null)
    {
        MakeFolder("home/.codex");
        return new MarketEnvironment
        {
            CodexHome = this["home/.codex"],
            HomePath = this["home"],
            SystemConfigurationFolder = this["etc"],
            Files = files ?? FileOps.Default,
            Log = log ?? SilentActivityLog.Instance,
            Limits = limits ?? Limits.Default,
            Variables = System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .Where(v => v.Key is "PATH" or "LANG" or "SystemRoot").Append(new("HOME", this["home"]))
                .ToDictionary(v => (string)v.Key, v => (string)v.Value!, StringComparer.Ordinal),
        };
    }

    /// <summary>Every path below a folder with its kind and content digest, ordered: equal lists mean equal trees.</summary>
    public static IReadOnlyList<string> Inventory(string folder)
    {
        var lines = new List<string>();
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var current))
        {
            foreach (var name in Directory.Exists(current) ? FileOps.Default.List(current) : [])
            {
                var path = System.IO.Path.Join(current, name);
                var facts = FileOps.Default.Examine(path);
                var detail = facts.Kind switch
                {
                    FileKind.File => TreeDigest.OfBytes(File.ReadAllBytes(path)),
                    FileKind.SymbolicLink => FileOps.Default.ReadLink(path),
                    _ => "",
                };
                lines.Add($"{System.IO.Path.GetRelativePath(folder, path)} {facts.Kind} {Convert.ToString((int)facts.Mode, 8)} {detail}");
                if (facts.Kind == FileKind.Directory)
                {
                    pending.Push(path);
                }
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public void Dispose()
    {
        try
        {
            FileOps.Default.DeleteTreeNoFollow(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            // A child process of a failed test may still hold a file; the folder is unique and harmless.
        }
    }
}
