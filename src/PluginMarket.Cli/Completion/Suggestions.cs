using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Completion;

/// <summary>The answer to <c>pluginmarket [suggest:POSITION] "LINE"</c>, which the scripts of <see cref="CompletionCommand"/> ask: what the
/// word before the position can become.</summary>
internal static partial class Suggestions
{
    /// <summary>Whether a shell asks for completions rather than a user for a verb.</summary>
    public static bool AreAskedFor(string[] arguments) => arguments is [var directive, _] && Directive().IsMatch(directive);

    /// <summary>The suggestions, or null where something else was asked.</summary>
    public static IReadOnlyList<string>? For(RootCommand root, string[] arguments)
    {
        if (arguments is not [var directive, var line] || Directive().Match(directive) is not { Success: true } match)
        {
            return null;
        }

        var position = Math.Min(int.Parse(match.Groups["position"].Value, CultureInfo.InvariantCulture), line.Length);

        // The first word is this program, by whatever name or path it was called.
        var typed = FirstWord().Replace(line[..position], "", 1);
        if (typed.Length == position)
        {
            return [];
        }

        var word = typed[(typed.LastIndexOf(' ') + 1)..];
        var parsed = root.Parse(typed, CommandTree.Grammar);
        var found = parsed.GetCompletions(typed.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(text => text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !text.StartsWith('/'))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        // Options are many: they are shown to who asks for them, or where nothing else can follow. Files are the shell's own to complete.
        var takesMore = parsed.CommandResult.Command is { Arguments.Count: > 0 } or { Subcommands.Count: > 0 };
        return word.Length == 0 && takesMore ? found.FindAll(text => !text.StartsWith('-')) : found;
    }

    [GeneratedRegex(@"\A\[suggest:(?<position>[0-9]{1,6})\]\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\A\s*(""[^""]*""|'[^']*'|[^\s""']+)\s+", RegexOptions.ExplicitCapture)]
    private static partial Regex FirstWord();
}
