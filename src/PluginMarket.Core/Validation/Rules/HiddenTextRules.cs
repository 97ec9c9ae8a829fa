using System.Text;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Rules;

/// <summary>Text that a reader does not see as it is, and text that drives a terminal.</summary>
internal static class HiddenTextRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM1401", Severity.Warning, "Invisible characters")
        {
            Why = "A person who reviews the text does not see them, and a model reads them: names that look the same differ, "
                + "and words are broken up so that searches miss them.",
            Plugin = (plugin, report) => Look(plugin, report, HiddenKind.Invisible),
            Catalog = (catalog, report) => Look(catalog, report, HiddenKind.Invisible),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say hel\u200blo.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1402", Severity.Warning, "Characters that reorder a line")
        {
            Why = "Bidirectional controls show text in another order than the one it is read in: "
                + "a reviewer sees another text than a model or a shell reads.",
            Plugin = (plugin, report) => Look(plugin, report, HiddenKind.Reordering),
            Catalog = (catalog, report) => Look(catalog, report, HiddenKind.Reordering),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say \u202eolleh\u202c.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1403", Severity.Warning, "Control characters")
        {
            Why = "Escape sequences recolour, hide or rewrite what a terminal shows, when someone prints the file.",
            Plugin = (plugin, report) => Look(plugin, report, HiddenKind.Control),
            Catalog = (catalog, report) => Look(catalog, report, HiddenKind.Control),
            Bad = SampleText.Manifest("\"homepage\": \"https://example.org\\u001b[2K\""),
            Good = SampleText.Manifest("\"homepage\": \"https://example.org\""),
        },
        new("PM1404", Severity.Warning, "Text in tag characters")
        {
            Why = "Tag characters and supplementary variation selectors are invisible to people, and models read them: "
                + "whole instructions fit between two visible words.",
            Plugin = (plugin, report) => Look(plugin, report, HiddenKind.Tag),
            Catalog = (catalog, report) => Look(catalog, report, HiddenKind.Tag),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say hello.\U000E0072\U000E0075\U000E006E\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1405", Severity.Warning, "A file's name has invisible characters")
        {
            Why = "Two files can look like one, or one like another. PluginMarket refuses to install such a plugin.",
            Plugin = static (plugin, report) =>
            {
                foreach (var entry in plugin.Tree.Entries.Where(entry => IsHidden(entry.Name)))
                {
                    report.File(entry.Path, "The name has characters that a reader does not see.");
                }
            },
            Bad = SampleText.Manifest("", "docs/read\u200bme.md", "# Read me\n"),
            Good = SampleText.Manifest("", "docs/readme.md", "# Read me\n"),
        },
        new("PM1406", Severity.Information, "Letters of several alphabets in one word")
        {
            Why = "A Cyrillic or Greek letter among Latin ones looks the same but is another: "
                + "the usual way to imitate a name.",
            Plugin = static (plugin, report) =>
            {
                foreach (var value in new[] { plugin.Interface?["displayName"], plugin.Interface?["developerName"],
                    plugin.Root?["author"]?["name"] }.OfType<JsonValue>())
                {
                    if (value.AsString() is { } text
                        && text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsMixed) is { } word)
                    {
                        report.Value(plugin.ManifestPath, value, $"The word \"{word}\" has letters of more than one alphabet.");
                    }
                }
            },
            Bad = SampleText.Manifest("\"interface\": { \"displayName\": \"P\u0430yPal\", \"shortDescription\": \"Shows things.\" }"),
            Good = SampleText.Manifest("\"interface\": { \"displayName\": \"PayPal\", \"shortDescription\": \"Shows things.\" }"),
        },
    ];

    /// <summary>Whether a name has characters that a reader does not see.</summary>
    internal static bool IsHidden(string name) => name.Contains('\n', StringComparison.Ordinal) || HiddenText.Find(name).Any();

    private static void Look(PluginSubject plugin, RuleReport report, HiddenKind wanted)
    {
        foreach (var file in plugin.Texts)
        {
            Look(file, report, wanted);
        }
    }

    private static void Look(CatalogSubject catalog, RuleReport report, HiddenKind wanted)
    {
        if (catalog.Reading.Json is { } json)
        {
            Look(new TextFile(catalog.Path, catalog.Text, json), report, wanted);
        }
    }

    private static void Look(TextFile file, RuleReport report, HiddenKind wanted)
    {
        if (file.Json is { } json)
        {
            Look(file.Path, json.Root, report, wanted);
            return;
        }

        var start = file.Text.StartsWith('\uFEFF') ? 1 : 0;
        foreach (var found in HiddenText.Find(file.Text, start).Where(found => found.Kind == wanted))
        {
            report.Piece(file.Path, file.Text, found.Offset, found.Length, Message(found.Rune));
        }
    }

    private static void Look(string path, JsonValue value, RuleReport report, HiddenKind wanted)
    {
        if (value.AsString() is { } text && Scan(text, wanted) is { } found)
        {
            report.Value(path, value, Message(found));
        }

        foreach (var member in value.Members)
        {
            if (Scan(member.Name, wanted) is { } inName)
            {
                report.Key(path, member.Value, Message(inName));
            }

            Look(path, member.Value, report, wanted);
        }

        foreach (var item in value.Items)
        {
            Look(path, item, report, wanted);
        }
    }

    private static Rune? Scan(string text, HiddenKind wanted)
    {
        foreach (var found in HiddenText.Find(text))
        {
            if (found.Kind == wanted)
            {
                return found.Rune;
            }
        }

        return null;
    }

    private static bool IsMixed(string word)
    {
        var (latin, other) = (false, false);
        foreach (var c in word)
        {
            latin |= char.IsAsciiLetter(c);
            other |= c is (>= '\u0370' and <= '\u03FF') or (>= '\u0400' and <= '\u04FF');
        }

        return latin && other;
    }

    private static string Message(Rune rune) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The text has U+{rune.Value:X4}, which a reader does not see.");
}
