using System.Buffers;

namespace PluginMarket.Messages;

/// <summary>Writes an argument as it has to be typed, so that a name from outside cannot be a second command.</summary>
internal static class Quoting
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._-+/:=");

    internal static string For(Face face, string argument)
    {
        var shown = Addresses.Hide(DisplayText.Escape(argument));
        if (shown.Length > 0 && char.IsAsciiLetterOrDigit(shown[0]) && !shown.AsSpan().ContainsAnyExcept(Plain))
        {
            return shown;
        }

        // PowerShell ends a text in single quotes at a typographic one too.
        return face == Face.PowerShell
            ? $"'{string.Concat(shown.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : $"{c}"))}'"
            : $"'{shown.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
