using System.Buffers;
using System.Text;

namespace PluginMarket.Messages;

/// <summary>Why a character of a text is not seen as it is.</summary>
internal enum HiddenKind
{
    None,
    Invisible,
    Reordering,
    Control,
    Tag,
}

/// <summary>A character that a reader does not see, or not as it is.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How many UTF-16 units it has.</param>
/// <param name="Rune">The character; U+FFFD for half a surrogate pair.</param>
/// <param name="Kind">Why.</param>
internal readonly record struct HiddenCharacter(int Offset, int Length, Rune Rune, HiddenKind Kind);

/// <summary>The one judgement of text that a reader does not see: for the rules, for what is told of capabilities and
/// entries, and for what is shown.</summary>
/// <remarks>What a script or an emoji needs is not hidden where it belongs: joiners between letters or emoji, variation selectors behind
/// the sign they vary, breaks between the words of scripts that have no spaces, the tags of a flag.</remarks>
internal static class HiddenText
{
    private const int BlackFlag = 0x1F3F4;
    private const int CancelTag = 0xE007F;
    private const int Keycap = 0x20E3;
    private const int EmojiStyle = 0xFE0F;

    /// <summary>The flags that are spelled in tags: England, Scotland, Wales.</summary>
    private static readonly string[] TagFlags = ["gbeng", "gbsct", "gbwls"];

    /// <summary>All that every reader sees as it is.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n', '\t']);

    private static readonly SearchValues<char> PlainWithoutTab = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n']);

    /// <summary>Whether a text is of printable ASCII characters and newlines alone, as nearly all are.</summary>
    internal static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExcept(PlainWithoutTab);

    /// <summary>Whether a text has such a character.</summary>
    internal static bool IsIn(string? text) => text is not null && text.AsSpan().ContainsAnyExcept(Plain)
        && Find(text, text.StartsWith('\uFEFF') ? 1 : 0).Any();

    /// <summary>Every such character of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin: behind the byte order mark of a file.</param>
    internal static IEnumerable<HiddenCharacter> Find(string text, int start = 0)
    {
        // What is kept before a character decides on it; a hidden one counts as nothing.
        var before = 0;
        for (var i = start; i < text.Length;)
        {
            var plain = text.AsSpan(i).IndexOfAnyExcept(Plain);
            if (plain != 0)
            {
                i = plain < 0 ? text.Length : i + plain;
                before = text[i - 1];
                continue;
            }

            var isBroken = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != OperationStatus.Done;
            if (rune.Value == BlackFlag && FlagLength(text, i + length) is > 0 and var tags)
            {
                i += length + tags;
                before = BlackFlag;
                continue;
            }

            var kind = isBroken ? HiddenKind.Invisible : KindOf(rune.Value, before, NextAfter(text, i + length));
            if (kind != HiddenKind.None)
            {
                yield return new HiddenCharacter(i, length, rune, kind);
            }

            before = kind == HiddenKind.None ? rune.Value : 0;
            i += length;
        }
    }

    /// <summary>Whether a character has no shape of its own, wherever it is.</summary>
    internal static bool IsShapeless(int value) => value switch
    {
        '\n' => false,
        < 0x20 or (>= 0x7F and <= 0x9F) => true,
        < 0xAD => false,
        0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 => true,
        >= 0x180B and <= 0x180F => true,
        >= 0x200B and <= 0x200F => true,
        >= 0x2028 and <= 0x202E => true,
        >= 0x2060 and <= 0x206F => true,
        0x3164 or 0xFEFF or 0xFFA0 => true,
        >= 0xFE00 and <= 0xFE0F => true,
        >= 0xFFF0 and <= 0xFFFB => true,
        >= 0x1BCA0 and <= 0x1BCA3 => true,
        >= 0x1D173 and <= 0x1D17A => true,
        >= 0xE0000 and <= 0xE0FFF => true,
        _ => false,
    };

