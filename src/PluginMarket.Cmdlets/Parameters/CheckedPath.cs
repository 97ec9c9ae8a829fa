using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>The paths that something given to a check stands for.</summary>
internal static class CheckedPath
{
    /// <summary>The paths of a text (wildcards allowed), a file or folder, or what has a PSPath of one; null for everything else.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: the path is of another provider or drive.</exception>
    public static IReadOnlyList<string>? Of(PSCmdlet cmdlet, object? item) => PipelineObject.Unwrap(item) switch
    {
        string path => PathInput.Expand(cmdlet, path),
        FileSystemInfo file => [Path.TrimEndingDirectorySeparator(file.FullName)],
        _ when item is PSObject source && PipelineObject.Text(source, "PSPath") is { } path => [PathInput.Resolve(cmdlet, path)],
        _ => null,
    };
}
