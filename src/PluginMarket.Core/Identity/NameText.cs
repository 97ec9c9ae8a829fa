using PluginMarket.Messages;

namespace PluginMarket.Identity;

/// <summary>The character rules that the three kinds of names share.</summary>
internal static class NameText
{
    internal static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    internal static string Quote(string text) => $"'{DisplayText.Escape(text.Length <= 100 ? text : text[..100] + "…")}'";
}
