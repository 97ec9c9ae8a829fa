using System.Text.Json;
using PluginMarket.Files;

namespace PluginMarket.Json;

/// <summary>What keeps a JSON text from being read within our bounds, and the same text with each of these values replaced by a plain
/// one of the same length, so that the rest can be checked at its true places.</summary>
/// <param name="Utf8">The text that can be read.</param>
/// <param name="IsRefused">Whether one of the values is among what Codex reads, so that it refuses the text too.</param>
internal sealed record JsonRelief(byte[] Utf8, bool IsRefused)
{
    /// <summary>The levels that Codex reads; what it ignores may be nested deeper (contract 1.2).</summary>
    private const int CodexDepth = 127;

    /// <summary>The longest number that is kept.</summary>
    private const int NumberBytes = 300;

    /// <summary>Relieves a text; null where it is not JSON.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="shape">What Codex reads of such a file.</param>
    internal static JsonRelief? Of(byte[] utf8, Limits limits, ReadShape shape)
    {
        try
        {
            var scan = new Scan((byte[])utf8.Clone(), limits, shape);
            scan.Run(utf8 is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
            return new JsonRelief(scan.Text, scan.IsRefused);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Scan(byte[] text, Limits limits, ReadShape shape)
    {
        private readonly Stack<(ReadShape? Shape, bool IsObject)> _open = new();
        private ReadShape? _member;

        internal byte[] Text => text;

        internal bool IsRefused { get; private set; }

        internal void Run(int start)
        {
            var reader = new Utf8JsonReader(text.AsSpan(start), new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
                var at = start + (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= limits.JsonDepth:
                        Flatten(ref reader, at, start);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        _open.Push((Here(), reader.TokenType == JsonTokenType.StartObject));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        _open.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        Name(ref reader, at);
                        break;
                    case JsonTokenType.String:
                        Shorten(ref reader, at, Here());
                        break;
                    case JsonTokenType.Number when reader.ValueSpan.Length > NumberBytes
                        || !reader.TryGetDouble(out var number) || !double.IsFinite(number):
                        Blank(at, reader.ValueSpan.Length, "0"u8);
                        break;
                }
            }
        }

        private ReadShape? Here() => !_open.TryPeek(out var open) ? shape : open.IsObject ? _member : open.Shape?.Item;

        private void Name(ref Utf8JsonReader reader, int at)
        {
            var owner = _open.Peek().Shape;
            Shorten(ref reader, at, owner);
            _member = owner?.Member(reader.ValueIsEscaped && JsonText.FindLoneSurrogate(reader.ValueSpan) >= 0
                ? "" : reader.GetString() ?? "");
        }

        private void Shorten(ref Utf8JsonReader reader, int at, ReadShape? read)
        {
            var length = reader.ValueSpan.Length;
            if (length > limits.JsonStringBytes)
            {
                Blank(at, length + 2, "\"\""u8);
                return;
            }

            if (!reader.ValueIsEscaped)
            {
                return;
            }

            for (var raw = text.AsSpan(at + 1, length); JsonText.FindLoneSurrogate(raw) is >= 0 and var lone;)
            {
                "\\u003f"u8.CopyTo(raw[lone..]);
                Note(read);
            }
        }

        private void Flatten(ref Utf8JsonReader reader, int at, int start)
        {
            var (depth, deepest) = (reader.CurrentDepth, reader.CurrentDepth);
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                deepest = Math.Max(deepest, reader.CurrentDepth);
            }

            Blank(at, start + (int)reader.BytesConsumed - at, "0"u8);
            if (deepest >= CodexDepth)
            {
                Note(Here());
            }
        }

        private void Blank(int at, int length, ReadOnlySpan<byte> with)
        {
            text.AsSpan(at, length).Fill((byte)' ');
            with.CopyTo(text.AsSpan(at));
        }

        private void Note(ReadShape? read) => IsRefused |= read is not null;
    }
}
