namespace PluginMarket.TestKit;

/// <summary>The folder of the checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    /// <summary>Absolute, without a trailing separator.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Join(folder, "PluginMarket.sln")) ? folder
            : Find(System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside a checkout."));
}
