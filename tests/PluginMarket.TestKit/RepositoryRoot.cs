namespace PluginMarket.TestKit;

/// <summary>The checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    /// <summary>Its folder, absolute, without a trailing separator.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The configuration that the tests were built in.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Join(folder, "PluginMarket.sln")) ? folder
            : Find(System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside a checkout."));
}
