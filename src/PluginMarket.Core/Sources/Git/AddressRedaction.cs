using System.Text.RegularExpressions;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Takes secrets out of what may be an address.</summary>
internal static partial class AddressRedaction
{
    /// <summary>Any text that may be a URL, without secrets, for messages and records (threat H1, H2): no query, and of user information
    /// only the login name of ssh, which leads nowhere without a key.</summary>
    internal static string Redact(string text)
    {
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0)
        {
            return DisplayText.Escape(WithoutQuery(Login().Replace(text, "***@")));
        }

        var start = mark + 3;
        var end = text.IndexOfAny(['/', '?', '#', '\\', ' '], start);
        end = end < 0 ? text.Length : end;
        var at = text.LastIndexOf('@', end - 1, end - start);
        var user = at < 0 ? "" : text[start..at];
        var isLogin = text[..mark].EndsWith("ssh", StringComparison.OrdinalIgnoreCase) && GitUrlGrammar.IsUserName(user);
        var shownUser = user.Length == 0 ? "" : isLogin ? $"{user}@" : "***@";
        var rest = text[(at < 0 ? start : at + 1)..];
        return DisplayText.Escape(text[..start] + shownUser + WithoutQuery(rest));
    }

    private static string WithoutQuery(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? text : text[..query] + "?***";
    }

    [GeneratedRegex(@"^[^/\\@:\s]+:[^/\\@\s]+@", RegexOptions.CultureInvariant)]
    private static partial Regex Login();
}
