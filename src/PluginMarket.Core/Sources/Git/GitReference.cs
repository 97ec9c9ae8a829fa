namespace PluginMarket.Sources.Git;

/// <summary>The grammar of names and ids that may be handed to git (threat C2).</summary>
internal static class GitReference
{
    /// <summary>Whether a text is a full object id of SHA-1 or SHA-256.</summary>
    internal static bool IsFullId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>Digits of a full id of SHA-1.</summary>
    internal const int ShortestFullId = 40;

    private const int ShortestId = 4;
    private const int Refs = 5;
    private const string Remotes = "refs/remotes/origin/";
    private const string RemoteBranch = "origin/";

    /// <summary>Whether a text may be the beginning of an object id, as git takes it.</summary>
    internal static bool IsShortId(string text) => text.Length is >= ShortestId and < ShortestFullId && text.All(char.IsAsciiHexDigit);

    /// <summary>The full names that a text may stand for in a clone, the first that a server has counts: a branch, a tag, <c>HEAD</c>, or
    /// <c>origin/BRANCH</c> for a branch of the server (contract 4.2).</summary>
    internal static IReadOnlyList<string> NamesOf(string? reference) => reference switch
    {
        null or "HEAD" or "origin/HEAD" or "refs/remotes/origin/HEAD" => ["HEAD"],
        _ when reference.StartsWith(Remotes, StringComparison.Ordinal) && reference.Length > Remotes.Length =>
            [reference, "refs/heads/" + reference[Remotes.Length..]],
        _ when reference.StartsWith(Remotes[Refs..], StringComparison.Ordinal) && reference.Length > Remotes.Length - Refs =>
            ["refs/heads/" + reference, "refs/tags/" + reference, "refs/" + reference,
                "refs/heads/" + reference[(Remotes.Length - Refs)..]],
        _ when reference.StartsWith("refs/", StringComparison.Ordinal) => [reference],
        _ when reference.StartsWith(RemoteBranch, StringComparison.Ordinal) && reference.Length > RemoteBranch.Length =>
            ["refs/heads/" + reference, "refs/tags/" + reference, "refs/" + reference, "refs/heads/" + reference[RemoteBranch.Length..]],
        _ => ["refs/heads/" + reference, "refs/tags/" + reference, "refs/" + reference],
    };

    /// <summary>Why a text cannot name a branch, tag or commit, by the rules of git check-ref-format; null where it can.</summary>
    internal static string? Check(string text)
    {
        if (text.Length is 0 or > 1000)
        {
            return "is empty or too long";
        }

        if (text[0] is '-' or '/' || text[^1] is '/' or '.')
        {
            return "begins with '-' or '/', or ends with '/' or '.'";
        }

        if (text == "@" || text.Contains("..", StringComparison.Ordinal) || text.Contains("@{", StringComparison.Ordinal)
            || text.Contains("//", StringComparison.Ordinal))
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
