using System.Text;
using PluginMarket.Messages;

namespace PluginMarket.Identity;

/// <summary>What makes a name unsafe on some system, reserved, or equal to another one where letter case or spelling form is
/// ignored.</summary>
internal static class NameRules
{
    private static readonly string[] ReservedMarketplaces =
    [
        "openai-curated", "openai-api-curated", "openai-bundled", "openai-bundled-alpha", "openai-primary-runtime",
        "openai-curated-remote", "created-by-me-remote", "workspace-directory", "workspace-shared-with-me",
        "workspace-shared-with-me-private", "workspace-shared-with-me-unlisted",
    ];

    private static readonly HashSet<string> DeviceNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>Why one file or folder name is unsafe on some system, or null where it is fine on all. The
    /// text fits behind "the name 'x' ".</summary>
    /// <remarks>The same answer on every system: threat B1 to B7.</remarks>
    public static string? CheckPortability(string segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (segment.Length == 0)
        {
            return "is empty";
        }

        if (segment is "." or "..")
        {
            return "means another folder";
        }

        foreach (var c in segment)
        {
            if (c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
            {
                return $"contains '{c}', which Windows does not allow in names";
            }
        }

        if (segment.Contains('\n', StringComparison.Ordinal) || segment.Contains('\uFFFD', StringComparison.Ordinal)
            || !ReferenceEquals(DisplayText.Escape(segment), segment))
        {
            return "contains a control, invisible or broken character";
        }

        if (segment[^1] is '.' or ' ' || segment[0] == ' ')
        {
            return "begins with a space, or ends with a dot or a space, which Windows drops";
        }

        var stem = segment.Split('.', 2)[0];
        if (DeviceNames.Contains(stem.TrimEnd(' ')))
        {
            return "is the name of a device on Windows";
        }

        var tilde = stem.LastIndexOf('~');
        return tilde >= 0 && tilde < stem.Length - 1 && stem.AsSpan(tilde + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? "looks like a short name of Windows (~1)"
            : null;
    }

    /// <summary>Whether a file system could take the name for <c>.git</c>: any letter case, ignorable characters, trailing dots,
    /// spaces or streams, <c>git~1</c>.</summary>
    public static bool IsGitFolder(string segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        var colon = segment.IndexOf(':', StringComparison.Ordinal);
        var plain = new string((colon < 0 ? segment : segment[..colon]).Where(c => c == '\n' || !HiddenText.IsShapeless(c))
            .ToArray()).TrimEnd('.', ' ');
        return string.Equals(plain, ".git", StringComparison.OrdinalIgnoreCase)
            || string.Equals(plain, "git~1", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the name is one that Codex keeps for its own marketplaces (contract 1.7), spelled exactly so.</summary>
    public static bool IsReservedMarketplace(string name) => Array.IndexOf(ReservedMarketplaces, name) >= 0;

    /// <summary>The reserved marketplace name that this other name could be mistaken for, or null.</summary>
    /// <remarks>Letter case is ignored, and <c>_</c> and <c>.</c> count as <c>-</c>.</remarks>
    public static string? FindReservedLookalike(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsReservedMarketplace(name) ? null : Array.Find(ReservedMarketplaces, reserved => reserved == Skeleton(name));
    }

    /// <summary>The name with what is easily overlooked taken away: lower case, <c>_</c> and <c>.</c> as <c>-</c>. Equal
    /// skeletons mean names that look alike.</summary>
    public static string Skeleton(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Create(name.Length, name, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = source[i] is '_' or '.' ? '-' : char.ToLowerInvariant(source[i]);
            }
        });
    }

    /// <summary>A key that is equal for two names which are one on a system that ignores letter case or Unicode spelling form.</summary>
    public static string FoldKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (System.Text.Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        // Case folding can break the composed form and the other way round, so both run twice.
        return Fold(Fold(text));
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 4);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                'ß' or 'ẞ' => folded.Append("ss"),
                'İ' or 'ı' => folded.Append('i'),
                'ſ' => folded.Append('s'),
                'ς' => folded.Append('σ'),
                'ŉ' => folded.Append("ʼn"),
                'ẚ' => folded.Append("aʾ"),
                'և' => folded.Append("եւ"),
                'ﬀ' => folded.Append("ff"),
                'ﬁ' => folded.Append("fi"),
                'ﬂ' => folded.Append("fl"),
                'ﬃ' => folded.Append("ffi"),
                'ﬄ' => folded.Append("ffl"),
                'ﬅ' or 'ﬆ' => folded.Append("st"),
                _ => folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString()),
            };
        }

        try
        {
            return folded.ToString().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A noncharacter such as U+FFFE has no form; no system takes it for another one either.
            return folded.ToString();
        }
    }
}
