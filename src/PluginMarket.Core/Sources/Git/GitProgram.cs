using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Finds the git command: in absolute folders of PATH only, never in the current one (threat C17).</summary>
internal static class GitProgram
{
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitNotFound"/></exception>
    internal static string Find(MarketEnvironment environment)
    {
        if (TryFind(environment, "git") is { } program)
        {
            return program;
        }

        var advice = OperatingSystem.IsWindows() ? "winget install --id Git.Git"
            : OperatingSystem.IsMacOS() ? "xcode-select --install" : "sudo apt-get install git";
        throw new PluginMarketException(MarketErrorCode.GitNotFound, $"No git command was found in the absolute folders of PATH. "
            + $"{Remedy.Do($"Install git (for example `{advice}`), then run the command again.")}", "git");
    }

    /// <summary>A program of an absolute folder of PATH; null where none has it.</summary>
    internal static string? TryFind(MarketEnvironment environment, string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return AbsoluteFolders(environment).Select(folder => Path.Join(folder, file))
            .FirstOrDefault(path => IsProgram(environment.Files, path));
    }

    internal static IEnumerable<string> AbsoluteFolders(MarketEnvironment environment) =>
        environment.Variables.TryGetValue("PATH", out var path)
            ? path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified)
            : [];

    internal static bool IsProgram(FileOps files, string path)
    {
        try
        {
            if (files.Kind(path) == FileKind.Missing)
            {
                return false;
            }

            var facts = files.Examine(files.RealPath(path));
            return facts.Kind == FileKind.File && (OperatingSystem.IsWindows() || facts.IsExecutable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
