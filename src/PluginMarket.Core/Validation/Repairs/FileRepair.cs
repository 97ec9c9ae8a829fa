using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Repairs;

/// <summary>What is to be done with one file.</summary>
/// <param name="Path">The file: below its tree, or absolute.</param>
/// <param name="Before">Its bytes.</param>
internal sealed record FileRepair(string Path, byte[] Before)
{
    /// <summary>The bytes that it shall have.</summary>
    internal byte[] After { get; init; } = Before;

    /// <summary>Whether it gets the mark of what may be run.</summary>
    internal bool IsMarked { get; init; }

    /// <summary>What is done, in the order of the file.</summary>
    internal IReadOnlyList<ManifestEdit> Edits { get; init; } = [];

    /// <summary>The same with edits of what it would be.</summary>
    internal FileRepair With(IReadOnlyList<TextEdit> edits)
    {
        var text = System.Text.Encoding.UTF8.GetString(After);
        return this with { After = TextEdit.Apply(After, edits), Edits = [.. Edits, .. edits.Select(edit => Describe(edit, After, text))] };
    }

    /// <summary>The same with the mark.</summary>
    internal FileRepair Marked() => this with
    {
        IsMarked = true,
        Edits = [.. Edits, new ManifestEdit { RuleId = "PM0812", Message = "Make the file executable." }],
    };

    /// <summary>The same with line ends of one character.</summary>
    internal FileRepair WithLineEnds() => this with
    {
        After = [.. After.Where((one, place) => one != '\r' || place + 1 >= After.Length || After[place + 1] != '\n')],
        Edits = [.. Edits, new ManifestEdit { RuleId = "PM0812", Message = "Write LF line ends." }],
    };

    private static ManifestEdit Describe(TextEdit edit, byte[] bytes, string text)
    {
        if (edit.RuleId == "PM0102")
        {
            return new ManifestEdit { RuleId = edit.RuleId, Message = edit.Message };
        }

        var mark = bytes is [0xEF, 0xBB, 0xBF, ..] ? 1 : 0;
        var start = System.Text.Encoding.UTF8.GetCharCount(bytes, 0, edit.Start) - mark;
        var place = TextPlaces.Of(mark == 0 ? text : text[1..], start, start);
        return new ManifestEdit
        {
            RuleId = edit.RuleId,
            Message = DisplayText.Escape(edit.Message),
            Line = place.Line,
            Column = place.Column,
            Before = DisplayText.Escape(System.Text.Encoding.UTF8.GetString(bytes, edit.Start, edit.End - edit.Start).Trim()),
            After = edit.Replacement.Length == 0 ? null : DisplayText.Escape(edit.Replacement),
        };
    }
}
