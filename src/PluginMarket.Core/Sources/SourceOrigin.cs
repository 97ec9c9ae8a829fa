namespace PluginMarket;

/// <summary>Who named a source; decides what it may be (reliability rows C4, C5).</summary>
public enum SourceOrigin
{
    /// <summary>The user typed it or has it in the configuration: everything is allowed.</summary>
    User,
    /// <summary>A catalog in a folder of this machine: everything is allowed.</summary>
    LocalCatalog,
    /// <summary>A catalog from a private host: no paths of this machine.</summary>
    PrivateCatalog,
    /// <summary>A catalog from a public host: no paths of this machine, no private hosts without leave.</summary>
    PublicCatalog,
}
