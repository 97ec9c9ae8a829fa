using System.Globalization;
using System.Text;

namespace PluginMarket.Messages;

/// <summary>Makes text from outside safe to show: nothing of it can drive a terminal, reorder a line or hide.</summary>
internal static class DisplayText
{
    /// <summary>Replaces what a reader would not see as it is (see the rules PM1401 to PM1404), control characters other than newline, and
    /// broken surrogates by visible <c>\u{XXXX}</c>; and the user information of addresses by <c>***</c>.</summary>
    /// <remarks>Escaping twice gives the same text as escaping once. What an emoji or a script needs stays.</remarks>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Addresses.HideUsers(text);
        if (HiddenText.IsPlain(text))
        {
            return text;
        }

        StringBuilder? escaped = null;
        var done = 0;
        foreach (var (offset, length) in Unsafe(text))
        {
            escaped ??= new StringBuilder(text.Length + 16);
            escaped.Append(text, done, offset - done);
            var value = length == 1 ? text[offset] : char.ConvertToUtf32(text, offset);
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X4}}}");
            done = offset + length;
        }

        return escaped?.Append(text, done, text.Length - done).ToString() ?? text;
    }

    /// <summary>Whether the text has characters that a reader cannot see or that change what is seen;
    /// tabs and line ends do not count.</summary>
    public static bool HasHiddenText(string? text) => HiddenText.IsIn(text);

    /// <summary>The text with <c>***</c> for user information and queries of addresses in it.</summary>
    public static string HideSecrets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Addresses.Hide(text);
    }

    private static IEnumerable<(int Offset, int Length)> Unsafe(string text)
    {
        var isRightToLeft = new Lazy<bool>(
            () => text.Any(c => c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC')));
        using var hidden = HiddenText.Find(text).GetEnumerator();
        var next = hidden.MoveNext() ? hidden.Current.Offset : text.Length;
        for (var i = 0; i < text.Length;)
        {
            if (i == next)
            {
                var length = hidden.Current.Length;
                yield return (i, length);
                i += length;
                next = hidden.MoveNext() ? hidden.Current.Offset : text.Length;
                continue;
            }

            var c = text[i];
            if (c is '\t' or '\r' or '\f' || (c is '\u200E' or '\u200F' or '\u061C' && !isRightToLeft.Value)
                || (c == '\u00AD' && !IsInWord(text, i)))
            {
                yield return (i, 1);
            }

            i++;
        }
    }

    private static bool IsInWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsLetter(text[at - 1]) && char.IsLetter(text[at + 1]);
}
