using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>Reading one configuration file, whichever layer it is.</summary>
internal static class ConfigurationFile
{
    private const int LinkDepth = 40;

    /// <summary>The file's content, or null where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/>.</exception>
    public static TomlFile? Read(MarketEnvironment environment, string path) =>
        ReadBytes(environment, path) is { } bytes ? environment.Home.Configuration.Parse(path, bytes, environment.Limits) : null;

    /// <summary>The file's bytes, or null where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/>.</exception>
    public static byte[]? ReadBytes(MarketEnvironment environment, string path)
    {
        try
        {
            return environment.Files.TryReadAllBytes(path, environment.Limits.ConfigurationBytes, followLink: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.ConfigInvalid,
                $"'{path}' cannot be read: {error} {Remedy.Do($"Fix its permissions so that this user can read it.")}", path, error)
            {
                File = path,
            };
        }
    }

    /// <summary>Where a chain of links ends; the last one may point to nothing.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>: the links go in a
    /// circle, or the end is not a file.</exception>
    public static string Target(FileOps files, string path)
    {
        var target = path;
        for (var depth = 0; depth < LinkDepth; depth++)
        {
            switch (files.Kind(target))
            {
                case FileKind.SymbolicLink:
                    target = Path.GetFullPath(files.ReadLink(target), RealFolder(files, target));
                    break;
                case FileKind.File or FileKind.Missing:
                    if (depth > 0)
                    {
                        files.Follow(path, target);
                    }

                    return target;
                default:
                    throw Unwritable(path, $"points to '{target}', which is not a file");
            }
        }

        throw Unwritable(path, "is a link that leads in a circle");
    }

    public static PluginMarketException Unwritable(string path, string problem, Exception? inner = null) =>
        new(MarketErrorCode.HomeNotWritable, $"'{path}' {problem}.{Remedy.Do($"Fix it, then run the command again.")}", path, inner)
        {
            File = path,
        };

    /// <summary>A relative link counts from the folder it really is in.</summary>
    private static string RealFolder(FileOps files, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            return files.RealPath(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, "points to a folder that does not exist", error);
        }
    }
}
