using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>A scratch folder on another volume than a given folder; a test that needs one is skipped where there is none.</summary>
internal sealed class SecondVolume : IDisposable
{
    private static readonly string[] Places = ["/dev/shm", "/var/tmp", "/tmp"];

    private SecondVolume(string path) => Path = path;

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Join(Path, relative);

    /// <summary>A new folder on a volume that the other folder is not on; null where there is none.</summary>
    public static SecondVolume? Beside(string other)
    {
        var own = DeviceOf(other);
        var place = Array.Find(Places, place => Directory.Exists(place) && DeviceOf(place) != own);
        return place is null ? null : new SecondVolume(
            Directory.CreateDirectory(System.IO.Path.Join(place, "pluginmarket-" + Guid.NewGuid().ToString("N"))).FullName);
    }

    public string MakeFolder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose() => Directory.Delete(Path, true);

    private static ulong? DeviceOf(string folder) => FileOps.Default.Examine(FileOps.Default.RealPath(folder)).Device;
}
