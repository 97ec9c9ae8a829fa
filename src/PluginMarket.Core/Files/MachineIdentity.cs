using System.Text;
using PluginMarket.Identity;

namespace PluginMarket.Files;

/// <summary>A name for this machine that stays the same and tells nobody the system's own id.</summary>
internal static class MachineIdentity
{
    private const string Salt = "PluginMarket machine id\n";
    private static readonly string[] LinuxFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary><c>sha256:</c> and 64 hex digits of the system's id with a salt of our own; of the computer's name where there is
    /// none.</summary>
    internal static string Read(FileOps files) => Of(Raw(files) ?? "name:" + Origin.ComputerName);

    /// <summary>The name of a machine with that id.</summary>
    internal static string Of(string raw) =>
        TreeDigest.OfBytes(Encoding.UTF8.GetBytes(Salt + raw.Trim().ToLowerInvariant()));

    private static string? Raw(FileOps files)
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
