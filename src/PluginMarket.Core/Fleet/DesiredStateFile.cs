using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>Reads desired states from files: JSON, or the data language of PowerShell with the same keys.</summary>
internal static class DesiredStateFile
{
    private const long MostBytes = 16L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="environment">The disk and the caps.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException">StateFileUnreadable with file, line and column; StateFileConflict.</exception>
    internal static DesiredState Read(MarketEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        byte[] utf8;
        try
        {
            // Read once: what is checked is what is applied.
            utf8 = environment.Files.ReadAllBytes(path, MostBytes, followLink: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.StateFileUnreadable, $"The desired state '{path}' cannot be read: {problem} "
                + $"{Remedy.Do($"Check the path.")}", path, problem)
            {
                File = path,
            };
        }

        var shown = DisplayText.Escape(path);
        var isData = Path.GetExtension(path).Equals(".psd1", StringComparison.OrdinalIgnoreCase);
        return Parse(environment, isData ? DataFileText.ToJson(utf8, shown) : utf8, shown, Path.GetDirectoryName(path));
    }

    /// <summary>Reads the text of a state.</summary>
    /// <param name="environment">The disk and the caps.</param>
    /// <param name="utf8">JSON.</param>
    /// <param name="shown">What messages call it.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <exception cref="PluginMarketException">StateFileUnreadable, StateFileConflict.</exception>
    internal static DesiredState Parse(MarketEnvironment environment, byte[] utf8, string shown, string? folder) =>
        new DesiredStateReader(environment, folder).Read(
            JsonFile.Parse(utf8, shown, MarketErrorCode.StateFileUnreadable, environment.Limits));
}
