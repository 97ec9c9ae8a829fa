using System.Diagnostics;
using System.Globalization;
using PluginMarket.Policies;
using PluginMarket.Sources;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>What policies cost: a decision about one plugin, and a listing that says of each plugin whether it is allowed.</summary>
internal static class PolicyJobs
{
    private const int Rules = 200;

    public static void Decide(Bench bench)
    {
        Decisions(bench);
        Listing(bench);
    }

    private static void Decisions(Bench bench)
    {
        var plugins = bench.Size(10_000);
        var file = bench.Scratch.Write("policy/policy.json", Policy("https://git.example.com/acme/catalog"));
        var home = bench.Scratch["policy/home"];
        var environment = MarketEnvironment.FromProcess(Path.Join(home, ".codex"), home, home, SilentActivityLog.Instance);
        var gate = PolicyGate.OfFile(environment, file);
        var marketplace = new MarketplaceFacts
        {
            Name = Fact<string>.Of("corp"),
            Identities = [SourceIdentity.Parse("https://git.example.com/acme/catalog", out _)!],
            SourceType = "git",
            SourceText = "https://git.example.com/acme/catalog",
        };
        var subjects = Enumerable.Range(0, plugins).Select(number => new PolicySubject($"'plugin-{number}@corp'")
        {
            Plugin = PluginId.Parse($"plugin-{number}@corp"),
            Marketplace = marketplace,
            Version = Fact<string?>.Of("1.2.3"),
            TreeHash = Fact<string?>.Of("sha256:" + new string('a', 64)),
            Commit = Fact<string?>.Of(null),
            Capabilities = Fact<IReadOnlyList<CapabilityFacts>>.Of([]),
        }).ToList();
        for (var run = 0; run <= bench.Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            var refused = subjects.Count(subject => gate.Judge(PolicyStage.Publish, subject).Effect != PolicyEffect.Allowed);
            var each = watch.Elapsed.TotalMicroseconds / plugins;
            Bench.Demand(refused, Math.Min(plugins, Rules / 2), "plugins that are refused");

            // The first run compiles the code.
            if (run > 0)
            {
                bench.Value("policy-decision", each);
            }
        }
    }

    private static void Listing(Bench bench)
    {
        var plugins = bench.Size(10_000);
        var root = Markets.Local(bench.Scratch["policy-market"], "corp", plugins);
        var home = Markets.Home(bench.Scratch["policy-home"], ("corp", root));
        var file = bench.Scratch.Write("policy/local.json", Policy(null, root));
        var with = $"{bench.Programs.Cli} list --available --json --policy {file} > /dev/null";
        var without = $"{bench.Programs.Cli} list --available --json > /dev/null";
        Bench.Time(home, with);
        for (var run = 0; run < bench.Runs; run++)
        {
            var plain = Bench.Time(home, without);
            bench.Pair("policy-list", Bench.Time(home, with), plain);
        }
    }

    private static string Policy(string? url, string? folder = null)
    {
        var place = url is null ? $"\"localRoot\":\"{folder}\"" : $"\"url\":\"{url}\"";
        var denied = Enumerable.Range(0, Rules / 2).Select(number => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":\"DENY-{number}\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{{\"plugin\":\"plugin-{number}@*\"}}]}}"));
        var versions = Enumerable.Range(0, Rules / 4).Select(number => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":\"VERSION-{number}\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":"
                + $"[{{\"plugin\":\"old-{number}-*@corp\",\"version\":\"<1.0.{number}\"}}]}}"));
        var places = Enumerable.Range(0, (Rules / 4) - 1).Select(number => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":\"PLACE-{number}\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":"
                + $"[{{\"host\":\"h{number}.example.org\"}}]}}"));
        return "{\"format\":1,\"id\":\"corp\",\"revision\":\"1\",\"mode\":\"enforce\",\"rules\":["
            + $"{{\"id\":\"ALLOW\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{{{place}}}]}},"
            + string.Join(',', denied.Concat(versions).Concat(places)) + "]}";
    }
}
