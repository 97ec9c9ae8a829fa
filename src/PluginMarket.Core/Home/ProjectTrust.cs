using System.Text;
using PluginMarket.Files;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>Which project folders above the caller's location have a say (contract 5.4): those the system's
/// or the user's file marks as trusted.</summary>
internal sealed class ProjectTrust(MarketEnvironment environment, TomlTable merged)
{
    private const int PointerFileBytes = 4096;

    private const string Projects = "projects";
    private const string RootMarkers = "project_root_markers";

    private readonly TomlTable? _projects = merged.Table(Projects);

    /// <summary>The keys of the configuration that decide.</summary>
    internal static IReadOnlyList<string> Keys { get; } = [Projects, RootMarkers];

    /// <summary>The <c>config.toml</c> of trusted projects, the outermost first.</summary>
    public IReadOnlyList<string> ConfigurationFiles()
    {
        if (environment.WorkingDirectory is not { } location || _projects is null)
        {
            return [];
        }

        var root = ProjectRoot(location);
        var repository = RepositoryRoot(location);
        var home = Real(environment.CodexHome);
        var files = new List<string>();
        foreach (var folder in Ancestors(location).TakeWhile(folder => folder.Length >= root.Length).Reverse())
        {
            var settings = Path.Join(folder, ".codex");
            if (KindOf(settings) == FileKind.Directory && Real(settings) != home && settings != environment.CodexHome
                && IsTrusted([folder, root, .. repository is null ? Array.Empty<string>() : [repository]]))
            {
                files.Add(Path.Join(settings, "config.toml"));
            }
        }

        return files;
    }

    /// <summary>The first of the folders that the configuration names decides.</summary>
    private bool IsTrusted(IEnumerable<string> folders)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var key in folders.SelectMany(folder => new[] { Real(folder), folder }))
        {
            var level = _projects!.Where(project => string.Equals(project.Key, key, comparison))
                .Select(project => (project.Value as TomlTable)?.Text("trust_level")).FirstOrDefault(text => text is not null);
            if (level is not null)
            {
                return level == "trusted";
            }
        }

        return false;
    }

    private string ProjectRoot(string location)
    {
        var markers = merged.Texts(RootMarkers) ?? [".git"];
        return Ancestors(location).FirstOrDefault(folder => markers.Any(marker => KindOf(Path.Join(folder, marker)) != FileKind.Missing))
            ?? location;
    }

    /// <summary>The main checkout's folder: a linked work tree is trusted with the repository it belongs to.</summary>
    private string? RepositoryRoot(string location)
    {
        var folder = Ancestors(location).FirstOrDefault(candidate => KindOf(Path.Join(candidate, ".git")) != FileKind.Missing);
        if (folder is null || KindOf(Path.Join(folder, ".git")) == FileKind.Directory)
        {
            return folder;
        }

        try
        {
            var text = Encoding.UTF8.GetString(environment.Files.ReadAllBytes(Path.Join(folder, ".git"), PointerFileBytes)).Trim();
            var store = text.StartsWith("gitdir:", StringComparison.Ordinal)
                ? Path.GetFullPath(text["gitdir:".Length..].Trim(), folder) : "";
            var trees = Path.GetDirectoryName(store);
            return Path.GetFileName(trees) == "worktrees" ? Path.GetDirectoryName(Path.GetDirectoryName(trees)) : folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PluginMarketException or ArgumentException)
        {
            return folder;
        }
    }

    private static IEnumerable<string> Ancestors(string location)
    {
        for (var folder = Path.TrimEndingDirectorySeparator(location); !string.IsNullOrEmpty(folder);
            folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private FileKind KindOf(string path)
    {
        try
        {
            var kind = environment.Files.Kind(path);
            return kind == FileKind.SymbolicLink ? environment.Files.Kind(environment.Files.RealPath(path)) : kind;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FileKind.Missing;
        }
    }

    private string Real(string path)
    {
        try
        {
            return environment.Files.RealPath(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
