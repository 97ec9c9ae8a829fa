using System.Globalization;
using System.Runtime.InteropServices;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>The one place that turns what the system says of a failed disk call into an exception of ours or of the base library.</summary>
/// <remarks>
/// A failed write is typed by its cause. A failed read stays an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>:
/// what it means depends on what was read, which only the reader knows.
/// </remarks>
internal static class DiskError
{
    internal const int NotPermitted = 1;
    internal const int NotFound = 2;
    internal const int Interrupted = 4;
    internal const int BadDescriptor = 9;
    internal const int NoAccess = 13;
    internal const int Busy = 16;
    internal const int AlreadyExists = 17;
    internal const int OtherVolume = 18;
    internal const int NotADirectory = 20;
    internal const int IsADirectory = 21;
    internal const int InvalidArgument = 22;
    internal const int FileBusy = 26;
    internal const int NoSpace = 28;
    internal const int ReadOnlyVolume = 30;

    // Above every number of Unix, so that the two kinds are never mistaken for each other.
    private const int FirstOfWindows = 1 << 20;

    private static readonly bool Apple = OperatingSystem.IsMacOS();

    internal static int WouldBlock => Apple ? 35 : 11;

    internal static int NotEmpty => Apple ? 66 : 39;

    internal static int LinkLoop => Apple ? 62 : 40;

    internal static int NotImplemented => Apple ? 78 : 38;

    internal static int NotSupported => Apple ? 45 : 95;

    internal static int NoLocks => Apple ? 77 : 37;

    internal static int QuotaPassed => Apple ? 69 : 122;

    /// <summary>The exception for a failed write.</summary>
    internal static Exception Writing(string operation, string path, int error, Exception? cause = null)
    {
        path = TemporaryName.Meant(path);
        var text = $"{operation} '{DisplayText.Escape(path)}': {Describe(error)}.";
        if (error == NoSpace || error == QuotaPassed)
        {
            return Typed(MarketErrorCode.DiskFull,
                $"{text} {Remedy.Do($"Free some space on that volume, then run the command again.")}", path, cause);
        }

        if (error is Busy or FileBusy)
        {
            return Typed(MarketErrorCode.PluginInUse,
                $"{text} {Remedy.Do($"Close the program that uses it, then run the command again.")}", path, cause);
        }

        if (error == IsADirectory)
        {
            // No right would help, and the next item of the same call has another path.
            return Typed(MarketErrorCode.StateCorrupt,
                $"{text} {Remedy.Do($"A file belongs there: move the folder away, then run the command again.")}", path, cause);
        }

        if (error == NotFound || error == NotADirectory)
        {
            return new DirectoryNotFoundException(text, cause);
        }

        if (error == AlreadyExists || error == NotEmpty)
        {
            return new IOException(text, AlreadyExists);
        }

        if (error == WouldBlock)
        {
            return new IOException(text, WouldBlock);
        }

        if (error == OtherVolume)
        {
            return Typed(MarketErrorCode.HomeNotWritable,
                $"{text} {Remedy.Do($"Put the home's folder 'plugins' and everything in it on one volume.")}", path, cause);
        }

        return Typed(MarketErrorCode.HomeNotWritable,
            $"{text} {Remedy.Do($"Give this user the right to write there, then run the command again.")}", path, cause);
    }

    /// <summary>The exception for a write that failed inside the base library.</summary>
    internal static Exception Writing(string operation, string path, Exception cause) =>
        cause is FileNotFoundException or DirectoryNotFoundException ? cause : Writing(operation, path, NumberOf(cause), cause);

    /// <summary>The exception for a failed read.</summary>
    internal static Exception Reading(string operation, string path, int error)
    {
        path = TemporaryName.Meant(path);
        // A whole sentence, as the base library's texts are: callers add what to do.
        var text = $"{operation} '{DisplayText.Escape(path)}': {Describe(error)}.";
        return error switch
        {
            NotFound => new FileNotFoundException(text, path),
            NotADirectory => new DirectoryNotFoundException(text),
            NoAccess or NotPermitted => new UnauthorizedAccessException(text),
            _ when error == LinkLoop =>
                new IOException($"{operation} '{DisplayText.Escape(path)}': it is a link, and links are not followed here.", error),
            _ => new IOException(text, error),
        };
    }

    /// <summary>Whether another process holds the file's lock: a sweep that looks whether its owner lives.</summary>
    internal static bool IsLocked(Exception failure) => failure is IOException && failure.HResult == WouldBlock;

    /// <summary>Whether another process has a file open that only one may have open at a time.</summary>
    internal static bool IsTaken(Exception failure) => NumberOf(failure) is Busy or NoAccess;

    /// <summary>Whether a folder could not be deleted because something is in it.</summary>
    internal static bool IsNotEmpty(IOException exception) => NumberOf(exception) == NotEmpty;

    /// <summary>Whether an operation failed because its target is there already.</summary>
    internal static bool IsAlreadyExists(IOException exception) => NumberOf(exception) == AlreadyExists;

    private static int NumberOf(Exception cause)
    {
        if (cause is UnauthorizedAccessException)
        {
            return NoAccess;
        }

        if (!OperatingSystem.IsWindows())
        {
            return cause.HResult;
        }

        return (uint)cause.HResult >> 16 == 0x8007 ? OfWindows(cause.HResult & 0xFFFF) : cause.HResult;
    }

    /// <summary>The number of Unix that means what this one of Windows does; one of its own for all that no code asks for.</summary>
    private static int OfWindows(int error) => error switch
    {
        2 => NotFound,
        3 => NotFound,
        5 => NoAccess,
        16 or 32 or 33 or 170 or 303 or 1224 => Busy,
        17 => OtherVolume,
        19 => ReadOnlyVolume,
        39 or 112 => NoSpace,
        80 or 183 => AlreadyExists,
        145 => NotEmpty,
        1314 => NotPermitted,
        1816 => QuotaPassed,
        _ => FirstOfWindows + error,
    };

    private static PluginMarketException Typed(MarketErrorCode code, Message message, string path, Exception? cause) =>
        new(code, message, path, cause);

    private static string Describe(int error) => error == OtherVolume ? "the two folders are on different volumes"
        : !OperatingSystem.IsWindows() ? $"{Marshal.GetPInvokeErrorMessage(error)} ({error})"
        : error >= FirstOfWindows
        ? $"{Marshal.GetPInvokeErrorMessage(error - FirstOfWindows).Trim().TrimEnd('.')} ({error - FirstOfWindows})"
        : error switch
        {
            Busy or FileBusy => "another program has it open",
            NoAccess or NotPermitted => "access is denied",
            NotFound or NotADirectory => "it does not exist",
            AlreadyExists => "it already exists",
            ReadOnlyVolume => "the volume is write-protected",
            _ when error == NoSpace || error == QuotaPassed => "the volume is full",
            _ when error == NotEmpty => "the folder is not empty",
            _ when error == LinkLoop => "it is a link",
            _ => string.Create(CultureInfo.InvariantCulture, $"error {error}"),
        };
}
