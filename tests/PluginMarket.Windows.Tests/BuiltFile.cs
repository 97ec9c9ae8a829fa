using System.Reflection;

namespace PluginMarket.Windows.Tests;

/// <summary>Files that the build of this project knows the places of.</summary>
internal static class BuiltFile
{
    public static string Pester => Named("PinnedPester");

    public static string CommandLine => Named("pluginmarket");

    public static string CoreTests => Named("PluginMarket.Core.Tests");

    public static string Configuration => Named("Configuration");

    private static string Named(string key) =>
        typeof(BuiltFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
