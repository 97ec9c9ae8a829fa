using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>Paths as PowerShell users write them, made absolute; only the file system counts.</summary>
internal static class PathInput
{
    /// <summary>The name of the only provider whose paths are taken.</summary>
    public const string FileSystem = "FileSystem";

    /// <summary>Makes one literal path absolute; it need not exist.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider or drive.</exception>
    public static string Resolve(PSCmdlet cmdlet, string literalPath)
    {
        try
        {
            var resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(literalPath, out var provider, out _);
            return OnlyFileSystem(provider, literalPath, Path.TrimEndingDirectorySeparator(resolved));
        }
        catch (Exception exception) when (IsPathFailure(exception))
        {
            throw Unusable(literalPath, exception);
        }
    }

    /// <summary>Expands wildcards; a path without any is given back whether it exists or not, a pattern that fits nothing gives nothing.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider or drive.</exception>
    public static IReadOnlyList<string> Expand(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [Resolve(cmdlet, path)];
        }

        try
        {
            var found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (found.Count > 0)
            {
                return [.. found.Select(item => OnlyFileSystem(provider, path, item))];
            }
        }
        catch (ItemNotFoundException)
        {
            // Then it may be a name, as below.
        }
        catch (Exception exception) when (IsPathFailure(exception))
        {
            throw Unusable(path, exception);
        }

        // A folder may really be called [1].
        var literal = Resolve(cmdlet, path);
        return Path.Exists(literal) ? [literal] : [];
    }

    private static string OnlyFileSystem(ProviderInfo provider, string path, string resolved) =>
        provider.Name == FileSystem ? resolved : throw Unusable(path, null);

    private static bool IsPathFailure(Exception exception) =>
        exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or PSArgumentException or NotSupportedException;

    private static PluginMarketException Unusable(string path, Exception? inner) =>
        new(MarketErrorCode.SourceInvalid, $"'{path}' is not a path of the file system. Give a folder or a file on disk.", path, inner);
}
