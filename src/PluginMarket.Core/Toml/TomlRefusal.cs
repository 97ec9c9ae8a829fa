namespace PluginMarket.Toml;

/// <summary>What the parser lets pass and Codex refuses, with its place.</summary>
internal sealed class TomlRefusal(string reason, int offset) : Exception(reason)
{
    internal const string TooDeep = "nested too deeply";
    internal const string TooLarge = "the number is too large";
    internal const string OpenText =
        "a text in quotes is not closed in its line: a backslash at the end of a line continues a text in three quotes only";

    internal static string Repeated { get; } = TomlErrorText.Explain("duplicate");

    public int Offset { get; } = offset;
}
