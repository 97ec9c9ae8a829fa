namespace PluginMarket;

/// <summary>Who made a plugin, as its manifest says (contract 2.2: kept, not typed by the format).</summary>
public sealed class Author
{
    /// <summary>The name.</summary>
    public string? Name { get; internal init; }

    /// <summary>The mail address.</summary>
    public string? Email { get; internal init; }

    /// <summary>The page.</summary>
    public string? Url { get; internal init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name ?? Email ?? Url ?? "";
}
