namespace PluginMarket.Home;

/// <summary>A <c>[plugins."ID"]</c> table as all layers together make it (contract 3.6, 3.8).</summary>
/// <param name="Id">The key, <c>plugin@marketplace</c>; not checked against the rules of names.</param>
/// <param name="Enabled">The effective state; a missing <c>enabled</c> means true.</param>
/// <param name="Layer">The highest layer that sets <c>enabled</c>, else the lowest that has the table.</param>
/// <param name="File">That layer's file.</param>
internal sealed record ConfiguredPlugin(string Id, bool Enabled, ConfigurationLayer Layer, string File)
{
    /// <summary>Whether the user's own config.toml has the table.</summary>
    public bool InUserLayer { get; init; }

    /// <summary>The user's own <c>enabled</c>: null where the table is missing there, true where only the key is.</summary>
    public bool? UserEnabled { get; init; }
}
