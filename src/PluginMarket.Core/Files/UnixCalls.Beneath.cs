using System.Runtime.InteropServices;

namespace PluginMarket.Files;

internal static partial class UnixCalls
{
    private const int OpenBeneathNumber = 437;
    private const ulong WithoutLinks = 0x04;
    private const ulong Beneath = 0x08;

    // Asked before root acts as somebody else, who may not be able to read what a first call loads.
    private static readonly Lazy<bool> HasOpenBeneath = new(() =>
    {
        try
        {
            var folder = OperatingSystem.IsLinux() ? OpenAt(NoFolder, "/", Passage, 0) : -1;
            if (folder < 0)
            {
                return false;
            }

            var opened = OpenBeneath(folder, ".", Passage);
            Close(folder);
            if (opened >= 0)
            {
                Close(opened);
            }

            return opened >= 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    });

    /// <summary>Whether a way of several names can be opened by one call that follows no link (Linux 5.6).</summary>
    internal static bool CanOpenBeneath => HasOpenBeneath.Value;

    /// <summary>Opens a path below a folder, following no link on the way and none at its end; less than 0 where that fails.</summary>
    internal static int OpenBeneath(int folder, string path, int flags, UnixFileMode mode = 0)
    {
        var how = new How { Flags = (ulong)(uint)(flags | NoFollow), Mode = (ulong)mode, Resolve = WithoutLinks | Beneath };
        return (int)OpenBeneath(OpenBeneathNumber, folder, path, ref how, Marshal.SizeOf<How>());
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenBeneath(nint number, nint folder, string path, ref How how, nint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct How
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
