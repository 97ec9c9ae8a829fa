namespace PluginMarket.Validation.Repairs;

/// <summary>A range of bytes of a file, and what takes its place.</summary>
/// <param name="RuleId">The rule whose finding it removes.</param>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="Replacement">What takes its place; empty to remove it.</param>
/// <param name="Message">What is done.</param>
internal sealed record TextEdit(string RuleId, int Start, int End, string Replacement, string Message)
{
    /// <summary>The bytes with the edits made, which do not overlap; every other byte as it was.</summary>
    internal static byte[] Apply(byte[] bytes, IEnumerable<TextEdit> edits)
    {
        var result = new List<byte>(bytes.Length);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            result.AddRange(bytes.AsSpan(at, edit.Start - at));
            result.AddRange(System.Text.Encoding.UTF8.GetBytes(edit.Replacement));
            at = edit.End;
        }

        result.AddRange(bytes.AsSpan(at));
        return [.. result];
    }
}
