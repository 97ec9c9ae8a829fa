using System.Text;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Json;
using PluginMarket.Records;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>Our own documents: what their published schema refuses the reader refuses, and what the reader refuses
/// by its form the schema refuses.</summary>
[Trait("Category", "Slow")]
public sealed class OwnDocumentTests : IDisposable
{
    private const int Documents = 2000;
    private const string Folder = "/srv/market";

    /// <summary>Texts whose rules only the reader knows: names, paths, addresses, versions, dates, rules of the checks.</summary>
    private static readonly string[] KnownToTheReader = ["id", "path", "url", "version", "integrity", "approvedOn", "exclude",
        "executableFiles", "sparsePaths"];

    private static readonly string[] KnownToTheReaderOfStates = ["id", "path", "sha256", "version", "defaults", "sparsePaths",
        "source", "ref"];

    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly byte[] Named = """{"format":1,"plugins":[]}"""u8.ToArray();

    private readonly TestHome _home = new();

    public OwnDocumentTests() => File.WriteAllBytes(Path.Join(_home.Environment.WorkingDirectory!, "named.json"), Named);

    public void Dispose() => _home.Dispose();

    public static TheoryData<string, string> Good() => new()
    {
        {
            "Approvals",
            $$"""
            {"$schema":"x","format":1,"approvals":[
              {"id":"a@m","version":"1.0","treeHash":"{{Digest}}","commit":"c","capabilities":[{"component":"Hook","name":"n","file":"f","hash":"{{Digest}}"}],
               "approvedBy":"x","approvedOn":"2026-01-31T12:00:00Z","note":"y"},
              {"id":"b@m","treeHash":"{{Digest}}","capabilities":[],"approvedBy":"x","approvedOn":"2026-01-31T12:00:00Z"}]}
            """
        },
        {
            "Lock",
            $$"""
            {"$schema":"x","format":1,"plugins":[
              {"id":"a@m","version":"1.0","source":{"type":"local","path":"./a"},"treeHash":"{{Digest}}","executableFiles":["run"],"generatedManifest":["{","}"],
               "capabilities":[{"component":"Hook","name":"n","event":"Stop","matcher":"x","command":"c","url":"https://u","environment":["A"],"headers":["H"],"scripts":["s"],"file":"f",
                "active":false,"hash":"{{Digest}}"}]},
              {"id":"b@m","source":{"type":"git","url":"https://example.com/o/r","commit":"{{new string('1',
                  40)}}","sparsePaths":["p"]},"treeHash":"{{Digest}}"},
                  {"id":"c@m","source":{"type":"git-subdir","url":"https://example.com/o/r","path":"p","commit":"{{new string('A',
                      64)}}"},"treeHash":"{{Digest}}","capabilities":[]},
                  {"id":"d@m","source":{"type":"npm","package":"@s/p","version":"1.0.0","registry":"https://r.example.com/x","integrity":"sha512-{{new string(
                      'A', 86)}}=="},"treeHash":"{{Digest}}"}]}
            """
        },
        {
            "Settings",
            $$"""{"$schema":"x","severity":{"PM0209":"Error","PM1207":"Information"},"exclude":["PM0512","PM14*"],"baseline":["{{new string(
                '0', 64)}}"]}"""
        },
        {
            "State",
            $$"""
            {"$schema":"x","x-owner":[1],"format":1,"id":"dev","revision":"1","lockFile":{"path":"named.json","sha256":"{{TreeDigest.OfBytes(Named)}}"},
             "policy":{"path":"./named.json","sha256":"{{TreeDigest.OfBytes(Named)}}"},
             "marketplaces":{"m":{"source":"https://example.com/o/r","ref":"v1","sparsePaths":["p"]},
              "n":{"source":"https://example.com/o/s","sha":"{{new string('A', 40)}}","exist":true},"o":{"exist":false} },
             "plugins":[{"id":"a@m","when":{"os":["Linux"],"computer":["c*"],"user":["u"],"percent":10},"version":"1.0.0","commit":"{{new string('b', 64)}}",
               "treeHash":"{{Digest}}","enabled":false,"hold":"h","exist":true},{"id":"a@m"},{"id":"b@m","exist":false,"purge":true}],
             "defaults":["m"],"unlisted":"report","unlistedMarketplaces":"ignore","protect":["p@m"]}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Schema_and_reader_agree(string kindName, string good)
    {
        var kind = Enum.Parse<SchemaKind>(kindName);
        Assert.Null(Refusal(kind, good));
        Assert.Empty(Problems(kind, good));

        var (disagreements, rejected) = (new List<string>(), 0);
        foreach (var json in GeneratedDocuments.Of(good, Documents))
        {
            var problems = Problems(kind, json);
            var refusal = Refusal(kind, json);
            rejected += problems.Count > 0 ? 1 : 0;
            if (problems.Count > 0 ? refusal is null : refusal is not null && !IsKnownToTheReader(kind, json, refusal))
            {
                disagreements.Add($"reader: {refusal?.Message ?? "accepts"}; schema: {(problems.Count == 0
                    ? "accepts" : string.Join(" | ", problems.Select(problem => $"{problem.At.Pointer}: {problem.Text}")))}; {json}");
            }
        }

        Assert.True(disagreements.Count == 0,
            $"{disagreements.Count} of {Documents}, such as\n{string.Join('\n', disagreements.OrderBy(text => text.Length).Take(8))}");
        Assert.InRange(rejected, Documents / 5, Documents * 19 / 20);
    }

    /// <summary>A reader of the file would take it for said.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_key_that_nothing_reads_is_refused_in_every_object(int index)
    {
        var (kindName, good) = Good().Select(row => row.Data).ElementAt(index);
        var kind = Enum.Parse<SchemaKind>(kindName);
        var objects = Enumerable.Range(0, good.Length).Where(i => good[i] == '{' && !good.AsSpan(i).StartsWith("{\",")
            && !good.AsSpan(0, i).EndsWith("\"marketplaces\":")).ToList();
        Assert.True(objects.Count >= 4);
        foreach (var place in objects)
        {
            var json = good.Insert(place + 1, "\"extra\":1,");
            Assert.True(Refusal(kind, json) is { Line: > 0, Column: > 0 } refusal && refusal.Message.Contains("'extra'", StringComparison.Ordinal), json);
            Assert.NotEmpty(Problems(kind, json));
        }
    }

    private static IReadOnlyList<SchemaFinding> Problems(SchemaKind kind, string json) => ShippedSchema.Evaluate(Root(json), kind);

    private static JsonValue Root(string json) =>
        JsonFile.Parse(Encoding.UTF8.GetBytes(json), "test.json", MarketErrorCode.StateCorrupt).Root;

    private PluginMarketException? Refusal(SchemaKind kind, string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        try
        {
            _ = kind switch
            {
                SchemaKind.Approvals => ApprovalText.Read(utf8, "approvals.json", Limits.Default),
                SchemaKind.Lock => LockFileText.Read(utf8, Path.Join(Folder, "plugins.lock.json"), Limits.Default),
                SchemaKind.State => DesiredStateFile.Parse(_home.Environment, utf8, "state.json", _home.Environment.WorkingDirectory!),
                _ => (object)ValidationSettings.Read(utf8, "settings.json", Limits.Default),
            };
            return null;
        }
        catch (PluginMarketException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Whether the value at fault is a text of the right kind, whose rules are not for a schema.</summary>
    private static bool IsKnownToTheReader(SchemaKind kind, string json, PluginMarketException refusal)
    {
        if (refusal.Code == MarketErrorCode.StateFileConflict)
        {
            // Plugins that exclude each other, or a lock file that names other bytes.
            return true;
        }

        if (refusal.Line is null)
        {
            // An address that may have a secret in it is not shown with its place.
            return refusal.Code is MarketErrorCode.SourceInvalid or MarketErrorCode.CredentialInUrl;
        }

        var at = All(Root(json)).First(value => (value.Position.Line, value.Position.Column) == (refusal.Line, refusal.Column));
        var steps = at.Pointer.Split('/');
        var known = kind == SchemaKind.State ? KnownToTheReaderOfStates : KnownToTheReader;
        return (at.Kind == JsonKind.String && (steps.Any(known.Contains) || steps is ["", "severity", _]))
            || (steps[^1] == "source" && IsWholePackage(at));
    }

    private static bool IsWholePackage(JsonValue source) =>
        source["type"]?.AsString() == "npm" && source["package"]?.AsString() is not null && source["version"]?.AsString() is not null
        && source["integrity"]?.AsString() is not null && source["registry"] is null or { Kind: JsonKind.String };

    private static IEnumerable<JsonValue> All(JsonValue value) =>
        new[] { value }.Concat(value.Items.Concat(value.Members.Select(member => member.Value)).SelectMany(All));
}
