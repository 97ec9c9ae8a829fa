using System.Text.RegularExpressions;

namespace PluginMarket.Messages;

/// <summary>Shows addresses that are in any text without what may be a secret.</summary>
internal static partial class Addresses
{
    /// <summary>The text with <c>***</c> for user information, and for queries too. A login name of ssh
    /// stays: it leads nowhere without a key.</summary>
    internal static string Hide(string text) => HideUsers(text) is var shown && Mentions(shown) ? Query().Replace(shown, "?***") : shown;

    /// <summary>The text with <c>***</c> for user information.</summary>
    internal static string HideUsers(string text) => Mentions(text) ? UserInformation().Replace(text, "${scheme}***@") : text;

    private static bool Mentions(string text) => text.Contains("://", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<scheme>\b(?!(?i:ssh)://[A-Za-z0-9._-]+@)[A-Za-z][A-Za-z0-9+.-]*://)[^/\s?#'""<>\\]*@",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UserInformation();

    [GeneratedRegex(@"(?<=\b[A-Za-z][A-Za-z0-9+.-]*://[^\s?'""<>]*)\?[^\s'""<>)]+", RegexOptions.CultureInvariant)]
    private static partial Regex Query();
}
