namespace PluginMarket.Toml;

/// <summary>One change of a text: the characters from one offset to another give way to others.</summary>
internal readonly record struct TomlSplice(int Start, int End, string Text);
