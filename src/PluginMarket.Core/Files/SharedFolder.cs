using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Refuses folders in which every user may put things: what one plants there runs as the home's user (threat B23).</summary>
internal static class SharedFolder
{
    /// <summary>Set to 1, it allows them: some file systems know no rights, and show all folders as open to everyone.</summary>
    internal const string Override = "PLUGINMARKET_ALLOW_SHARED_HOME";

    /// <summary>Demands that none of the folders that are there, links resolved, is writable by everyone and not sticky.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeWritableByOthers"/></exception>
    internal static void Refuse(MarketEnvironment environment, params ReadOnlySpan<string> folders)
    {
        if (OperatingSystem.IsWindows() || environment.Variables.GetValueOrDefault(Override) == "1")
        {
            return;
        }

        foreach (var folder in folders)
        {
            if (Find(environment.Files, folder) is { Kind: FileKind.Directory } facts && facts.Mode.HasFlag(UnixFileMode.OtherWrite)
                && !facts.Mode.HasFlag(UnixFileMode.StickyBit))
            {
                throw new PluginMarketException(
                    MarketErrorCode.HomeWritableByOthers,
                    $"Every user of this computer can write in '{folder}', and so put plugins there that run as you. "
                        + $"{Remedy.Do($"Run: chmod o-w '{folder}' (where its file system has no such rights, set {Override}=1). "
                            + $"Then run the command again.")}",
                    folder);
            }
        }
    }

    private static FileFacts Find(FileOps files, string folder)
    {
        var facts = files.Examine(folder);
        try
        {
            return facts.Kind == FileKind.SymbolicLink ? files.Examine(files.RealPath(folder)) : facts;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }
}
