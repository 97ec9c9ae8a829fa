using System.Globalization;
using System.Text;

namespace PluginMarket;

/// <summary>Makes text from outside safe to show: nothing of it can drive a terminal, reorder a line or hide.</summary>
public static class DisplayText
{
    /// <summary>Replaces control characters other than newline, bidirectional marks, invisible characters and broken surrogates by visible <c>\u{XXXX}</c>.</summary>
    /// <remarks>Escaping twice gives the same text as escaping once.</remarks>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
            var broken = status != System.Buffers.OperationStatus.Done;
            var value = broken ? text[i] : rune.Value;
            if (broken || IsUnsafe(value))
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X4}}}");
            }
            else
            {
                escaped?.Append(text, i, consumed);
            }

            i += consumed;
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>Whether the text holds characters that a reader cannot see or that change what is seen; tabs and line ends do not count.</summary>
    public static bool HasHiddenText(string? text)
    {
        foreach (var c in text ?? "")
        {
            // Every hidden character beyond the first plane is a tag or a musical or shorthand control; their lead surrogates decide below.
            if (c is not ('\t' or '\r') && (char.IsSurrogate(c) ? HasHiddenSurrogates(text!) : IsUnsafe(c)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasHiddenSurrogates(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            if (rune.Value > char.MaxValue && IsUnsafe(rune.Value))
            {
                return true;
            }

            i += consumed;
        }

        return false;
    }

    internal static bool IsUnsafe(int value) => value switch
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
}
