using PluginMarket.Json;

namespace PluginMarket;

/// <summary>One app of <c>.app.json</c> (contract 2.6); used only when signed in.</summary>
public sealed class App
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary>The connector's id.</summary>
    public required string Id { get; init; }

    /// <summary>The category, trimmed.</summary>
    public string? Category { get; internal init; }

    /// <summary>The file, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; internal init; }

    internal JsonValue? Definition { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
