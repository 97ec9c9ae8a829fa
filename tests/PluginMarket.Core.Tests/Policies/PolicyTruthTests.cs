using System.Globalization;
using System.Text.RegularExpressions;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>The decisions of policy-truth.txt, and how layers and exceptions come together.</summary>
[Trait("Category", "Fast")]
public sealed partial class PolicyTruthTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder _scratch = new();

    public PolicyTruthTests()
    {
        foreach (var folder in new[] { "corp/sub", "corp2", "other" })
        {
            _scratch.MakeFolder(folder);
        }

        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(_scratch["to-corp"], _scratch["corp"]);
            Directory.CreateSymbolicLink(_scratch["corp/out"], _scratch["other"]);
        }
    }

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string, string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string, string, string>();
        var rules = new List<(string Id, string Json)>();
        var block = "";
        foreach (var line in File.ReadAllLines(Path.Join(RepositoryRoot.Path,
            "tests/PluginMarket.Core.Tests/Policies/policy-truth.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var (kind, rest) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            switch (kind)
            {
                case "block":
                    block = rest;
                    rules.Clear();
                    break;
                case "rule":
                    rules.Add((rest[..rest.IndexOf(' ', StringComparison.Ordinal)], rest[rest.IndexOf('{', StringComparison.Ordinal)..]));
                    break;
                default:
                    var bar = rest.LastIndexOf(" | ", StringComparison.Ordinal);
                    var cells = rest[(bar + 3)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    Assert.Equal(rules.Count, cells.Length);
                    for (var i = 0; i < cells.Length; i++)
                    {
                        data.Add(block, rules[i].Id, rules[i].Json, rest[..bar].Trim(), cells[i]);
                    }

                    break;
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_effect_and_its_rule(string block, string rule, string json, string subject, string cell)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && subject.Contains("{T}", StringComparison.Ordinal), "The rows have paths of Unix.");

        var decision = Judge(PolicyStage.Publish, Subject(subject),
            Layer(PolicyScene.Document($"{{\"id\":\"{rule}\",{json[1..]}")));

        Assert.Equal((block, Letter(decision.Effect)), (block, cell));
        Assert.Equal(cell == "A" ? null : rule, decision.RuleId);
    }

    [Fact]
    public void There_are_enough_rows()
    {
        Assert.True(Rows().Count + Triples().Count + 21 + PolicyReaderTests.Rows().Count >= 420, $"{Rows().Count} rows");
    }

    public static TheoryData<string, string, string> Triples()
    {
        string[] states = ["Allowed", "Absent", "Audited", "Unknown", "Unreadable", "Denied", "Expired"];
        var data = new TheoryData<string, string, string>();
        for (var i = 0; i < states.Length; i++)
        {
            for (var j = i; j < states.Length; j++)
            {
                for (var k = j; k < states.Length; k++)
                {
                    data.Add(states[i], states[j], states[k]);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Triples))]
    public void Of_three_layers_the_worst_decides_in_any_order(string first, string second, string third)
    {
        // One that has expired goes on refusing.
        string[] order = ["Absent", "Allowed", "Audited", "Unknown", "Unreadable", "Denied", "Expired"];
        var worst = order[new[] { first, second, third }.Max(state => Array.IndexOf(order, state))];
        var expected = worst switch { "Absent" => "Allowed", "Expired" => "Denied", _ => worst };

        foreach (var (a, b, c) in new[] { (first, second, third), (third, first, second), (second, third, first), (third, second, first) })
        {
            var layers = new[] { a, b, c }.Select(OfState).ToArray();
            Assert.Equal(expected, Judge(PolicyStage.Publish, Subject("plugin=p@m"), layers).Effect.ToString());
        }
    }

    private const string Tree = "sha256:0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
    private const string OtherTree = "sha256:1263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
    private const string Commit = "3f786850e387550fdab836ed7e6dc881de23001b";

    [Theory]
    [InlineData("treeHash", Tree, "2027-01-01T00:00:00Z", "plugin=p@m; tree=" + Tree, "A")]
    [InlineData("treeHash", Tree, "2027-01-01T00:00:00Z", "plugin=p@m; tree=" + OtherTree, "D")]
    [InlineData("treeHash", Tree, "2027-01-01T00:00:00Z", "plugin=p@m", "U")]
    [InlineData("treeHash", Tree, "2027-01-01T00:00:00Z", "plugin=p@other; tree=" + Tree, "D")]
    [InlineData("treeHash", Tree, "2027-01-01T00:00:00Z", "plugin=P@m; tree=" + Tree, "D")]
    [InlineData("treeHash", Tree, "2026-11-30T11:59:59Z", "plugin=p@m; tree=" + Tree, "D")]
    [InlineData("treeHash", Tree, "2026-11-30T12:00:00Z", "plugin=p@m; tree=" + Tree, "D")]
    [InlineData("treeHash", Tree, "2026-11-30T12:00:01Z", "plugin=p@m; tree=" + Tree, "A")]
    [InlineData("commit", Commit, "2027-01-01T00:00:00Z", "plugin=p@m; commit=" + Commit, "A")]
    [InlineData("commit", Commit, "2027-01-01T00:00:00Z", "plugin=p@m; commit=none", "D")]
    [InlineData("commit", Commit, "2027-01-01T00:00:00Z", "plugin=p@m; tree=" + Tree, "U")]
    [InlineData("version", "1.0.0", "2027-01-01T00:00:00Z", "plugin=p@m; version=1.0.0", "A")]
    [InlineData("version", "1.0.0", "2027-01-01T00:00:00Z", "plugin=p@m; version=1.0.1", "D")]
    [InlineData("version", "1.0.0", "2027-01-01T00:00:00Z", "plugin=p@m", "U")]
    public void An_exception_lifts_a_rule_for_exact_bytes_and_for_its_time(string by, string value, string expires, string subject,
        string cell)
    {
        var layer = Layer(Excepted(by, value, expires, "2026-11-01T00:00:00Z"));

        Assert.Equal(cell, Letter(Judge(PolicyStage.Publish, Subject(subject), layer).Effect));
    }

    [Fact]
    public void An_exception_of_another_layer_or_from_the_future_lifts_nothing()
    {
        var subject = Subject("plugin=p@m; tree=" + Tree);
        var excepted = Layer(Excepted("treeHash", Tree, "2027-01-01T00:00:00Z", "2026-11-01T00:00:00Z"));
        var plain = Layer(PolicyScene.Document(DenyP));
        Assert.Equal("D", Letter(Judge(PolicyStage.Publish, subject, excepted, plain).Effect));

        // A clock that was set back must not bring an exception back.
        var future = Layer(Excepted("treeHash", Tree, "2027-01-01T00:00:00Z", "2026-12-02T00:00:00Z"));
        Assert.Equal("D", Letter(Judge(PolicyStage.Publish, subject, future).Effect));
    }

    [Fact]
    public void An_expired_exception_is_told_and_what_is_not_known_yet_is_left_to_the_second_stage()
    {
        var expired = Layer(Excepted("treeHash", Tree, "2026-11-29T00:00:00Z", "2026-11-01T00:00:00Z"));
        var told = Judge(PolicyStage.Publish, Subject("plugin=p@m; tree=" + Tree), expired);
        Assert.True(told.Worst!.IsExceptionExpired);
        Assert.Contains("ExceptionExpired", told.RefusalAt(PolicyStage.Publish)!.Message, StringComparison.Ordinal);

        var open = Layer(Excepted("treeHash", Tree, "2027-01-01T00:00:00Z", "2026-11-01T00:00:00Z"));
        var early = Judge(PolicyStage.Admit, Subject("plugin=p@m"), open);
        Assert.Null(early.RefusalAt(PolicyStage.Admit));
        Assert.Null(early.IsAllowed);
        Assert.Equal(MarketErrorCode.PolicyDenied, early.RefusalAt(PolicyStage.Publish)!.Code);
    }

    private const string DenyP = "{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"*@*\"}]}";

    private static string Excepted(string by, string value, string expires, string issued) => PolicyScene.Document(DenyP,
        more: $$""","issued":"{{issued}}","exceptions":[{"rules":["R"],"plugin":"p@m","{{by}}":"{{value}}","expires":"{{expires}}","reason":"r","approvedBy":"b"}]""");

    internal static PolicyDecision Judge(PolicyStage stage, PolicySubject subject, params PolicyLayer[] layers) =>
        new(subject, [.. layers.SelectMany(layer => layer.Judge(stage, subject, Now))]);

    private PolicyLayer OfState(string state) => state switch
    {
        "Allowed" => Layer(PolicyScene.Document("{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"allow\",\"match\":[{\"plugin\":\"p@m\"}]}")),
        "Audited" => Layer(PolicyScene.Document(DenyP, "audit")),
        "Denied" => Layer(PolicyScene.Document(DenyP)),
        "Expired" => Layer(PolicyScene.Document(DenyP, more: ",\"expires\":\"2020-01-01T00:00:00Z\"")),
        "Unknown" => Layer(PolicyScene.Document(
            "{\"id\":\"R\",\"kind\":\"capability\",\"effect\":\"deny\",\"match\":[{\"component\":[\"Hook\"]}]}")),
        "Unreadable" => new PolicyLayer(PolicyLayerKind.Command, "/x") { Problem = MachinePolicy.Unreadable("/x", $"is broken") },
        _ => new PolicyLayer(PolicyLayerKind.Machine, "/x"),
    };

    private PolicyLayer Layer(string text)
    {
        // Without a path nobody finds a Codex.
        var environment = _scratch.Environment() with { Variables = new Dictionary<string, string>() };
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text.Replace("{T}", _scratch.Path, StringComparison.Ordinal));
        return new PolicyLayer(PolicyLayerKind.Command, _scratch["policy.json"])
        {
            Document = PolicyReader.Read(utf8, _scratch["policy.json"], environment),
        };
    }

    private static string Letter(PolicyEffect effect) => effect switch
    {
        PolicyEffect.Allowed => "A",
        PolicyEffect.Audited => "W",
        PolicyEffect.Unknown => "U",
        _ => "D",
    };

    private PolicySubject Subject(string text)
    {
        var facts = Pair().Matches(text.Replace("{T}", _scratch.Path, StringComparison.Ordinal))
            .Select(match => (Key: match.Groups["key"].Value, Value: match.Groups["value"].Value.Trim())).ToList();
        string? Get(string key) => facts.Where(fact => fact.Key == key).Select(fact => fact.Value).FirstOrDefault();
        Fact<T> Known<T>(string key, Func<string, T> read) => Get(key) is { } value ? Fact<T>.Of(read(value)) : default;
        DateTimeOffset Date(string value) => DateTimeOffset.Parse(value, CultureInfo.InvariantCulture);
        var urls = new[] { Get("url"), Get("effective") }.OfType<string>().Select(url => GitUrl.Parse(url)).ToList();
        return new PolicySubject(text)
        {
            Plugin = Get("plugin") is { } id ? PluginId.Parse(id) : null,
            Marketplace = urls.Count == 0 && Get("root") is null ? null : new MarketplaceFacts
            {
                Name = Known("name", name => name),
                Identities = [.. urls.Select(url => SourceIdentity.Of(url)!)],
                LocalRoot = Get("root") is { } root ? FileOpsReal(root) : null,
                Scope = Get("scope") ?? "User",
                Ref = Get("ref"),
                SourceText = Get("url") ?? Get("root") ?? "",
                SourceType = urls.Count > 0 ? "git" : "local",
            },
            Source = Get("type") is { } type ? new PluginSourceFacts
            {
                Type = type,
                Identities = Get("surl") is { } address ? [SourceIdentity.Of(GitUrl.Parse(address))!] : [],
                Package = Get("package"),
                Registry = Known<string?>("registry", host => host),
            }
            : null,
            Version = Known<string?>("version", version => version),
            Author = Known<IReadOnlyList<string>>("author", author => [author]),
            License = Known<string?>("license", license => license),
            TreeHash = Known<string?>("tree", hash => hash),
            Commit = Known<string?>("commit", commit => commit == "none" ? null : commit),
            Pin = Known("pin", Enum.Parse<PinLevel>),
            IsPinnedByRecord = Get("exact") == "true",
            Capabilities = facts.Exists(fact => fact.Key == "can")
                ? Fact<IReadOnlyList<CapabilityFacts>>.Of([.. facts.Where(fact => fact is { Key: "can", Value.Length: > 0 })
                    .Select(fact => new CapabilityFacts(Capability(fact.Value.Split(','))))])
                : default,
            IsApprovedBy = Get("approved") is { } approved ? _ => approved == "true" : null,
            FirstSeen = Known("seen", Date),
            CommittedOn = Known("committed", Date),
            HasHiddenText = Known("hidden", hidden => hidden == "true"),
            Size = Known("size", size => (long.Parse(size.Split(',')[0], CultureInfo.InvariantCulture),
                int.Parse(size.Split(',')[1], CultureInfo.InvariantCulture))),
            Findings = Get("findings") is { } findings ? () => findings.Split(',') : null,
            Options = Get("options")?.Split(',') ?? [],
        };
    }

    private string FileOpsReal(string path) => _scratch.Environment().Files.RealPath(path);

    private static Capability Capability(string[] parts) => new()
    {
        Component = parts[0],
        Name = parts[1],
        Event = parts[2].Length > 0 ? parts[2] : null,
        Command = parts.Length > 3 && parts[3].Length > 0 ? parts[3] : null,
        Url = parts.Length > 4 && parts[4].Length > 0 ? parts[4] : null,
        Environment = parts.Length > 5 ? [parts[5]] : [],
        File = "x",
        Hash = Tree,
    };

    [GeneratedRegex(@"(?<key>[a-z]+)=(?<value>.*?)(;(?= [a-z]+=)|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();
}
