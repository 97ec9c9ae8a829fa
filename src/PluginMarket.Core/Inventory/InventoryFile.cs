using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Inventories as files: one for each home, replaced in one step.</summary>
internal static class InventoryFile
{
    /// <summary>The ending of their names.</summary>
    internal const string Extension = ".ndjson";

    private const long MostBytes = 64L << 20;

    /// <summary>The name of a home's file: its computer, its account, and a few digits of its path.</summary>
    internal static string NameOf(PluginInventory inventory) =>
        $"{Plain(inventory.ComputerName)}.{Plain(inventory.UserName)}."
            + TreeDigest.OfBytes(System.Text.Encoding.UTF8.GetBytes(inventory.CodexHome))["sha256:".Length..][..8] + Extension;

    /// <summary>Writes an inventory in one step.</summary>
    /// <param name="environment">The disk.</param>
    /// <param name="inventory">The inventory.</param>
    /// <param name="path">A folder, absolute, in which the file gets its own name; or the file.</param>
    /// <returns>The file.</returns>
    /// <exception cref="PluginMarketException">SourceUnreachable, DiskFull.</exception>
    internal static string Write(MarketEnvironment environment, PluginInventory inventory, string path)
    {
        try
        {
            var real = environment.Files.Kind(path) == FileKind.SymbolicLink ? environment.Files.RealPath(path) : path;
            var file = environment.Files.Kind(real) == FileKind.Directory ? Path.Join(real, NameOf(inventory)) : real;
            AtomicFile.Write(environment.Files, file, InventoryText.Write(inventory),
                environment.Files.Kind(file) == FileKind.File ? null : FileOps.SharedFile);
            return file;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The inventory '{path}' cannot be written: {problem} "
                + $"{Remedy.Do($"Choose a folder that exists and that you can write to.")}", path, problem)
            {
                File = path,
                IsAboutWriting = true,
            };
        }
    }

    /// <summary>Reads an inventory.</summary>
    /// <param name="environment">The disk.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException">InventoryUnreadable.</exception>
    internal static PluginInventory Read(MarketEnvironment environment, string path)
    {
        try
        {
            return InventoryText.Read(environment.Files.ReadAllBytes(path, MostBytes, followLink: true));
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.InventoryUnreadable, $"The inventory '{path}' cannot be used: {problem}. "
                + $"{Remedy.Do($"Run the inventory on that machine again.")}", path, problem)
            {
                File = path,
            };
        }
    }

    /// <summary>The files that a path means: itself, or those of a folder, sorted.</summary>
    /// <exception cref="PluginMarketException">SourceUnreachable.</exception>
    internal static IReadOnlyList<string> Expand(MarketEnvironment environment, string path)
    {
        try
        {
            var real = environment.Files.RealPath(path);
            return environment.Files.Kind(real) != FileKind.Directory ? [path]
                : [.. environment.Files.List(real).Select(entry => Path.Join(path, Path.GetFileName(entry)))
                    .Where(file => file.EndsWith(Extension, StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith('.'))
                    .Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The inventories in '{path}' cannot be read: {problem} "
                + $"{Remedy.Do($"Check the path.")}", path, problem);
        }
    }

    private static string Plain(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}
