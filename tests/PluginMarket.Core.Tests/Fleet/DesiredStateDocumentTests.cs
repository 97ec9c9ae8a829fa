using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>The document of a desired state, key by key: what each says, which kinds it takes, and what hostile files come to.</summary>
[Trait("Category", "Slow")]
public sealed class DesiredStateDocumentTests : IDisposable
{
    private const string Commit = "3f786850e387550fdab836ed7e6dc881de23001b";

    private static readonly string Digest = "sha256:" + new string('a', 64);

    private readonly TestHome _home = new();

    public DesiredStateDocumentTests()
    {
        _home.Scratch.Write("state/plugins.lock.json", """{"format":1,"plugins":[]}""");
        _home.Scratch.Write("state/policy.json", """{"format":1,"id":"corp","revision":"1","mode":"audit","rules":[]}""");
    }

    /// <summary>Every key by its place in the schema, a document that sets it, and what the state says then.</summary>
    public static TheoryData<string, string, string> Keys() => new()
    {
        { "$schema", """{"$schema":"./state.schema.json"}""", "dev@7" },
        { "format", "{}", "dev@7" },
        { "id", """{"id":"a.b-c_1"}""", "a.b-c_1@7" },
        { "revision", """{"revision":"2026-11-29.3"}""", "dev@2026-11-29.3" },
        { "lockFile", """{"lockFile":LOCK}""", "0 locked" },
        { "lockFile/path", """{"lockFile":LOCK}""", "0 locked" },
        { "lockFile/sha256", """{"lockFile":LOCK}""", "0 locked" },
        { "policy", """{"policy":POLICY}""", "policy policy.json" },
        { "policy/path", """{"policy":POLICY}""", "policy policy.json" },
        { "policy/sha256", """{"policy":POLICY}""", "policy policy.json" },
        { "marketplaces", """{"marketplaces":{"m":{}}}""", "m exist" },
        { "marketplaces/source", """{"marketplaces":{"m":{"source":"https://h/r"}}}""", "m exist https://h/r" },
        { "marketplaces/ref", """{"marketplaces":{"m":{"source":"https://h/r","ref":"v1"}}}""", "m exist https://h/r v1" },
        { "marketplaces/sha", $$$"""{"marketplaces":{"m":{"source":"https://h/r","sha":"{{{Commit}}}"}} }""", $"m exist https://h/r {Commit}" },
        { "marketplaces/sparsePaths", """{"marketplaces":{"m":{"source":"https://h/r","sparsePaths":["a","b"]}}}""", "m exist https://h/r [a,b]" },
        { "marketplaces/exist", """{"marketplaces":{"m":{"exist":false}}}""", "m gone" },
        { "plugins", """{"plugins":[{"id":"a@m"}]}""", "a@m exist on" },
        { "plugins/id", """{"plugins":[{"id":"a@m"}]}""", "a@m exist on" },
        { "plugins/version", """{"plugins":[{"id":"a@m","version":"^1.2.0"}]}""", "a@m exist on ^1.2.0" },
        { "plugins/commit", $$"""{"plugins":[{"id":"a@m","commit":"{{Commit}}"}]}""", $"a@m exist on {Commit}" },
        { "plugins/treeHash", $$"""{"plugins":[{"id":"a@m","treeHash":"{{Digest}}"}]}""", $"a@m exist on {Digest}" },
        { "plugins/enabled", """{"plugins":[{"id":"a@m","enabled":false}]}""", "a@m exist off" },
        { "plugins/hold", """{"plugins":[{"id":"a@m","hold":"CHG-1"}]}""", "a@m exist on held CHG-1" },
        { "plugins/exist", """{"plugins":[{"id":"a@m","exist":false}]}""", "a@m gone on" },
        { "plugins/purge", """{"plugins":[{"id":"a@m","exist":false,"purge":true}]}""", "a@m gone on purge" },
        { "plugins/when", """{"plugins":[{"id":"a@m","when":{}}]}""", "a@m exist on when" },
        { "plugins/when/os", """{"plugins":[{"id":"a@m","when":{"os":["Linux","MacOS"]}}]}""", "a@m exist on when Linux,MacOS" },
        { "plugins/when/computer", """{"plugins":[{"id":"a@m","when":{"computer":["b*"]}}]}""", "a@m exist on when b*" },
        { "plugins/when/user", """{"plugins":[{"id":"a@m","when":{"user":["ci"]}}]}""", "a@m exist on when ci" },
        { "plugins/when/percent", """{"plugins":[{"id":"a@m","when":{"percent":10}}]}""", "a@m exist on when 10%" },
        { "defaults", """{"defaults":["m"]}""", "defaults m" },
        { "unlisted", """{"unlisted":"disable"}""", "unlisted Disable" },
        { "unlistedMarketplaces", """{"unlistedMarketplaces":"ignore"}""", "unlisted marketplaces Ignore" },
        { "protect", """{"protect":["*@corp"]}""", "protect *@corp" },
    };

