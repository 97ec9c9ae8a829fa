using System.Text.Json;
using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>A catalog has an Error of the whole file exactly when Codex rejects it, and an entry one of its own exactly when Codex skips
/// it. What differs is in docs/validation.md, and nothing else may.</summary>
public sealed class CatalogFindingTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Errors of one entry; every other Error is one of the file.</summary>
    private static readonly string[] OfAnEntry = ["PM1004", "PM1201", "PM1202", "PM1203", "PM1204", "PM1205"];

    /// <summary>Errors of an entry that Codex lists and does not install, and of what is hidden rather than skipped.</summary>
    private static readonly string[] OfInstalling = ["PM1010", "PM1011", "PM1206", "PM1211", "PM1220"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Errors_are_what_Codex_rejects_or_skips()
    {
        var judges = CodexCli.FindAll(out var missing);
        Assert.SkipWhen(judges.Count == 0, missing ?? "");
        var cases = GeneratedCheckCatalogs.All(20262).ToList();
        Assert.True(cases.Count >= 500, $"{cases.Count} catalogs");
        for (var i = 0; i < cases.Count; i++)
        {
            _scratch.Write($"c{i}/.agents/plugins/marketplace.json", cases[i].Text);
        }

        var seen = judges.Select(_ => new (string? Refusal, List<string> Listed)[cases.Count]).ToList();
        Parallel.For(0, cases.Count * judges.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            var (i, judge) = (n / judges.Count, n % judges.Count);
            seen[judge][i] = Observe(judges[judge], i);
        });
        var validator = new Validator(_scratch.Environment());
        var differences = new List<string>();
        var (rejected, skipped, listed) = (0, 0, 0);
        for (var i = 0; i < cases.Count; i++)
        {
            var listing = await validator.CheckMarketplacesAsync(new ValidationRequest { Paths = [_scratch[$"c{i}"]] });
            var result = Assert.Single(listing.Results);
            var errors = result.Diagnostics.Where(
                finding => finding.Severity == "Error" && !OfInstalling.Contains(finding.RuleId)).ToList();
            foreach (var (codex, answers) in judges.Zip(seen))
            {
                var problem = Compare(answers[i], errors, result, Names(cases[i].Text));
                rejected += answers[i].Refusal is null ? 0 : 1;
                listed += answers[i].Listed.Count;
                skipped += answers[i].Refusal is null ? errors.Count : 0;
                if (problem is not null && !CheckDifferences.Explains(result, codex.Version))
                {
                    differences.Add($"{cases[i].Subject}, Codex {codex.Version}: {problem}; "
                        + $"ours [{string.Join(", ", result.Diagnostics.Select(finding => finding.RuleId + finding.Severity[0]))}]");
                }
            }
        }

        output.WriteLine(
            $"{cases.Count} catalogs, {judges.Count} versions: {rejected} rejected by both, {skipped} entries skipped, {listed} listed.");
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    private (string? Refusal, List<string> Listed) Observe(CodexCli codex, int i)
    {
        var side = new CodexSide(codex, _scratch[$"home{i}-{codex.Version}"]);
        var added = side.Run("marketplace", "add", _scratch[$"c{i}"]);
        return added.ExitCode != 0
            ? (added.Error.Trim(), [])
            : (null, [.. side.Run("list", "--available", "--json").Json().GetProperty("available").EnumerateArray()
                .Select(item => item.GetProperty("name").GetString()!)]);
    }

    private static string? Compare((string? Refusal, List<string> Listed) seen, List<Diagnostic> errors, ValidationResult result,
        List<string> names)
    {
        var ofTheFile = errors.Any(finding => !OfAnEntry.Contains(finding.RuleId)
            && !(finding.RuleId == "PM0103" && finding.JsonPointer!.EndsWith("/source", StringComparison.Ordinal)));
        if (ofTheFile || seen.Refusal is not null)
        {
            return ofTheFile == seen.Refusal is not null ? null : $"Codex {seen.Refusal ?? "takes it"}";
        }

        // What is hidden is neither listed nor skipped, and of two with one name the first that can be used is listed.
        var out_of = errors.Concat(result.Diagnostics.Where(finding => finding.RuleId == "PM1105"))
            .Select(finding => finding.JsonPointer!.Split('/')[2]).ToHashSet(StringComparer.Ordinal);
        var expected = names.Where((_, place) => !out_of.Contains($"{place}")).Distinct(StringComparer.Ordinal).ToList();
        return expected.SequenceEqual(seen.Listed, StringComparer.Ordinal)
            ? null : $"Codex lists {string.Join(" ", seen.Listed)}, expected {string.Join(" ", expected)}";
    }

    private static List<string> Names(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("plugins", out var plugins)
                && plugins.ValueKind == JsonValueKind.Array
                ? [.. plugins.EnumerateArray().Select(entry => entry.ValueKind == JsonValueKind.Object
                    && entry.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "")]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
