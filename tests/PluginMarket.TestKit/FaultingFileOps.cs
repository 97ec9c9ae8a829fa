using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>What happens at the chosen disk call.</summary>
public enum Fault
{
    /// <summary>That one call fails; the program goes on and cleans up.</summary>
    Fail,
    /// <summary>That call and every later one fail, as if the process had died there: nothing is cleaned up.</summary>
    Stop,
    /// <summary>The process kills itself with SIGKILL (a hard end on Windows): for child processes.</summary>
    Kill,
}

/// <summary>The real disk, until the chosen call. Counts calls from all threads.</summary>
internal sealed class FaultingFileOps : FileOps
{
    private readonly List<string> _calls = [];
    private int _count;

    /// <summary>The number of the call at which the fault happens, counted from 1; 0 for none.</summary>
    public int At { get; set; }

    /// <summary>What happens there.</summary>
    public Fault Fault { get; set; } = Fault.Fail;

    /// <summary>What a failing call throws; a full disk unless a test says otherwise.</summary>
    public Func<string, string, Exception> Failure { get; set; } =
        static (operation, path) => new PluginMarketException(MarketErrorCode.DiskFull, $"Made up for a test: {operation} '{path}'.", path);

    /// <summary>Runs before each call, with its operation and path.</summary>
    public Action<string, string>? Watch { get; set; }

    /// <summary>Whether two folders can be exchanged in one step.</summary>
    public bool CanExchange { get; set; } = true;

    /// <summary>Whether a volume can be saved in one call.</summary>
    public bool CanSaveVolume { get; set; } = true;

    /// <summary>Whether the file system has locks.</summary>
    public bool CanLock { get; set; } = true;

    /// <summary>Whether saving to the disk is done, or only counted: a loop over every call would spend
    /// its time waiting for the disk.</summary>
    public bool Saves { get; set; } = true;

    /// <summary>Only calls of these operations count; all where it is null.</summary>
    public IReadOnlySet<string>? Operations { get; set; }

    /// <summary>How many calls there were.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The calls there were, in order: operation and path.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Makes a failure as the real disk would report it for an error number of Linux.</summary>
    public static Func<string, string, Exception> ErrorNumber(int number) =>
        (operation, path) => DiskError.Writing(operation, path, number);

    public override bool Exchange(string first, string second)
    {
        if (CanExchange)
        {
            return base.Exchange(first, second);
        }

        Before("exchange", second);
        return false;
    }

    public override LockOutcome TryLock(Microsoft.Win32.SafeHandles.SafeFileHandle handle, string path)
    {
        if (CanLock)
        {
            return base.TryLock(handle, path);
        }

        Before("lock", path);
        return LockOutcome.Unsupported;
    }

    public override void FsyncFile(string path)
    {
        if (Saves)
        {
            base.FsyncFile(path);
        }
        else
        {
            Before("fsync", path);
        }
    }

    public override void FsyncDirectory(string path)
    {
        if (Saves)
        {
            base.FsyncDirectory(path);
        }
        else if (!AreFoldersSavedLater)
        {
            Before("fsync-folder", path);
        }
    }

    public override Microsoft.Win32.SafeHandles.SafeFileHandle? TryOpenVolume(string folder) =>
        CanSaveVolume ? base.TryOpenVolume(folder) : null;

    public override void SaveVolume(Microsoft.Win32.SafeHandles.SafeFileHandle volume, string folder)
    {
        if (Saves)
        {
            base.SaveVolume(volume, folder);
        }
        else
        {
            Before("sync-volume", folder);
        }
    }

    protected override void Before(string operation, string path)
    {
        if (Operations?.Contains(operation) == false)
        {
            return;
        }

        Watch?.Invoke(operation, path);
        var number = Interlocked.Increment(ref _count);
        lock (_calls)
        {
            _calls.Add($"{operation} {path}");
        }

        if (At == 0 || number < At || (Fault == Fault.Fail && number != At))
        {
            return;
        }

        if (Fault == Fault.Kill)
        {
            System.Diagnostics.Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }

        throw Failure(operation, path);
    }
}
