using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>Turns a text into tokens in one pass. What is wrong is thrown as a
/// <see cref="PluginMarketException"/> that points at it.</summary>
internal sealed class JsonParser(JsonFile file, ReadOnlyMemory<byte> text, Limits limits, bool tolerateDuplicates)
{
    /// <summary>Digits of one number; Codex has no such cap, and no catalog a number this long.</summary>
    private const int NumberBytes = 1024;

    /// <summary>Up to here each name is compared with each; above, a set is worth its making.</summary>
    private const int FewMembers = 12;

    // Arrays: a list of tokens is a type that nothing compiles ahead of time, and the first file of a session waits for it.
    private JsonToken[] _nodes = new JsonToken[Math.Clamp(text.Length / 8, 4, 1 << 20)];
    private int _count;
    private int[] _open = new int[8];
    private int _depth;
    private List<JsonRepeat>? _repeats;
    private int _read;

    public JsonToken[] Nodes => _nodes;

    /// <summary>Duplicate names in the order of their objects; null where there are none.</summary>
    public List<JsonRepeat>? Repeats => _repeats;

    public void Run()
    {
        DemandUtf8();
        try
        {
            Read();
        }
        catch (JsonException error)
        {
            var offset = OffsetOf(error);
            JsonKind? container = _depth > 0 ? At(_open[_depth - 1]).Kind : null;
            var afterName = container == JsonKind.Object
                && text.Span[Math.Min(_read, offset)..offset].TrimStart(", \t\r\n"u8) is [(byte)'"', ..];
            throw file.FailureAt($"{JsonErrorText.Explain(text.Span, offset, container, afterName, _count > 0 && container is null)}",
                offset, error);
        }

        // The library has no list of what else it throws over hostile bytes; whatever it is, the text is not JSON that can be used.
#pragma warning disable CA1031
        catch (Exception broken) when (broken is not (PluginMarketException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw file.FailureAt($"this is not JSON that can be read", _read, broken);
        }

        _repeats?.Sort();
    }

    private void Read()
    {
        // One level more than allowed, so that the cap is ours to report.
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = limits.JsonDepth + 1 });
        for (; reader.Read(); _read = (int)reader.BytesConsumed)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    Begin((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject ? JsonKind.Object : JsonKind.Array);
                    break;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    Finish((int)reader.TokenStartIndex + 1);
                    break;
                case JsonTokenType.PropertyName:
                    AddName(ref reader);
                    break;
                case JsonTokenType.String:
                    DemandText(ref reader);
                    AddValue(JsonKind.String, (int)reader.TokenStartIndex, reader.ValueSpan.Length + 2, reader.ValueIsEscaped);
                    break;
                case JsonTokenType.Number:
                    DemandNumber(ref reader);
                    AddValue(JsonKind.Number, (int)reader.TokenStartIndex, reader.ValueSpan.Length);
                    break;
                case JsonTokenType.True:
                case JsonTokenType.False:
                    AddValue(JsonKind.Boolean, (int)reader.TokenStartIndex, reader.ValueSpan.Length);
                    break;
                default:
                    AddValue(JsonKind.Null, (int)reader.TokenStartIndex, reader.ValueSpan.Length);
                    break;
            }
        }
    }

    private void Begin(int start, JsonKind kind)
    {
        if (_depth >= limits.JsonDepth)
        {
            throw file.LimitFailure($"nested deeper than {limits.JsonDepth} levels", start);
        }

        AddValue(kind, start, 1);
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }

        _open[_depth++] = _count - 1;
    }

    private void Finish(int end)
    {
        var index = _open[--_depth];
        ref var node = ref At(index);
        node.End = end;
        node.Next = _count;
        if (node.Kind == JsonKind.Object)
        {
            FindRepeats(index);
        }
    }

    private void AddName(ref Utf8JsonReader reader)
    {
        DemandText(ref reader);
        var start = (int)reader.TokenStartIndex;
        Add(new JsonToken(JsonKind.String, start, start + reader.ValueSpan.Length + 2, reader.ValueIsEscaped)
        {
            Next = HashOf(reader.ValueSpan, reader.ValueIsEscaped),
        });
    }

    private void AddValue(JsonKind kind, int start, int length, bool escaped = false)
    {
        if (_count >= limits.JsonTokens)
        {
            throw file.LimitFailure($"more than {limits.JsonTokens} names and values", start);
        }

        if (_depth > 0)
        {
            At(_open[_depth - 1]).Count++;
        }

        Add(new JsonToken(kind, start, start + length, escaped) { Next = _count + 1 });
    }

    private void Add(JsonToken token)
    {
        if (_count == _nodes.Length)
        {
            var nodes = new JsonToken[_count * 2];
            Array.Copy(_nodes, nodes, _count);
            _nodes = nodes;
        }

        _nodes[_count++] = token;
    }

    private ref JsonToken At(int index) => ref _nodes[index];

    private void DemandUtf8()
    {
        var span = text.Span;
        if (span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, _, ..] or [_, 0, ..])
        {
            throw file.FailureAt($"this is not UTF-8 (it looks like UTF-16 or UTF-32). "
                + $"{Remedy.Do($"Save the file as UTF-8 without a byte order mark.")}", 0);
        }

        if (Utf8.IsValid(span))
        {
            return;
        }

        var offset = 0;
        while (Rune.DecodeFromUtf8(span[offset..], out _, out var length) == OperationStatus.Done)
        {
            offset += length;
        }

        throw file.FailureAt($"byte 0x{span[offset]:X2} is not valid UTF-8. {Remedy.Do($"Save the file as UTF-8.")}", offset);
    }

    private void DemandText(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        var start = (int)reader.TokenStartIndex;
        if (reader.ValueIsEscaped && JsonText.FindLoneSurrogate(raw) is >= 0 and var lone)
        {
            throw file.StricterFailure($"half of a surrogate pair: \\ud800 to \\udfff are only valid in pairs", start + 1 + lone);
        }

        if (raw.Length > limits.JsonStringBytes
            && (!reader.ValueIsEscaped || JsonText.Unescape(raw, new byte[raw.Length]) > limits.JsonStringBytes))
        {
            throw file.LimitFailure($"a string of more than {limits.JsonStringBytes} bytes", start);
        }
    }

    private void DemandNumber(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (raw.Length > NumberBytes)
        {
            throw file.LimitFailure($"a number of more than {NumberBytes} characters", (int)reader.TokenStartIndex);
        }

        if ((raw.Length > 300 || raw.IndexOfAny((byte)'e', (byte)'E') >= 0)
            && (!reader.TryGetDouble(out var number) || !double.IsFinite(number)))
        {
            throw file.StricterFailure($"a number out of range", (int)reader.TokenStartIndex);
        }
    }

    private void FindRepeats(int index)
    {
        var count = At(index).Count;
        if (count < 2)
        {
            return;
        }

        if (count <= FewMembers)
        {
            Span<int> names = stackalloc int[count];
            var seen = 0;
            for (var name = index + 1; seen < count; name = At(name + 1).Next)
            {
                foreach (var earlier in names[..seen])
                {
                    if (SameName(earlier, name))
                    {
                        Report(index, earlier, name);
                        break;
                    }
                }

                names[seen++] = name;
            }

            return;
        }

        var set = new HashSet<int>(count, EqualityComparer<int>.Create(SameName, name => At(name).Next));
        for (var (name, seen) = (index + 1, 0); seen < count; name = At(name + 1).Next, seen++)
        {
            if (!set.Add(name) && set.TryGetValue(name, out var earlier))
            {
                Report(index, earlier, name);
            }
        }
    }

    private void Report(int index, int first, int second)
    {
        if (!tolerateDuplicates)
        {
            throw file.FailureAt($"the name \"{file.TextOf(At(second))}\" is in one object twice. {Remedy.Do($"Remove one of them.")}",
                At(second).Start);
        }

        (_repeats ??= []).Add(new JsonRepeat(index, first, second));
    }

    private bool SameName(int one, int other)
    {
        ref var a = ref At(one);
        ref var b = ref At(other);
        if (a.Next != b.Next)
        {
            return false;
        }

        return a.Escaped || b.Escaped
            ? string.Equals(file.TextOf(a), file.TextOf(b), StringComparison.Ordinal)
            : text.Span[a.Start..a.End].SequenceEqual(text.Span[b.Start..b.End]);
    }

    private static int HashOf(ReadOnlySpan<byte> raw, bool escaped)
    {
        // HashCode is seeded per process: a file cannot be made so that its names collide.
        var hash = default(HashCode);
        if (!escaped)
        {
            hash.AddBytes(raw);
            return hash.ToHashCode();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        hash.AddBytes(buffer.AsSpan(0, JsonText.Unescape(raw, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash.ToHashCode();
    }

    private int OffsetOf(JsonException error)
    {
        var span = text.Span;
        var offset = 0;
        for (var line = error.LineNumber ?? 0; line > 0 && span[offset..].IndexOf((byte)'\n') is >= 0 and var next; line--)
        {
            offset += next + 1;
        }

        return (int)Math.Min(offset + (error.BytePositionInLine ?? 0), span.Length);
    }
}
