using System.Buffers;
using System.Globalization;
using System.Text;

namespace PluginMarket.Json;

/// <summary>The text of JSON strings: escapes, and what they must not spell.</summary>
internal static class JsonText
{
    /// <summary>The offset of the first escaped surrogate without its partner, or -1. The escapes
    /// themselves are known to be well-formed.</summary>
    public static int FindLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                continue;
            }

            if (raw[i + 1] != 'u')
            {
                i++;
                continue;
            }

            var unit = (char)Hex(raw.Slice(i + 2, 4));
            if (char.IsHighSurrogate(unit) && i + 11 < raw.Length && raw[i + 6] == '\\' && raw[i + 7] == 'u'
                && char.IsLowSurrogate((char)Hex(raw.Slice(i + 8, 4))))
            {
                i += 11;
                continue;
            }

            if (char.IsSurrogate(unit))
            {
                return i;
            }

            i += 5;
        }

        return -1;
    }

    /// <summary>Writes the unescaped text as UTF-8; it is never longer than the escaped one.</summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < raw.Length;)
        {
            if (raw[i] != '\\')
            {
                var run = raw[i..].IndexOf((byte)'\\');
                run = run < 0 ? raw.Length - i : run;
                raw.Slice(i, run).CopyTo(target[written..]);
                written += run;
                i += run;
                continue;
            }

            if (raw[i + 1] != 'u')
            {
                target[written++] = raw[i + 1] switch
                {
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'n' => 10,
                    (byte)'r' => 13,
                    (byte)'t' => 9,
                    var other => other,
                };
                i += 2;
                continue;
            }

            int scalar = Hex(raw.Slice(i + 2, 4));
            i += 6;
            if (char.IsHighSurrogate((char)scalar))
            {
                scalar = char.ConvertToUtf32((char)scalar, (char)Hex(raw.Slice(i + 2, 4)));
                i += 6;
            }

            written += new Rune(scalar).EncodeToUtf8(target[written..]);
        }

        return written;
    }

    public static string Decode(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            return Encoding.UTF8.GetString(buffer.AsSpan(0, Unescape(raw, buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A text as a JSON string, quotes included. Only what JSON demands is escaped, so that the rest stays readable.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\u007f' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The same tokens without white space between them.</summary>
    public static string Compact(ReadOnlySpan<byte> raw)
    {
        var buffer = new byte[raw.Length];
        var written = 0;
        var inString = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var value = raw[i];
            if (!inString && value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                continue;
            }

            buffer[written++] = value;
            if (inString && value == '\\')
            {
                buffer[written++] = raw[++i];
            }
            else if (value == '"')
            {
                inString = !inString;
            }
        }

        return Encoding.UTF8.GetString(buffer.AsSpan(0, written));
    }

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return value;
    }
}
