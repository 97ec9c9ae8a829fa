using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket;

/// <summary>A lock file, <c>plugins.lock.json</c>: the exact bytes of a set of plugins, named so that any machine can fetch and
/// recognise them (docs/lock-files.md).</summary>
public sealed class PluginLockFile
{
    internal const long MostBytes = 64L << 20;

    internal PluginLockFile(string path, IEnumerable<PluginLockEntry> entries)
    {
        Path = path;
        Entries = [.. entries.OrderBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>How many plugins it locks.</summary>
    public int Plugins => Entries.Length;

    /// <summary>What became of the file: <c>Written</c>, <c>Unchanged</c> (it has these bytes already) or <c>WhatIf</c>; null for one
    /// that was only read.</summary>
    public string? Status { get; internal set; }

    /// <summary>The plugins, sorted by id.</summary>
    public PluginLockEntry[] Entries { get; }

    /// <summary>The entries that names or patterns choose.</summary>
    /// <param name="names">Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</param>
    /// <param name="entries">The entries.</param>
    /// <returns>One failure for each literal name that the file does not list.</returns>
    internal IReadOnlyList<PluginMarketException> Select(IReadOnlyList<string> names, out IReadOnlyList<PluginLockEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(names);
        var patterns = names.Select(NamePattern.SplitId).ToList();
        entries = [.. Entries.Where(entry => patterns.Count == 0 || patterns.Exists(pattern => Fits(pattern, entry)))];
        return
        [
            .. names.Zip(patterns)
                .Where(pair => pair.Second.Plugin.IsLiteral && pair.Second.Marketplace?.IsLiteral != false
                    && !Array.Exists(Entries, entry => Fits(pair.Second, entry)))
                .Select(pair => NotLocked(pair.First)),
        ];
    }

    /// <summary>Reads a lock file.</summary>
    /// <param name="environment">The disk and the caps.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceUnreachable"/> where it cannot be read,
    /// <see cref="MarketErrorCode.StateCorrupt"/> where it is not a lock file, <see cref="MarketErrorCode.CredentialInUrl"/>.</exception>
    internal static PluginLockFile Read(MarketEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return LockFileText.Read(environment.Files.ReadAllBytes(path, MostBytes, followLink: true), path, environment.Limits);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var shown = path;
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The lock file '{shown}' cannot be read: {problem}. "
                + $"{Remedy.Run(Operation.ExportLockFile, $"write one")}", shown, problem)
            {
                File = path,
            };
        }
    }

    /// <summary>Fails where <see cref="Write"/> would for what can be known without writing.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="Write"/>.</exception>
    internal void DemandWritable(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        try
        {
            var target = TargetIn(environment);
            if (environment.Files.Kind(target) is not (FileKind.File or FileKind.Missing))
            {
                throw new IOException($"'{target}' is not a file");
            }

            var folder = System.IO.Path.GetDirectoryName(target)!;
            if (environment.Files.Kind(folder) == FileKind.Missing)
            {
                throw new DirectoryNotFoundException($"the folder '{folder}' does not exist.");
            }

            environment.Files.RealPath(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(problem);
        }
    }

    // A lock file that is a link stays one.
    private string TargetIn(MarketEnvironment environment) =>
        environment.Files.Kind(Path) == FileKind.SymbolicLink ? environment.Files.RealPath(Path) : Path;

    private PluginMarketException Unwritable(Exception problem) => new(MarketErrorCode.SourceUnreachable,
        $"The lock file '{Path}' cannot be written: {problem}. {Remedy.Do($"Choose a path in a folder that exists.")}", Path, problem)
    {
        File = Path,
        IsAboutWriting = true,
    };

    /// <summary>Writes the file in one step; the same plugins give the same bytes, and nothing is
    /// written where they are there already.</summary>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/>,
    /// <see cref="MarketErrorCode.SourceUnreachable"/> where its folder is missing.</exception>
    internal bool Write(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var utf8 = LockFileText.Write(this);
        try
        {
            var target = TargetIn(environment);
            if (environment.Files.TryReadAllBytes(target, MostBytes) is { } there && there.AsSpan().SequenceEqual(utf8))
            {
                Status = "Unchanged";
                return false;
            }

            Status = "Written";
            return AtomicFile.Write(environment.Files, target, utf8,
                environment.Files.Kind(target) == FileKind.File ? null : FileOps.SharedFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(problem);
        }
    }

    private PluginMarketException NotLocked(string name) =>
        new(MarketErrorCode.PluginNotFound,
            $"The lock file '{Path}' has no plugin '{name}'. {Remedy.Run(Operation.ListLockFile.On(Path), $"list its plugins")}", name);

    private static bool Fits((NamePattern Plugin, NamePattern? Marketplace) name, PluginLockEntry entry) =>
        name.Plugin.Matches(entry.Name) && name.Marketplace?.Matches(entry.Marketplace) != false;

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
