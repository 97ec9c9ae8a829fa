using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources.Npm;

/// <summary>Finds npm: in absolute folders of PATH only, never in the current one (threat C17).</summary>
/// <param name="FileName">The program to start.</param>
/// <param name="Arguments">What is before npm's own arguments.</param>
internal sealed record NpmProgram(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Script = "node_modules/npm/bin/npm-cli.js";

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NpmNotFound"/></exception>
    internal static NpmProgram Find(MarketEnvironment environment)
    {
        var folders = GitProgram.AbsoluteFolders(environment).ToList();
        return (OperatingSystem.IsWindows() ? FindOnWindows(environment.Files, folders)
            : Find(environment.Files, folders, "npm") is { } npm ? new NpmProgram(npm, []) : null)
            ?? throw new PluginMarketException(
                MarketErrorCode.NpmNotFound,
                $"The plugin is an npm package, and no npm command was found in the absolute folders of PATH. "
                    + $"{Remedy.Do($"Install Node.js, which includes npm (for example `{Advice}`), then run the command again.")}",
                "npm");
    }

    private static string Advice =>
        OperatingSystem.IsWindows() ? "winget install --id OpenJS.NodeJS.LTS"
            : OperatingSystem.IsMacOS() ? "brew install node" : "sudo apt-get install npm";

    // npm.cmd would hand a version such as "1&calc" to the command interpreter, so node gets npm's script itself.
    private static NpmProgram? FindOnWindows(FileOps files, IReadOnlyList<string> folders) =>
        Find(files, folders, "node.exe") is { } node && folders.Prepend(Path.GetDirectoryName(node)!)
            .Select(folder => Path.Join(folder, Script)).FirstOrDefault(path => GitProgram.IsProgram(files, path)) is { } script
            ? new NpmProgram(node, [script])
            : null;

    private static string? Find(FileOps files, IReadOnlyList<string> folders, string name) =>
        folders.Select(folder => Path.Join(folder, name)).FirstOrDefault(path => GitProgram.IsProgram(files, path));
}
