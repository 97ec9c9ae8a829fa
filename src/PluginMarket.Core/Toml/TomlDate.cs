namespace PluginMarket.Toml;

/// <summary>A date, time or both in TOML, kept as it is written: nothing here computes with it.</summary>
/// <param name="Text">The value's text.</param>
internal sealed record TomlDate(string Text);