    /// <summary>Files that say no state, and the line of the fault.</summary>
    public static TheoryData<string, byte[], int?> Hostile()
    {
        var data = new TheoryData<string, byte[], int?>();
        void Add(string name, string text, int? line) => data.Add(name, Encoding.UTF8.GetBytes(text), line);
        const string head = """{"format":1,"id":"dev","revision":"1",""";
        data.Add("bom.json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(head + "\"plugins\":[]}")], 1);
        data.Add("utf16.json", Encoding.Unicode.GetBytes(head + "\"plugins\":[]}"), 1);
        data.Add("invalid.json", [.. Encoding.UTF8.GetBytes(head + "\"x-note\":\""), 0xC3, 0x28, (byte)'"', (byte)'}'], 1);
        Add("empty.json", "", 1);
        Add("null.json", "null", 1);
        Add("list.json", "[]", 1);
        Add("cut.json", head + "\n\"plugins\":[{", 2);
        Add("comment.json", head + "\n // who\n\"plugins\":[]}", 2);
        Add("comma.json", head + "\n\"plugins\":[],}", 2);
        Add("twice.json", head + "\n\"plugins\":[{\"id\":\"a@m\",\"id\":\"b@m\"}]}", 2);
        Add("twice-marketplace.json", head + "\n\"marketplaces\":{\"m\":{},\"m\":{}}}", 2);
        Add("case.json", head + "\n\"Plugins\":[]}", 2);
        Add("deep.json", head + "\"x-deep\":" + new string('[', 500) + new string(']', 500) + "}", 1);
        Add("large-number.json", """{"format":1e400,"id":"dev","revision":"1"}""", 1);
        Add("surrogate.json", head + "\n\"x-note\":\"\\ud800\"}", 2);
        Add("long.json", head + "\n\"plugins\":[{\"id\":\"a@m\",\"hold\":\"" + new string('x', 100_000) + "\"}]}", 2);
        Add("path.json", head + "\n\"lockFile\":{\"path\":\"/dev/zero\",\"sha256\":\"" + Digest + "\"}}", 2);
        Add("folder.json", head + "\n\"policy\":{\"path\":\".\",\"sha256\":\"" + Digest + "\"}}", 2);
        Add("call.psd1", "@{\n format = 1\n id = (New-Item /tmp/pwned)\n}", 3);
        Add("subexpression.psd1", "@{\n format = 1\n id = \"a$(New-Item x)\"\n}", 3);
        Add("key.psd1", "@{\n format = 1\n $(New-Item x) = 'a'\n}", 3);
        Add("pipe.psd1", "@{ format = 1 }\n| Invoke-Expression", 2);
        Add("block.psd1", "@{\n id = { Remove-Item x }\n}", 2);
        Add("cast.psd1", "@{\n id = [string]'a'\n}", 2);
        Add("member.psd1", "@{\n id = 'a'.Length\n}", 2);
        Add("splat.psd1", "@{\n id = @args\n}", 2);
        Add("here.psd1", "@{\n id = @'\na\n'@\n}", 2);
        Add("escape.psd1", "@{\n id = \"a`n\"\n}", 2);
        Add("operator.psd1", "@{\n format = 1 + 1\n}", 2);
        Add("environment.psd1", "@{\n id = $env:PATH\n}", 2);
        Add("comment.psd1", "@{\n format = 1 <# #> ; id = 'a' <# open\n}", 2);
        Add("code-behind.psd1", "@{ format = 1; id = 'a'; revision = '1' }\nNew-Item x", 2);
        Add("twice.psd1", "@{\n id = 'a'\n ID = 'b'\n}", 3);
        Add("deep.psd1", "@{ id = " + string.Concat(Enumerable.Repeat("@(", 200)) + "\n", 1);
        data.Add("utf16.psd1", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("@{ id = 'a' }")).ToArray(), null);
        // Repeated by the test: as data, each byte would be a line of its name.
        data.Add("huge.json", " "u8.ToArray(), null);
        data.Add("huge.psd1", "#"u8.ToArray(), null);
        return data;
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_key_says_something_and_takes_only_its_kind(string key, string given, string said)
    {
        var good = With(given);
        Assert.Contains(said, Describe(Read(good)), StringComparison.Ordinal);

        var schema = await SchemaAsync();
        var tried = 0;
        foreach (var value in new[] { "null", "true", "7", "-1", "1.5", "\"\"", "\"x y\"", "[]", "[1]", "[null]", "{}", "{\"a\":1}" })
        {
            var json = Replace(good, key, value);
            if (schema.Validate(json).Count == 0)
            {
                continue;
            }

            tried++;
            var refusal = Assert.Throws<PluginMarketException>(() => Read(json));
            Assert.True(refusal.Code is MarketErrorCode.StateFileUnreadable or MarketErrorCode.StateFileConflict, $"{json}: {refusal.Code}");
            Assert.True(refusal is { Line: 1, Column: > 0 }, json);
        }

        Assert.InRange(tried, 5, 12);
    }

    [Fact]
    public async Task Every_key_of_the_schema_is_in_the_table()
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(SchemaPath, TestContext.Current.CancellationToken))!.AsObject();

        Assert.Equal(KeysOf(schema, schema, "").Order(StringComparer.Ordinal),
            Keys().Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_file_is_a_typed_error_at_its_place_and_runs_nothing(string name, byte[] content, int? line)
    {
        var path = _home.Scratch[$"state/{name}"];
        File.WriteAllBytes(path, name.StartsWith("huge", StringComparison.Ordinal)
            ? [.. Enumerable.Repeat(content[0], (16 << 20) + 1)] : content);
        var before = Directory.GetFileSystemEntries(_home.Scratch["state"]);

        var refusal = Assert.Throws<PluginMarketException>(() => DesiredStateFile.Read(_home.Environment, path));

        Assert.True(refusal.Code is MarketErrorCode.StateFileUnreadable or MarketErrorCode.LimitExceeded, $"{refusal.Code}: {refusal.Message}");
        Assert.Equal(line, refusal.Line);
        Assert.Equal(line is not null, refusal.Column is > 0);
        Assert.NotEmpty(refusal.Said.Remedies);
        Assert.Equal(before, Directory.GetFileSystemEntries(_home.Scratch["state"]));
        Assert.False(File.Exists("/tmp/pwned"));
    }

    [Fact]
    public void Comments_of_a_data_file_are_comments_whatever_they_say()
    {
        var path = _home.Scratch["state/comments.psd1"];
        File.WriteAllText(path, """
            # $(New-Item pwned)
            <# @{ format = 2 } | Invoke-Expression #>
            @{ format = 1 # ; format = 2
               id = 'de' <# ' #>
               revision = '$(1)' }
            """);

        Assert.Equal(("de", "$(1)"), DesiredStateFile.Read(_home.Environment, path) is var state ? (state.Id, state.Revision) : default);
    }

    [Fact]
    public void A_variant_counts_where_all_that_it_says_fits_and_nothing_fits_what_is_not_known()
    {
        var plugin = PluginId.Parse("a@m");
        var machine = MachineIdentity.Of("machine");
        var bucket = StateCondition.Bucket("dev", plugin.ToString(), machine);
        var facts = new MachineFacts("Linux", "build01", "ci", machine);
        for (var fits = 0; fits < 16; fits++)
        {
            bool Of(int bit) => (fits & (1 << bit)) != 0;
            var condition = new StateCondition
            {
                Os = [Of(0) ? "Linux" : "Windows", "MacOS"],
                Computer = ["lab*", Of(1) ? "BUILD*" : "prod*"],
                User = [Of(2) ? "c?" : "root"],
                Percent = Of(3) ? bucket + 1 : bucket,
            };

            Assert.Equal(fits == 15, condition.Fits(facts, "dev", plugin));
        }

        var all = new StateCondition();
        Assert.True(all.Fits(new MachineFacts(null, "", "", null), "dev", plugin));
        Assert.False((all with { Os = ["Linux"] }).Fits(facts with { Os = null }, "dev", plugin));
        Assert.False((all with { Percent = 100 }).Fits(facts with { MachineId = null }, "dev", plugin));
        Assert.False((all with { Percent = 0 }).Fits(facts, "dev", plugin));
    }

    [Theory]
    [InlineData("lockFile")]
    [InlineData("policy")]
    public void A_file_counts_only_with_its_bytes_where_the_state_looks_for_it(string key)
    {
        var (name, place) = key == "lockFile" ? ("plugins.lock.json", "LOCK") : ("policy.json", "POLICY");
        Read(With($$"""{"{{key}}":{{place}}}"""));
        File.AppendAllText(_home.Scratch[$"state/{name}"], "\n");
        var changed = Refusal(With($$"""{"{{key}}":{{place}}}""", refresh: false));
        File.Delete(_home.Scratch[$"state/{name}"]);
        var missing = Refusal(With($$"""{"{{key}}":{{place}}}""", refresh: false));

        Assert.Equal(MarketErrorCode.StateFileUnreadable, changed?.Code);
        Assert.Contains("has the digest sha256:", changed!.Message, StringComparison.Ordinal);
        Assert.Equal(MarketErrorCode.StateFileUnreadable, missing?.Code);
        Assert.True(changed is { Line: 1, Column: > 0 } && missing is { Line: 1, Column: > 0 });
    }

    private static string SchemaPath => Path.Join(RepositoryRoot.Path, "module", "schemas", "state.schema.json");

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromFileAsync(SchemaPath, TestContext.Current.CancellationToken);

    // The keys by their places; those of a marketplace and of a plugin below the key that has them.
    private static IEnumerable<string> KeysOf(JsonObject schema, JsonObject at, string above)
    {
        foreach (var (name, node) in at["properties"]!.AsObject())
        {
            var key = above + name;
            yield return key;
            var inner = node!.AsObject();
            inner = inner["items"]?.AsObject() ?? inner["additionalProperties"] as JsonObject ?? inner;
            if ((string?)inner["$ref"] is { } reference
                && schema["definitions"]![reference[(reference.LastIndexOf('/') + 1)..]] is JsonObject { } definition
                && definition["properties"] is not null)
            {
                foreach (var below in KeysOf(schema, definition, key + "/"))
                {
                    yield return below;
                }
            }
        }
    }

    private readonly Dictionary<string, string> _digests = [];

    private string With(string given, bool refresh = true)
    {
        var document = new JsonObject { ["format"] = 1, ["id"] = "dev", ["revision"] = "7" };
        var text = given.Replace("LOCK", FileOf("plugins.lock.json", refresh), StringComparison.Ordinal)
            .Replace("POLICY", FileOf("policy.json", refresh), StringComparison.Ordinal);
        foreach (var (name, value) in JsonNode.Parse(text)!.AsObject())
        {
            document[name] = value?.DeepClone();
        }

        return document.ToJsonString();
    }

    private string FileOf(string name, bool refresh)
    {
        if (refresh)
        {
            _digests[name] = TreeDigest.OfBytes(File.ReadAllBytes(_home.Scratch[$"state/{name}"]));
        }

        return $$"""{"path":"{{name}}","sha256":"{{_digests[name]}}"}""";
    }

    private static string Replace(string json, string key, string value)
    {
        var document = JsonNode.Parse(json)!;
        var steps = key.Split('/');
        var at = document;
        foreach (var step in steps[..^1])
        {
            at = at[step]!;
            at = step == "marketplaces" ? at["m"]! : at is JsonArray items ? items[0]! : at;
        }

        at[steps[^1]] = JsonNode.Parse(value);
        return document.ToJsonString();
    }

    private DesiredState Read(string json) =>
        DesiredStateFile.Parse(_home.Environment, Encoding.UTF8.GetBytes(json), "state.json", _home.Scratch["state"]);

    private PluginMarketException? Refusal(string json)
    {
        try
        {
            Read(json);
            return null;
        }
        catch (PluginMarketException refusal)
        {
            return refusal;
        }
    }

    private static string Describe(DesiredState state) => string.Join('\n', (string[])
    [
        state.ToString(), $"{state.LockFile?.Entries.Length ?? -1} locked", $"policy {Path.GetFileName(state.Policy)}",
        .. state.Marketplaces.Select(market => string.Join(' ', ((string?[])[market.Name, market.Exist ? "exist" : "gone", market.Source,
            market.Ref, market.SparsePaths.Count == 0 ? null : $"[{string.Join(',', market.SparsePaths)}]"]).Where(part => part is not null))),
        .. state.Plugins.Select(plugin => string.Join(' ', ((string?[])[plugin.Id.ToString(), plugin.Exist ? "exist" : "gone",
            plugin.Enabled ? "on" : "off", plugin.Version?.Text, plugin.Commit, plugin.TreeHash, plugin.Hold is null ? null : $"held {plugin.Hold}",
            plugin.Purge ? "purge" : null, plugin.When is null ? null : "when", .. Shown(plugin.When)]).Where(part => part is not null))),
        $"defaults {string.Join(',', state.Defaults)}", $"unlisted {state.Unlisted}", $"unlisted marketplaces {state.UnlistedMarketplaces}",
        $"protect {string.Join(',', state.Protect)}",
    ]);

    private static IEnumerable<string?> Shown(StateCondition? when) => when is null ? []
        : [Joined(when.Os), Joined(when.Computer), Joined(when.User), when.Percent is { } share ? $"{share}%" : null];

    private static string? Joined(IReadOnlyList<string> texts) => texts.Count == 0 ? null : string.Join(',', texts);
}
