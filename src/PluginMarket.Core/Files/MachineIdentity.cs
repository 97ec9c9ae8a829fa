using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security;
using System.Text;
using Microsoft.Win32;
using PluginMarket.Identity;

namespace PluginMarket.Files;

/// <summary>A name for this machine that stays the same and tells nobody the system's own id.</summary>
internal static class MachineIdentity
{
    private const string Salt = "PluginMarket machine id\n";
    private static readonly string[] LinuxFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary><c>sha256:</c> and 64 hex digits of the system's id with our own salt; of the computer's name where there is
    /// none.</summary>
    internal static string Read(FileOps files) => Of(Raw(files) ?? "name:" + Origin.ComputerName);

    /// <summary>The name of a machine with that id.</summary>
    internal static string Of(string raw) =>
        TreeDigest.OfBytes(Encoding.UTF8.GetBytes(Salt + raw.Trim().ToLowerInvariant()));

    private static string? Raw(FileOps files) =>
        OperatingSystem.IsWindows() ? OfWindows() : OperatingSystem.IsMacOS() ? OfMacOS() : OfLinux(files);

    [SupportedOSPlatform("windows")]
    private static string? OfWindows()
    {
        try
        {
            using var machine = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry64);
            using var key = machine.OpenSubKey(@"SOFTWARE\Microsoft\Cryptography");
            return key?.GetValue("MachineGuid") is string { Length: > 0 } id ? id : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SecurityException)
        {
            return null;
        }
    }

    // The same id as IOPlatformUUID of the registry of devices.
    private static string? OfMacOS()
    {
        try
        {
            Span<byte> id = stackalloc byte[16];
            var patience = new TimeSpec(5, 0);
            return HostId(ref MemoryMarshal.GetReference(id), ref patience) == 0 ? new Guid(id, bigEndian: true).ToString() : null;
        }
        catch (Exception problem) when (problem is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "gethostuuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int HostId(ref byte id, ref TimeSpec patience);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    private static string? OfLinux(FileOps files)
    {
        foreach (var path in LinuxFiles)
        {
            try
            {
                if (files.TryReadAllBytes(path, 4096, followLink: true) is { Length: > 0 } bytes
                    && Encoding.UTF8.GetString(bytes).Trim() is { Length: > 0 } id)
                {
                    return id;
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The next place, or the name.
            }
        }

        return null;
    }
}
