using System.Text;

namespace PluginMarket;

/// <summary>Text that a reader does not see as it is, and text that drives a terminal.</summary>
internal static class HiddenTextRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM1401", Severity.Warning, "Invisible characters")
        {
            Why = "A person who reviews the text does not see them, and a model reads them: names that look equal differ, and words are broken up so that searches miss them.",
            Plugin = (plugin, report) => Look(plugin, report, Hidden.Invisible),
            Catalog = (catalog, report) => Look(catalog, report, Hidden.Invisible),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say hel\u200blo.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1402", Severity.Warning, "Characters that reorder a line")
        {
            Why = "Bidirectional controls show text in another order than it is read in: what a reviewer sees is not what a model or a shell gets.",
            Plugin = (plugin, report) => Look(plugin, report, Hidden.Reordering),
            Catalog = (catalog, report) => Look(catalog, report, Hidden.Reordering),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say \u202eolleh\u202c.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1403", Severity.Warning, "Control characters")
        {
            Why = "Escape sequences recolour, hide or rewrite what a terminal shows, when somebody prints the file or a tool its contents.",
            Plugin = (plugin, report) => Look(plugin, report, Hidden.Control),
            Catalog = (catalog, report) => Look(catalog, report, Hidden.Control),
            Bad = SampleText.Manifest("\"homepage\": \"https://example.org\\u001b[2K\""),
            Good = SampleText.Manifest("\"homepage\": \"https://example.org\""),
        },
        new("PM1404", Severity.Warning, "Text in tag characters")
        {
            Why = "Tag characters and supplementary variation selectors are letters nobody sees and models read: whole instructions fit between two visible words.",
            Plugin = (plugin, report) => Look(plugin, report, Hidden.Tag),
            Catalog = (catalog, report) => Look(catalog, report, Hidden.Tag),
            Bad = SampleText.Skill("name: hello\ndescription: Says hello.", "Say hello.\U000E0072\U000E0075\U000E006E\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM1405", Severity.Warning, "A file's name has characters that nobody sees")
        {
            Why = "Two files look like one, or one like another. PluginMarket refuses to install such a plugin.",
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
            Why = "A Cyrillic or Greek letter among Latin ones looks the same and is another: the usual way to make a name look like somebody else's.",
            Plugin = static (plugin, report) =>
            {
                foreach (var value in new[] { plugin.Interface?["displayName"], plugin.Interface?["developerName"], plugin.Root?["author"]?["name"] }.OfType<JsonValue>())
                {
                    if (value.AsString() is { } text && text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsMixed) is { } word)
                    {
                        report.Value(plugin.ManifestPath, value, $"The word \"{word}\" has letters of more than one alphabet.");
                    }
                }
            },
            Bad = SampleText.Manifest("\"interface\": { \"displayName\": \"P\u0430yPal\", \"shortDescription\": \"Shows things.\" }"),
            Good = SampleText.Manifest("\"interface\": { \"displayName\": \"PayPal\", \"shortDescription\": \"Shows things.\" }"),
        },
    ];

    private enum Hidden
    {
        None,
        Invisible,
        Reordering,
        Control,
        Tag,
    }

    /// <summary>Whether a name has characters that a reader does not see.</summary>
    internal static bool IsHidden(string name) => name.Contains('\n', StringComparison.Ordinal) || Scan(name, null) is not null;

    private static void Look(PluginSubject plugin, RuleReport report, Hidden wanted)
    {
        foreach (var file in plugin.Texts)
        {
            Look(file, report, wanted);
        }
    }

    private static void Look(CatalogSubject catalog, RuleReport report, Hidden wanted)
    {
        if (catalog.Reading.Json is { } json)
        {
            Look(new TextFile(catalog.Path, catalog.Text, json), report, wanted);
        }
    }

    private static void Look(TextFile file, RuleReport report, Hidden wanted)
    {
        if (file.Json is { } json)
        {
            Look(file.Path, json.Root, report, wanted);
            return;
        }

        var start = file.Text.StartsWith('\uFEFF') ? 1 : 0;
        foreach (var (offset, length, rune) in Matches(file.Text, start, wanted))
        {
            report.Piece(file.Path, file.Text, offset, length, Message(rune));
        }
    }

    private static void Look(string path, JsonValue value, RuleReport report, Hidden wanted)
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

    private static Rune? Scan(string text, Hidden? wanted)
    {
        foreach (var (_, _, rune) in Matches(text, 0, wanted))
        {
            return rune;
        }

        return null;
    }

    private static IEnumerable<(int Offset, int Length, Rune Rune)> Matches(string text, int start, Hidden? wanted)
    {
        var before = default(Rune);
        for (var i = start; i < text.Length;)
        {
            // Nothing up to U+00AD hides but controls; most text is passed over here.
            var c = text[i];
            if (c is >= ' ' and < '\u007F' or '\n' or '\t')
            {
                before = new Rune(c);
                i++;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            var kind = KindOf(rune, before, i + length < text.Length ? text[i + length] : '\0');
            if (kind != Hidden.None && (wanted is null || kind == wanted))
            {
                yield return (i, length, rune);
            }

            // The tags of a flag count as the flag, so that the next one belongs to it too.
            before = kind == Hidden.None && rune.Value is >= 0xE0020 and < 0xE007F ? before : rune;
            i += length;
        }
    }

    private static Hidden KindOf(Rune rune, Rune before, char next) => rune.Value switch
    {
        '\r' when next == '\n' => Hidden.None,
        '\r' or '\f' or '\n' or '\t' => Hidden.None,
        < 0x20 or (>= 0x7F and <= 0x9F) => Hidden.Control,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => Hidden.Reordering,
        // A flag is a black flag with tags behind it; the tags of anything else spell words.
        >= 0xE0020 and <= 0xE007F when before.Value is 0x1F3F4 => Hidden.None,
        >= 0xE0000 and <= 0xE0FFF => Hidden.Tag,
        // Joiners belong to emoji and to scripts that need them, and a variation selector to the sign before it.
        0x200C or 0x200D => before.Value >= 0x2190 || (before.Value is >= 0x0590 and <= 0x0DFF) || before.Value is 0xFE0F ? Hidden.None : Hidden.Invisible,
        0xFE0E or 0xFE0F => before.Value is >= 0x203C or '#' or '*' or 0xA9 or 0xAE or (>= '0' and <= '9') ? Hidden.None : Hidden.Invisible,
        0x200E or 0x200F or 0xAD or 0x061C => Hidden.None,
        _ => DisplayText.IsUnsafe(rune.Value) ? Hidden.Invisible : Hidden.None,
    };

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

    private static string Message(Rune rune) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The text has U+{rune.Value:X4}, which a reader does not see.");
}
