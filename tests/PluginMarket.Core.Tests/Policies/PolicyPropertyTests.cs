using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>What holds of every policy and every address; the cases are made from a seed, so that a failure comes again.</summary>
[Trait("Category", "Slow")]
public sealed class PolicyPropertyTests : IDisposable
{
    private const int Cases = 100_000;
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Hosts = ["github.com", "gitlab.com", "git.example.com", "evilgithub.com", "github.com.evil.org", "h.org"];
    private static readonly string[] Paths = ["acme/m", "acme/other", "Acme/M", "acme/sub/m", "a", "x/y/z"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Adding_a_layer_never_allows_more()
    {
        var random = new Random(1);
        var layers = Layers(random, 400);
        for (var i = 0; i < Cases; i++)
        {
            var subject = Subject(random);
            var some = Pick(random, layers, random.Next(3));
            var before = Judge(subject, some).Effect;

            Assert.True(Judge(subject, [.. some, layers[random.Next(layers.Count)]]).Effect >= before, $"case {i}");
        }
    }

    [Fact]
    public void The_order_of_layers_and_rules_has_no_meaning()
    {
        var random = new Random(2);
        var texts = Enumerable.Range(0, 300).Select(_ => Rules(random)).ToList();
        var layers = texts.Select(rules => (Straight: Layer(rules), Reversed: Layer([.. rules.AsEnumerable().Reverse()]))).ToList();
        for (var i = 0; i < Cases; i++)
        {
            var subject = Subject(random);
            var (one, two) = (layers[random.Next(layers.Count)], layers[random.Next(layers.Count)]);

            Assert.Equal(Judge(subject, [one.Straight, two.Straight]).Effect, Judge(subject, [two.Reversed, one.Reversed]).Effect);
        }
    }

    [Fact]
    public void Denying_an_address_refuses_every_spelling_of_it()
    {
        var random = new Random(3);
        var rules = Hosts.SelectMany(host => Paths.Select(path => (Host: host, Path: path, Layer: Layer(
            [$"\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{{\"url\":\"https://{host}/{path}\"}}]"])))).ToList();
        for (var i = 0; i < Cases; i++)
        {
            var (host, path, layer) = rules[random.Next(rules.Count)];
            var spelling = Spell(random, host, path);

            Assert.True(Judge(Of(spelling), [layer]).Effect == PolicyEffect.Denied, $"{spelling} is https://{host}/{path}");
        }
    }

    [Fact]
    public void Nothing_that_allows_a_host_lets_another_one_pass()
    {
        var random = new Random(4);
        var rules = Hosts.Select(host => (Host: host, Layer: Layer(
            [$"\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{{\"host\":\"{host}\"}},{{\"url\":\"https://{host}/**\"}}]"]))).ToList();
        for (var i = 0; i < Cases; i++)
        {
            var (allowed, layer) = rules[random.Next(rules.Count)];
            var host = random.Next(2) == 0 ? Hosts[random.Next(Hosts.Length)] : Mutate(random, allowed);
            var spelling = Spell(random, host, Paths[random.Next(Paths.Length)]);
            var isAllowed = Judge(Of(spelling), [layer]).Effect == PolicyEffect.Allowed;

            Assert.True(isAllowed == host.Equals(allowed, StringComparison.OrdinalIgnoreCase), $"{spelling}: {allowed} is allowed");
        }
    }

    private static string Mutate(Random random, string host)
    {
        var at = random.Next(host.Length + 1);
        return random.Next(3) switch
        {
            0 => host.Insert(at, "a"),
            1 => host + ".evil.org",
            _ => "x" + host,
        };
    }

    private static string Spell(Random random, string host, string path)
    {
        var isFolding = host is "github.com" or "gitlab.com";
        var name = Flip(random, host);
        path = isFolding ? Flip(random, path) : path;
        path = random.Next(4) switch
        {
            0 => path.Replace("/", "//", StringComparison.Ordinal),
            1 => "x/../" + path,
            2 => path.Replace("m", "%6d", StringComparison.Ordinal).Replace("a", "%61", StringComparison.Ordinal),
            _ => path,
        };
        var end = (random.Next(2) == 0 ? ".git" : "") + (random.Next(2) == 0 ? "/" : "");
        return random.Next(4) switch
        {
            0 => $"git@{name}:{path}{end}",
            1 => $"ssh://git@{name}:22/{path}{end}",
            2 => $"HTTPS://{name}:443/{path}{end}",
            _ => $"https://{name}/{path}{end}",
        };
    }

    private static string Flip(Random random, string text) =>
        new([.. text.Select(character => random.Next(3) == 0 ? char.ToUpperInvariant(character) : character)]);

    private static PolicySubject Of(string url) => new(url)
    {
        Marketplace = new MarketplaceFacts { Identities = [SourceIdentity.Of(GitUrl.Parse(url))!], SourceText = url, SourceType = "git" },
    };

    private static PolicySubject Subject(Random random)
    {
        var subject = Of(Spell(random, Hosts[random.Next(Hosts.Length)], Paths[random.Next(Paths.Length)]));
        return subject with
        {
            Plugin = PluginId.Parse($"p{random.Next(4)}@m{random.Next(3)}"),
            Version = random.Next(3) == 0 ? default : Fact<string?>.Of($"{random.Next(3)}.0.0"),
            License = random.Next(3) == 0 ? default : Fact<string?>.Of("MIT"),
            Pin = random.Next(4) == 0 ? default : Fact<PinLevel>.Of((PinLevel)random.Next(4)),
            Options = random.Next(3) == 0 ? ["AllowHttp"] : [],
        };
    }

    private static string[] Rules(Random random) => [.. Enumerable.Range(0, random.Next(5)).Select(_ =>
        (random.Next(6) == 0 ? "\"mode\":\"audit\"," : "") + random.Next(6) switch
        {
            0 => $"\"kind\":\"marketplace\",\"effect\":\"{Side(random)}\",\"match\":[{{\"host\":\"{Hosts[random.Next(Hosts.Length)]}\"}}]",
            1 => $"\"kind\":\"plugin\",\"effect\":\"{Side(random)}\",\"match\":[{{\"plugin\":\"p{random.Next(4)}@*\"}}]",
            2 => $"\"kind\":\"plugin\",\"effect\":\"{Side(random)}\",\"match\":[{{\"version\":\">=1.0.0\"}}]",
            3 => "\"kind\":\"pin\",\"effect\":\"require\",\"level\":\"commit\"",
            4 => "\"kind\":\"option\",\"effect\":\"deny\",\"options\":[\"AllowHttp\"]",
            _ => $"\"kind\":\"plugin\",\"effect\":\"{Side(random)}\",\"match\":[{{\"licenses\":[\"MIT\"]}}]",
        })];

    private static string Side(Random random) => random.Next(2) == 0 ? "allow" : "deny";

    private List<PolicyLayer> Layers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Layer(Rules(random)))];

    private static PolicyLayer[] Pick(Random random, List<PolicyLayer> layers, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => layers[random.Next(layers.Count)])];

    private PolicyLayer Layer(string[] rules)
    {
        var text = PolicyScene.Document(string.Join(",", rules.Select((rule, index) => $"{{\"id\":\"R{index}\",{rule}}}")));
        return new PolicyLayer(PolicyLayerKind.Command, "/policy.json")
        {
            Document = PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes(text), "/policy.json", _scratch.Environment()),
        };
    }

    private static PolicyDecision Judge(PolicySubject subject, PolicyLayer[] layers) =>
        new(subject, [.. layers.SelectMany(layer => layer.Judge(PolicyStage.Publish, subject, Now))]);
}
