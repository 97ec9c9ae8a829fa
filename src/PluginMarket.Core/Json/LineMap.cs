namespace PluginMarket.Json;

/// <summary>Finds lines and columns by byte offset in constant time, from one checkpoint per 4 KiB: a one-line file of 64
/// MiB costs no more than any other.</summary>
internal sealed class LineMap
{
    private const int BlockShift = 12;
    private const int BlockSize = 1 << BlockShift;

    private readonly ReadOnlyMemory<byte> _text;
    private readonly Checkpoint[] _checkpoints;

    /// <summary>Reads the text once.</summary>
    /// <param name="text">UTF-8 without byte order mark; other bytes are counted as well as can be.</param>
    public LineMap(ReadOnlyMemory<byte> text)
    {
        _text = text;
        _checkpoints = new Checkpoint[(text.Length >> BlockShift) + 1];
        var state = default(Checkpoint);
        for (var block = 0; block < _checkpoints.Length; block++)
        {
            _checkpoints[block] = state;
            var start = block << BlockShift;
            state = Advance(state, text.Span[start..Math.Min(start + BlockSize, text.Length)]);
        }
    }

    /// <summary>Line and column of an offset, both from 1; the column in characters.</summary>
    public (int Line, int Column) Find(int offset)
    {
        offset = Math.Clamp(offset, 0, _text.Length);
        var block = offset >> BlockShift;
        var state = Advance(_checkpoints[block], _text.Span[(block << BlockShift)..offset]);
        return (state.Lines + 1, state.Characters - state.LineStart + 1);
    }

    private static Checkpoint Advance(Checkpoint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if ((value & 0xC0) != 0x80)
            {
                state.Characters++;
            }

            if (value == '\n')
            {
                state.Lines++;
                state.LineStart = state.Characters;
            }
        }

        return state;
    }

    private struct Checkpoint
    {
        public int Lines;
        public int Characters;
        public int LineStart;
    }
}
