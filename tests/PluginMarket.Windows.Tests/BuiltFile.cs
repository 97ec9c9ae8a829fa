using System.Reflection;
using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>Files that the build of this project knows the places of.</summary>
internal static class BuiltFile
{
    /// <summary>The checkout whose files run under Wine: a copy where the built files of this one were compiled for this
    /// system.</summary>
    public static string Tree { get; } =
        Environment.GetEnvironmentVariable("PLUGINMARKET_WINDOWS_TREE") is { Length: > 0 } copy ? copy : RepositoryRoot.Path;

    public static string Pester => Named("PinnedPester");

    public static string CommandLine => InTree(Named("pluginmarket"));

    public static string CoreTests => InTree(Named("PluginMarket.Core.Tests"));

    public static string Configuration => Named("Configuration");

    private static string InTree(string file) => Path.Join(Tree, Path.GetRelativePath(RepositoryRoot.Path, file));

    private static string Named(string key) =>
        typeof(BuiltFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
