using System.Diagnostics.CodeAnalysis;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Home;

/// <summary>The agent's home folder and the places in it (contract 3.1).</summary>
internal sealed class AgentHome
{
    private readonly MarketEnvironment _environment;

    private AgentHome(MarketEnvironment environment) => _environment = environment;

    /// <summary>The home, absolute.</summary>
    public string Path => _environment.CodexHome;

    /// <summary>The user's <c>config.toml</c>.</summary>
    public string ConfigPath => System.IO.Path.Join(Path, "config.toml");

    /// <summary>The folder <c>plugins</c>.</summary>
    public string PluginsPath => System.IO.Path.Join(Path, "plugins");

    /// <summary>The folder of cached plugins.</summary>
    public string CachePath => System.IO.Path.Join(PluginsPath, "cache");

    /// <summary>The folder of snapshots of git marketplaces.</summary>
    public string MarketplacesPath => System.IO.Path.Join(Path, ".tmp", "marketplaces");

    /// <summary>Codex's own lock for adding and upgrading marketplaces.</summary>
    public string MarketplacesLockPath => System.IO.Path.Join(MarketplacesPath, ".staging.lock");

    /// <summary>Our own folder: lock, staging, trash, receipts, journal (docs/reliability.md).</summary>
    public string StatePath => System.IO.Path.Join(PluginsPath, ".pluginmarket");

    /// <summary>Whether the home is there.</summary>
    public bool Exists => Reaches(FileKind.Directory);

    /// <summary>The home of an environment; nothing is touched.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotFound"/>: it was named, is not there, and this command
    /// does not create it; or it is not a folder.</exception>
    public static AgentHome Open(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var home = new AgentHome(environment);
        home.DemandUsable();
        return home;
    }

    /// <summary>Whether a path names this home, links on the way resolved: one folder under two names is one home.</summary>
    /// <param name="path">The path; a relative one names no home.</param>
    public bool IsAt(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Same(System.IO.Path.TrimEndingDirectorySeparator(path), System.IO.Path.TrimEndingDirectorySeparator(Path))
            || Same(Real(path), Real(Path));
    }

    /// <summary>Creates a missing home, readable by its owner alone (0700).</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>.</exception>
    public void EnsureExists()
    {
        if (Exists)
        {
            return;
        }

        try
        {
            _environment.Files.CreateDirectory(Path, FileOps.PrivateFolder);
        }
        catch (IOException error)
        {
            throw new PluginMarketException(MarketErrorCode.HomeNotWritable, $"Cannot create the home '{Path}': "
                + $"a file with that name exists. {Remedy.Do($"Remove it or choose another home.")}", Path, error);
        }
    }

    /// <summary>Whether the home can be worked with, and why it cannot: for those who report it instead of failing.</summary>
    internal static bool IsUsable(MarketEnvironment environment, [NotNullWhen(false)] out PluginMarketException? problem)
    {
        try
        {
            _ = Open(environment);
            problem = null;
        }
        catch (PluginMarketException failure) when (failure.Code == MarketErrorCode.HomeNotFound)
        {
            problem = failure;
        }

        return problem is null;
    }

    private void DemandUsable()
    {
        var choice = _environment.HomeChoice;
        if (choice.NamedBy is null || Exists)
        {
            return;
        }

        var kind = _environment.Files.Kind(Path);
        if (kind != FileKind.Missing)
        {
            throw choice.Unusable(Path, kind == FileKind.SymbolicLink ? "is a link that does not point to a folder" : "is not a folder");
        }

        if (!choice.MayBeCreated || IsBelowFile(Path))
        {
            throw choice.Unusable(Path, "does not exist");
        }
    }

    private bool IsBelowFile(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path);
        while (folder is not null && _environment.Files.Kind(folder) == FileKind.Missing)
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder is not null && _environment.Files.Kind(folder) is not (FileKind.Directory or FileKind.SymbolicLink);
    }

    private static bool Same(string left, string right) =>
        left.Equals(right, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private string Real(string path)
    {
        try
        {
            return System.IO.Path.IsPathFullyQualified(path) ? _environment.Files.RealPath(path) : path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private bool Reaches(FileKind kind)
    {
        try
        {
            return _environment.Files.Kind(_environment.Files.RealPath(Path)) == kind;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
