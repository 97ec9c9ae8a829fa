namespace PluginMarket;

/// <summary>The grammar of names and ids that may be handed to git (reliability row C2).</summary>
internal static class GitReference
{
    /// <summary>Whether a text is a full object id of SHA-1 or SHA-256.</summary>
    internal static bool IsFullId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>Why a text cannot name a branch, tag or commit, by the rules of git check-ref-format; null where it can.</summary>
    internal static string? FindProblem(string text)
    {
        if (text.Length is 0 or > 1000)
        {
            return "is empty or too long";
        }

        if (text[0] is '-' or '/' || text[^1] is '/' or '.')
        {
            return "begins with '-' or '/', or ends with '/' or '.'";
        }

        if (text == "@" || text.Contains("..", StringComparison.Ordinal) || text.Contains("@{", StringComparison.Ordinal) || text.Contains("//", StringComparison.Ordinal))
        {
            return "contains '..', '@{' or '//'";
        }

        if (text.Any(c => c <= ' ' || c == '\x7f' || c is '~' or '^' or ':' or '?' or '*' or '[' or '\\' || char.IsControl(c)))
        {
            return "contains a space, a control character or one of ~ ^ : ? * [ \\";
        }

        return text.Split('/').Any(part => part.StartsWith('.') || part.EndsWith(".lock", StringComparison.Ordinal))
            ? "has a part that begins with '.' or ends with '.lock'"
            : null;
    }
}
