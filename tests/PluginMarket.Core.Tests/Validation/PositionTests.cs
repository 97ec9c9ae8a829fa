using System.Collections.Concurrent;
using System.Text;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>Line and column point at the same token however the file is written.</summary>
[Trait("Category", "Fast")]
public sealed class PositionTests
{
    private const string Foreign = "日本語 é😀";

    // Of each sample as it is: the same for every way to write it.
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<string>>>> Expected = new(StringComparer.Ordinal);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var rule in RuleSet.All)
            {
                foreach (var way in (string[])["crlf", "tabs", "bom", "foreign", "minified"])
                {
                    cases.Add(rule.Id, way);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_finding_points_at_its_token(string id, string way)
    {
        var rule = RuleSet.All.Single(rule => rule.Id == id);
        // A mark before what is not UTF-8 or no JSON, or before a mark, is another case; so are two files of the
        // Agent format, which a mark hides.
        if (way == "bom" && (id == "PM0102" || rule.BadSample.StartsWith("--- plugin.json", StringComparison.Ordinal)))
        {
            return;
        }

        var isChanged = false;
        using var changed = new SampleFolder(rule.BadSample, (path, bytes) =>
        {
            var other = Change(way, path, bytes, SampleFolder.IsMarketplace(rule));
            isChanged |= !other.SequenceEqual(bytes);
            return other;
        });
        if (!isChanged)
        {
            return;
        }

        var expected = await Expected.GetOrAdd(id, _ => new(() => TokensAsync(rule))).Value;

        // Scripts with CRLF are what PM0812 is about.
        var found = (await changed.CheckAsync(rule)).Diagnostics
            .Where(finding => finding.RuleId == id || way != "bom" && (way != "crlf" || finding.RuleId != "PM0812")).ToList();

        Assert.Equal(expected, found.Select(finding => Token(changed, finding)));
        Assert.All(found, finding => Assert.Equal(finding.Line is null, finding.EndColumn is null));
    }

    private static async Task<IReadOnlyList<string>> TokensAsync(ManifestRule rule)
    {
        using var plain = new SampleFolder(rule.BadSample);
        return [.. (await plain.CheckAsync(rule)).Diagnostics.Select(finding => Token(plain, finding))];
    }

    // Which piece of which file, without what the change put in, and without white space: that it may change.
    private static string Token(SampleFolder sample, Diagnostic finding)
    {
        var name = Path.GetRelativePath(sample.Root, finding.File.Replace("\\u{200B}", "\u200b", StringComparison.Ordinal));
        var head = $"{finding.RuleId} {name} {finding.JsonPointer} ";
        if (finding.Line is null)
        {
            return head;
        }

        var lines = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Join(sample.Root, name))).TrimStart('\uFEFF').Split('\n')
            .Select(line => line.EnumerateRunes().ToArray()).ToArray();
        var piece = new StringBuilder();
        for (var line = finding.Line.Value; line <= finding.EndLine!.Value; line++)
        {
            var runes = lines[line - 1];
            var from = line == finding.Line ? finding.Column!.Value - 1 : 0;
            var to = line == finding.EndLine ? finding.EndColumn!.Value - 1 : runes.Length;
            Assert.InRange(from, 0, runes.Length);
            Assert.InRange(to, from, runes.Length);
            piece.AppendJoin("", runes[from..to]).Append('\n');
        }

        // An empty place is where something unexpected begins.
        if (piece.ToString().Trim().Length == 0)
        {
            piece.AppendJoin("", lines[finding.Line.Value - 1][(finding.Column!.Value - 1)..].Take(1));
        }

        return head + string.Concat(piece.ToString().Replace(Member, "", StringComparison.Ordinal)
            .Replace(ManifestMember, "", StringComparison.Ordinal).Where(c => !char.IsWhiteSpace(c)));
    }

    private static readonly string Member = $"\"description\":\"{Foreign}\",";

    private static readonly string ManifestMember = $"\"tags\":\"{Foreign}\",";

    private static byte[] Change(string way, string path, byte[] bytes, bool isMarketplace)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var isJson = path.EndsWith(".json", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(way switch
        {
            "crlf" => text.Replace("\n", "\r\n", StringComparison.Ordinal),
            "tabs" when isJson => text.Replace("  ", "\t", StringComparison.Ordinal),
            "bom" when path.EndsWith(isMarketplace ? "marketplace.json" : "plugin.json", StringComparison.Ordinal) => "\uFEFF" + text,
            "minified" when isJson && !text.Contains("//", StringComparison.Ordinal) => Minify(text),
            "foreign" when isJson && CanTakeAMember(path, text) => Insert(path, text),
            "foreign" when path.EndsWith("SKILL.md", StringComparison.Ordinal)
                && text.StartsWith("---\n", StringComparison.Ordinal) => $"---\nnote: {Foreign}\n" + text[4..],
            _ => text,
        });
    }

    // In an object, and not where it would be a server or an app.
    private static bool CanTakeAMember(string path, string text) =>
        text.TrimStart('\uFEFF').StartsWith('{') && (path.EndsWith("plugin.json", StringComparison.Ordinal)
            || path.EndsWith("marketplace.json", StringComparison.Ordinal) || path.EndsWith("hooks.json", StringComparison.Ordinal));

    private static string Insert(string path, string text)
    {
        var at = text.IndexOf('{', StringComparison.Ordinal) + 1;
        return text[..at] + (path.EndsWith("plugin.json", StringComparison.Ordinal) ? ManifestMember : Member) + text[at..].TrimStart();
    }

    private static string Minify(string text)
    {
        var minified = new StringBuilder();
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (inString || !char.IsWhiteSpace(text[i]))
            {
                minified.Append(text[i]);
            }

            if (inString && text[i] == '\\')
            {
                minified.Append(text[++i]);
            }
            else if (text[i] == '"')
            {
                inString = !inString;
            }
        }

        return minified.ToString();
    }
}
