using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>A file of approvals, one per plugin, that is made on one machine and accepted on any (docs/updates.md).</summary>
internal sealed class ApprovalFile
{
    private const long LongestFile = 64L << 20;

    private ApprovalFile(string path, IReadOnlyList<PluginApproval> approvals)
    {
        Path = path;
        Approvals = approvals;
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>The approvals, sorted by id.</summary>
    public IReadOnlyList<PluginApproval> Approvals { get; }

    /// <summary>Reads a file that must be there.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ApprovalFileUnreadable"/>, with file, line and column
    /// where something in it is wrong.</exception>
    public static ApprovalFile Read(MarketEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var shown = path;
        byte[] utf8;
        try
        {
            // The file may be a link, as files of a configuration repository often are: who wrote it is not told by its name.
            utf8 = environment.Files.ReadAllBytes(path, LongestFile, followLink: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            throw new PluginMarketException(MarketErrorCode.ApprovalFileUnreadable, $"The approvals file '{shown}' cannot be read: "
                + $"{problem}. {Remedy.Run(Operation.ApprovePlugin, $"write one")}", shown, problem)
            {
                File = shown,
            };
        }

        return new ApprovalFile(path, ApprovalText.Read(utf8, shown, environment.Limits));
    }

    /// <summary>Fails where <see cref="AddAsync"/> would for what is there, and writes nothing.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException">As for <see cref="AddAsync"/>.</exception>
    public static void Demand(MarketEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Known(environment, path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        if (environment.Files.Kind(folder) == FileKind.Missing)
        {
            throw Unwritable(path, new DirectoryNotFoundException($"There is no folder '{folder}'."));
        }
    }

    /// <summary>Writes an approval into a file, over an older one of the same plugin; makes the file where it is missing. Approvals that
    /// others write at the same time stay.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="path">The file, absolute; its folder must be there.</param>
    /// <param name="approval">The approval.</param>
    /// <param name="cancellationToken">Stops waiting for others.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ApprovalFileUnreadable"/>,
    /// <see cref="MarketErrorCode.StateLocked"/>, <see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/>,
    /// <see cref="MarketErrorCode.SourceUnreachable"/> where its folder is missing.</exception>
    public static async Task<bool> AddAsync(MarketEnvironment environment, string path, PluginApproval approval,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(approval);
        try
        {
            // A file that is a link stays one.
            var target = environment.Files.Kind(path) == FileKind.SymbolicLink ? environment.Files.RealPath(path) : path;
            return await WriteAsync(environment, target, approval, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, problem);
        }
    }

    private static PluginMarketException Unwritable(string path, Exception problem) => new(MarketErrorCode.SourceUnreachable,
        $"The approvals file '{path}' cannot be written: {problem} {Remedy.Do($"Choose a path in a folder that exists.")}", path, problem)
    {
        File = path,
        IsAboutWriting = true,
    };

    private static async Task<bool> WriteAsync(MarketEnvironment environment, string path, PluginApproval approval,
        CancellationToken cancellationToken)
    {
        // The file is in somebody's repository: its folder is locked, so that no lock file stays there.
        using var turn = await FileLock.AcquireFolderAsync(environment, System.IO.Path.GetDirectoryName(path)!, cancellationToken)
            .ConfigureAwait(false);
        while (true)
        {
            var known = Known(environment, path);
            var before = ApprovalText.Write(known);
            var text = ApprovalText.Write(
                [.. known.Where(other => other.Id != approval.Id).Append(approval).OrderBy(one => one.Id, StringComparer.Ordinal)]);
            if (text.AsSpan().SequenceEqual(before))
            {
                return false;
            }

            // Not everybody who writes this file takes the lock.
            if (AtomicFile.Write(environment.Files, path, text, environment.Files.Kind(path) == FileKind.File ? null : FileOps.SharedFile,
                () => ApprovalText.Write(Known(environment, path)).AsSpan().SequenceEqual(before)))
            {
                return true;
            }
        }
    }

    private static IReadOnlyList<PluginApproval> Known(MarketEnvironment environment, string path) =>
        environment.Files.Kind(path) == FileKind.Missing ? [] : Read(environment, path).Approvals;

    /// <summary>The approval of a plugin, or null.</summary>
    public PluginApproval? Find(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Approvals.FirstOrDefault(approval => approval.Id == id.ToString());
    }
}
