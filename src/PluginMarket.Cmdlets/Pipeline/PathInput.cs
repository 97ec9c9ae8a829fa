using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Paths as PowerShell users write them, made absolute; only the file system counts.</summary>
internal static class PathInput
{
    /// <summary>The name of the only provider whose paths are taken.</summary>
    public const string FileSystem = "FileSystem";

    // Its question mark is not a wildcard.
    private const string Verbatim = @"\\?\";

    /// <summary>Makes one literal path absolute; it need not exist.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider or drive.</exception>
    public static string Resolve(PSCmdlet cmdlet, string literalPath)
    {
        try
        {
            var resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(WithoutNull(literalPath), out var provider, out _);
            return OnlyFileSystem(provider, literalPath, Path.TrimEndingDirectorySeparator(resolved));
        }
        catch (Exception exception) when (IsPathFailure(exception))
        {
            throw Unusable(literalPath, exception);
        }
    }

    /// <summary>Expands wildcards; a path without any is given back whether it exists or not, a pattern
    /// that fits nothing gives nothing.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider or drive.</exception>
    public static IReadOnlyList<string> Expand(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(
            path.StartsWith(Verbatim, StringComparison.Ordinal) ? path[Verbatim.Length..] : path))
        {
            return [Resolve(cmdlet, path)];
        }

        try
        {
            var found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(WithoutNull(path), out var provider);
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

    /// <summary>The path of a text that names a drive of PowerShell or the file system's provider; every other text as it is.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider.</exception>
    public static string ResolveDrive(PSCmdlet cmdlet, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || text.StartsWith(Verbatim, StringComparison.Ordinal))
        {
            return text;
        }

        var isProvider = text.AsSpan(colon).StartsWith("::")
            && text.AsSpan(0, colon).EndsWith(FileSystem, StringComparison.OrdinalIgnoreCase);
        return isProvider
            || cmdlet.SessionState.Drive.GetAll().Any(drive => drive.Name.Equals(text[..colon], StringComparison.OrdinalIgnoreCase))
            ? Resolve(cmdlet, text)
            : text;
    }

    private static string OnlyFileSystem(ProviderInfo provider, string path, string resolved)
    {
        // PowerShell leaves forward slashes, and Windows ignores dots and spaces at the end of a name.
        var root = Path.GetPathRoot(resolved);
        return provider.Name != FileSystem ? throw Unusable(path, null)
            : string.IsNullOrEmpty(root) || !Path.IsPathFullyQualified(resolved) ? resolved
            : Path.GetFullPath(resolved, root);
    }

    private static string WithoutNull(string path) => path.Contains('\0', StringComparison.Ordinal) ? throw Unusable(path, null) : path;

    private static bool IsPathFailure(Exception exception) =>
        exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException
            or PSArgumentException or NotSupportedException;

    private static PluginMarketException Unusable(string path, Exception? inner) =>
        new(MarketErrorCode.SourceInvalid,
            $"'{path}' is not a path of the file system. {Remedy.Do($"Use a folder or a file on disk.")}", path, inner);
}
