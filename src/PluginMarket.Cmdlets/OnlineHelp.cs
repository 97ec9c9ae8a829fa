namespace PluginMarket.Cmdlets;

/// <summary>Where the help pages are on the web.</summary>
internal static class OnlineHelp
{
    /// <summary>The folder of the pages: <c>docs/en-US</c> of the published repository. The name is reserved for examples until there is
    /// one, so no one else can serve pages under it.</summary>
    internal const string Pages = "https://pluginmarket.example/docs/en-US/";
}
