namespace PluginMarket.Sources;

/// <summary>Who named a source; decides what it may be (threat C4, C5).</summary>
internal enum SourceOrigin
{
    /// <summary>The user typed it or has it in the configuration, a lock file or a receipt: everything is allowed.</summary>
    User,
    /// <summary>A catalog in a folder of this machine (the user's, the personal one, the repository's): everything is allowed.</summary>
    LocalCatalog,
    /// <summary>A catalog from a private host: no paths of this machine.</summary>
    PrivateCatalog,
    /// <summary>A catalog from a public host: no paths of this machine, no private hosts without leave.</summary>
    PublicCatalog,
}

/// <summary>What the origins have in common.</summary>
internal static class SourceOrigins
{
    /// <summary>Whether the source was named by somebody on the other end of a network.</summary>
    internal static bool IsNetwork(this SourceOrigin origin) => origin is SourceOrigin.PrivateCatalog or SourceOrigin.PublicCatalog;
}
