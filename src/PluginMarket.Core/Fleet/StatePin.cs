namespace PluginMarket;

/// <summary>How exactly an exported state names its plugins.</summary>
public enum StatePin
{
    /// <summary>Any version.</summary>
    None,

    /// <summary>The version.</summary>
    Version,

    /// <summary>The version and the commit.</summary>
    Commit,

    /// <summary>The version and the digest of the bytes.</summary>
    Digest,
}