    private static HiddenKind KindOf(int value, int before, int next) => value switch
    {
        '\r' when next == '\n' => HiddenKind.None,
        '\r' or '\f' or '\n' or '\t' => HiddenKind.None,
        < 0x20 or (>= 0x7F and <= 0x9F) => HiddenKind.Control,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => HiddenKind.Reordering,
        >= 0xE0100 and <= 0xE01EF when IsIdeograph(before) => HiddenKind.None,
        >= 0xE0000 and <= 0xE0FFF => HiddenKind.Tag,
        0x200B => IsOfScriptWithoutSpaces(before) && IsOfScriptWithoutSpaces(next) ? HiddenKind.None : HiddenKind.Invisible,
        0x200C => IsOfJoiningScript(before) && IsOfJoiningScript(next) ? HiddenKind.None : HiddenKind.Invisible,
        0x200D => (IsOfJoiningScript(before) && IsOfJoiningScript(next)) || (IsEmojiEnd(before) && IsEmoji(next))
            ? HiddenKind.None : HiddenKind.Invisible,
        0xFE0E or EmojiStyle => IsEmoji(before) || before is 0xA9 or 0xAE || (IsKeycapBase(before) && next == Keycap)
            ? HiddenKind.None : HiddenKind.Invisible,
        >= 0xFE00 and <= 0xFE02 => IsIdeograph(before) || HasStandardVariants(before) ? HiddenKind.None : HiddenKind.Invisible,
        (>= 0x180B and <= 0x180D) or 0x180F => IsMongolian(before) ? HiddenKind.None : HiddenKind.Invisible,
        0x180E => IsMongolian(before) && IsMongolian(next) ? HiddenKind.None : HiddenKind.Invisible,
        // A place to break a word, and marks of direction, which are needed beside letters that run from right to left.
        0x200E or 0x200F or 0xAD or 0x061C => HiddenKind.None,
        _ => IsShapeless(value) ? HiddenKind.Invisible : HiddenKind.None,
    };

    // Arabic and its kin, Hebrew, Syriac, N'Ko, the scripts of India and of the countries around it, Mongolian,
    // and the presentation forms of Arabic.
    private static bool IsOfJoiningScript(int value) =>
        value is (>= 0x0590 and <= 0x0DFF) or (>= 0x0F00 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0xA840 and <= 0xA87F)
            or (>= 0xA8E0 and <= 0xA8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC)
        && !IsShapeless(value);

    // Thai, Lao, Myanmar, Khmer, Tai Le, New Tai Lue, Tai Tham and their extensions.
    private static bool IsOfScriptWithoutSpaces(int value) =>
        value is (>= 0x0E01 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x1950 and <= 0x19FF)
            or (>= 0x1A20 and <= 0x1AAF) or (>= 0xA9E0 and <= 0xA9FF) or (>= 0xAA60 and <= 0xAADF)
        && !IsShapeless(value);

    private static bool IsMongolian(int value) => value is >= 0x1820 and <= 0x18AF;

    private static bool IsIdeograph(int value) =>
        value is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFD);

    // Myanmar, mathematical operators, Phags-pa, and the punctuation of East Asia.
    private static bool HasStandardVariants(int value) =>
        value is (>= 0x1000 and <= 0x109F) or (>= 0x2200 and <= 0x22FF) or (>= 0x2A00 and <= 0x2AFF) or (>= 0xA840 and <= 0xA871)
            or 0x3001 or 0x3002 or 0xFF01 or 0xFF0C or 0xFF0E or 0xFF1A or 0xFF1B or 0xFF1F;

    private static bool IsEmoji(int value) =>
        value is 0x203C or 0x2049 or 0x2122 or 0x2139 or 0x24C2 or 0x3030 or 0x303D or 0x3297 or 0x3299
            or (>= 0x2190 and <= 0x21FF) or (>= 0x2300 and <= 0x23FF) or (>= 0x25A0 and <= 0x27BF) or (>= 0x2900 and <= 0x297F)
            or (>= 0x2B00 and <= 0x2BFF) or (>= 0x1F000 and <= 0x1FAFF);

    // Skin tones lie among the emoji.
    private static bool IsEmojiEnd(int value) => IsEmoji(value) || value is EmojiStyle or Keycap;

    private static bool IsKeycapBase(int value) => value is '#' or '*' or (>= '0' and <= '9');

    private static int NextAfter(string text, int at) =>
        at < text.Length && Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _) == OperationStatus.Done ? rune.Value : 0;

    /// <summary>How many UTF-16 units the tags of a flag have; 0 where what follows is not the spelling of one.</summary>
    private static int FlagLength(string text, int at)
    {
        var spelled = new StringBuilder();
        for (var i = at; i < text.Length && spelled.Length <= 6;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != OperationStatus.Done
                || rune.Value is < 0xE0020 or > CancelTag)
            {
                return 0;
            }

            i += length;
            if (rune.Value == CancelTag)
            {
                return TagFlags.Contains(spelled.ToString(), StringComparer.Ordinal) ? i - at : 0;
            }

            spelled.Append((char)(rune.Value - 0xE0000));
        }

        return 0;
    }
}
