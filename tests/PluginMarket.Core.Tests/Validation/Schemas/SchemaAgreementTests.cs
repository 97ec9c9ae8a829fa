using System.Text;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>The schemas say what the readers say, and the readers what Codex says: over the samples and over thousands of documents made
/// from good ones by wrong types, missing keys and odd forms.</summary>
[Trait("Category", "Slow")]
public sealed class SchemaAgreementTests : IDisposable
{
    private const int Documents = 1500;

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    public static TheoryData<string, string> Good() => new()
    {
        { "Plugin",
            """{"name":"p","version":"1.0","description":"d","keywords":["k"],"apps":"./a.json","skills":"./s","hooks":["./h.json"],"mcpServers":{"m":{"command":"c"}},"interface":{"displayName":"D","capabilities":["R"],"websiteUrl":"https://x","privacyPolicyURL":"u","termsOfServiceUrl":"t","logo":"./l.png","screenshots":["./s.png"],"defaultPrompt":["a"]}}""" },
        { "Marketplace",
            """{"name":"m","interface":{"displayName":"D"},"plugins":[{"name":"a","source":"./a","policy":{"installation":"AVAILABLE","authentication":"ON_USE","products":["CODEX"]},"category":"C"},{"name":"b","source":{"source":"local","path":"./b"}},{"name":"c","source":{"source":"url","url":"https://example.com/o/r","path":"./c","ref":"main","sha":"0123"}},{"name":"d","source":{"source":"git-subdir","url":"o/r","path":"d"}},{"name":"e","source":{"source":"npm","package":"@s/p","version":"1.0.0","registry":"https://r.example.com/x"}}]}""" },
        { "Hooks", """{"description":"d","hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"c","commandWindows":"w","timeout":5,"async":true,"statusMessage":"s","additionalContextLimit":7}]}],"Stop":[{"hooks":[{"type":"mcp_tool","server":"s","tool":"t","input":{"a":1},"timeout":1,"statusMessage":"m"},{"type":"prompt","prompt":"p"}]}],"Other":1}}""" },
        { "Mcp", """{"mcpServers":{"a":{"type":"stdio","command":"c","args":["x"],"env":{"A":"b"},"env_vars":["V",{"name":"W","source":"remote"}],"cwd":"./x","enabled":true,"startup_timeout_sec":1.5,"startup_timeout_ms":10,"enabled_tools":["t"],"tools":{"t":{"approval_mode":"auto"}},"default_tools_approval_mode":"prompt"},"b":{"url":"https://u","http_headers":{"H":"v"},"env_http_headers":{"H":"V"},"bearer_token_env_var":"T","oauth":{"clientId":"c"},"auth":"oauth","scopes":["s"],"headers":1}}}""" },
        { "Mcp", """{"a":{"command":"c","required":false},"b":{"url":"https://u","tool_timeout_sec":3}}""" },
        { "App", """{"apps":{"a":{"id":"connector_1","category":"Mail"},"b":{"id":"c","category":null,"x":1}},"x":1}""" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Generated_documents_are_accepted_or_rejected_by_both(string kindName, string good)
    {
        var kind = Enum.Parse<SchemaKind>(kindName);
        Assert.Null(Disagreement(kind, good));
        Assert.Empty(Problems(kind, good));

        var disagreements = new List<string>();
        var rejected = 0;
        foreach (var json in GeneratedDocuments.Of(good, Documents))
        {
            rejected += Problems(kind, json).Count > 0 ? 1 : 0;
            if (Disagreement(kind, json) is { } disagreement)
            {
                disagreements.Add(disagreement);
            }
        }

        Assert.True(disagreements.Count == 0,
            $"{disagreements.Count} of {Documents}, such as\n{string.Join('\n', disagreements.OrderBy(text => text.Length).Take(8))}");
        Assert.InRange(rejected, Documents / 5, Documents * 19 / 20);
    }

    [Fact]
    public void Samples_are_judged_as_the_readers_judge_them()
    {
        var kinds = new Dictionary<string, SchemaKind>
        {
            ["plugin.json"] = SchemaKind.Plugin,
            ["marketplace.json"] = SchemaKind.Marketplace,
            ["hooks.json"] = SchemaKind.Hooks,
            [".mcp.json"] = SchemaKind.Mcp,
            ["servers.json"] = SchemaKind.Mcp,
            [".app.json"] = SchemaKind.App,
        };
        var judged = 0;
        foreach (var path in Directory.GetFiles(Path.Join(RepositoryRoot.Path, "tests", "catalogs"), "*.json",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var text = File.ReadAllText(path);
            var agent = text.Contains("agent-plugins.org", StringComparison.Ordinal);
            if (!agent && kinds.TryGetValue(Path.GetFileName(path), out var kind) && IsReadable(text))
            {
                Assert.True(Disagreement(kind, text) is null, path);
                judged++;
            }
        }

        Assert.True(judged >= 14, $"{judged}");
    }

    private static IReadOnlyList<SchemaFinding> Problems(SchemaKind kind, string json) =>
        ShippedSchema.Evaluate(JsonFile.Parse(Encoding.UTF8.GetBytes(json), "test.json", MarketErrorCode.ManifestInvalid,
            tolerateDuplicates: true).Root, kind);

    private static bool IsReadable(string json)
    {
        try
        {
            _ = JsonFile.Parse(Encoding.UTF8.GetBytes(json), "test.json", MarketErrorCode.ManifestInvalid, tolerateDuplicates: true);
            return true;
        }
        catch (PluginMarketException)
        {
            return false;
        }
    }

    private string? Disagreement(SchemaKind kind, string json)
    {
        var problems = Problems(kind, json);
        var refusal = Refusal(kind, json);

        // A colon in a path is refused by us alone: such a folder cannot exist on every system.
        if (refusal?.Contains("stream on Windows", StringComparison.Ordinal) == true)
        {
            return null;
        }

        return problems.Count > 0 == refusal is not null ? null : $"reader: {refusal ?? "accepts"}; schema: {(problems.Count == 0
            ? "accepts" : string.Join(" | ", problems.Select(problem => $"{problem.At.Pointer}: {problem.Text}")))}; {json}";
    }

    private string? Refusal(SchemaKind kind, string json) => kind switch
    {
        SchemaKind.Plugin => PluginTree.WithManifest(json).Read().Refusal?.Message,
        SchemaKind.Marketplace => CatalogRefusal(json),
        SchemaKind.Hooks => Warning("hooks/hooks.json", json, "HooksIgnored"),
        SchemaKind.Mcp => Warning(".mcp.json", json, "McpIgnored", "McpServerDropped"),
        _ => Warning(".app.json", json, "AppsIgnored") is { } warning && !warning.Contains("has no \"apps\"", StringComparison.Ordinal)
            ? warning : null,
    };

    private static string? Warning(string file, string json, params string[] kinds) =>
        PluginTree.WithManifest("""{"name":"p"}""").Add(file, json).Read().Warnings
            .FirstOrDefault(warning => kinds.Contains(warning.Kind))?.Message;

    private string? CatalogRefusal(string json)
    {
        _home.WriteCatalog("m", json);
        try
        {
            var catalog = new MarketplaceCatalogReader(_home.Environment).Read(_home.Scratch["m"], isRemote: false);
            return catalog.ValidName is null ? "the name is none" : (catalog.CodexRefusals is [var problem, ..] ? problem : null)
                ?? catalog.Entries.FirstOrDefault(entry => entry.SkipReason is not null && !entry.IsHidden)?.SkipReason;
        }
        catch (PluginMarketException failure)
        {
            return failure.Message;
        }
    }
}
