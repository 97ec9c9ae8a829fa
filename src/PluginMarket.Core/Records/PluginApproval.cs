namespace PluginMarket;

/// <summary>That somebody reviewed exactly these bytes of a plugin and accepts what they can do.</summary>
/// <remarks>Texts are escaped for a terminal. It belongs to no home: what it names is the plugin and the digest.</remarks>
public sealed record PluginApproval
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary>The manifest's version, for readers; the digest decides.</summary>
    public string? Version { get; init; }

    /// <summary>The digest of the source tree that is approved (docs/security.md).</summary>
    public required string TreeHash { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public string Id => $"{Name}@{Marketplace}";

    /// <summary>The commit it was read from, for readers, or null.</summary>
    public string? Commit { get; init; }

    /// <summary>The hooks, MCP servers, apps and scripts that are accepted, each by its hash.</summary>
    public CapabilityRecord[] Capabilities { get; init; } = [];

    /// <summary>Who approved it: an account, for readers. Who may change the file is decided where it is kept.</summary>
    public required string ApprovedBy { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset ApprovedOn { get; init; }

    /// <summary>Why, or a ticket, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The id and the digest.</summary>
    public override string ToString() => $"{Id} {TreeHash}";
}
