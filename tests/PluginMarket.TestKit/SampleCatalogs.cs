namespace PluginMarket.TestKit;

/// <summary>The sample marketplaces under <c>tests/catalogs</c>; read them, never write there.</summary>
internal static class SampleCatalogs
{
    /// <summary>Every kind of source and policy, all well formed.</summary>
    public static string Complete => RootOf("complete");

    /// <summary>One good entry between many that are each wrong in one way.</summary>
    public static string BrokenEntries => RootOf("broken-entries");

    /// <summary>The root of a sample.</summary>
    public static string RootOf(string name) => Path.Join(RepositoryRoot.Path, "tests", "catalogs", name);
}
