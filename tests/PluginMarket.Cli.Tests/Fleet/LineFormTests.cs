using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>The line form over 200 states of a home, each compared with what the JSON form of the same command says.</summary>
[Trait("Category", "Slow")]
public sealed partial class LineFormTests
{
    private const int States = 200;
    private static readonly string[] Plugins = ["alpha", "beta", "gamma", "delta"];

    [Fact]
    public void Two_hundred_states_have_one_line_each_which_says_what_the_JSON_form_says()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", [.. Plugins, "extra"]);
        cli.Marketplace("spare", "extra");
        cli.Write("deny.json", """
            {"format":1,"id":"corp","revision":"1","mode":"enforce",
             "rules":[{"id":"NO-GAMMA","kind":"plugin","effect":"deny","match":[{"plugin":"gamma@*"}]}]}
            """);
        var words = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < States; seed++)
        {
            var random = new Random(seed);
            cli.Write("state.json", State(random, seed));
            Disturb(cli, random);

            var drift = cli.Run("drift", "--against", "state.json", "--format", "line");
            var compared = cli.Json("drift", "--against", "state.json");
            CheckDrift(drift, compared, seed);
            string[] command = ["apply", "--file", "state.json", .. seed % 4 == 0 ? (string[])["--policy", "deny.json"] : []];
            var check = cli.Run([.. command, "--check", "--format", "line"]);
            CheckApply(check, cli.Json([.. command, "--check"]), seed);
            var apply = cli.Run([.. command, "--format", "line"]);
            var done = Read(apply, seed);
            if (Read(check, seed) is var planned && check.ExitCode is 0 or 3)
            {
                // The order is that in which plugins were ready.
                Assert.Equal((planned.Groups["word"].Value.Replace("DRIFT", "CHANGED", StringComparison.Ordinal),
                    planned.Groups["drift"].Value, planned.Groups["changed"].Value, planned.Groups["skipped"].Value),
                    (done.Groups["word"].Value, done.Groups["changed"].Value, done.Groups["drift"].Value, done.Groups["skipped"].Value));
                Assert.Equal(Items(planned), Items(done));
            }

            foreach (var line in new[] { drift, check, apply })
            {
                var word = line.Output.Split(' ')[0];
                words[word] = words.GetValueOrDefault(word) + 1;
            }
        }

        // Every word occurs.
        Assert.Equal(["CHANGED", "DRIFT", "FAILED", "OK", "REFUSED"], words.Keys);
    }

    [GeneratedRegex(@"^(?<word>OK|DRIFT|CHANGED|FAILED|REFUSED)( code=(?<code>\w+))? dev@(?<revision>\S+) plugins=(?<plugins>\d+) "
        + @"changed=(?<changed>\d+) drift=(?<drift>\d+) unknown=(?<unknown>\d+)( skipped=(?<skipped>\d+))?( failed=(?<failed>\d+))?"
        + @"(?<items>( \w+:\S+)*)( \+(?<more>\d+))?\n$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    private static Match Read((int ExitCode, string Output, string Error) run, int seed)
    {
        Assert.Equal("", run.Error);
        Assert.InRange(run.Output.Length, 1, 2001);
        Assert.DoesNotContain(run.Output[..^1], c => c is < ' ' or > '~');
        var line = Form().Match(run.Output);
        Assert.True(line.Success, $"{seed}: {run.Output}");
        return line;
    }

    private static void CheckDrift((int ExitCode, string Output, string Error) run, JsonElement json, int seed)
    {
        var line = Read(run, seed);
        var found = json.GetProperty("drift").EnumerateArray().ToList();
        var unknown = found.Count(drift => Text(drift, "kind") is "Unverified" or "NoReport" or "StaleReport" or "BrokenReport"
            or "HomeUnreadable");
        Assert.Equal(json.GetProperty("inSync").GetBoolean() ? ("OK", 0) : ("DRIFT", 3), (line.Groups["word"].Value, run.ExitCode));
        Assert.Equal(("0", $"{found.Count - unknown}", $"{unknown}"),
            (line.Groups["changed"].Value, line.Groups["drift"].Value, line.Groups["unknown"].Value));
        Assert.Equal(found.Select(drift => $"{Text(drift, "kind")}:{Text(drift, "subject")}").Order(StringComparer.Ordinal), Items(line));
        if (found.Exists(drift => Text(drift, "severity") == "Error"))
        {
            // The gravest first.
            var first = line.Groups["items"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            Assert.Contains(found, drift => $"{Text(drift, "kind")}:{Text(drift, "subject")}" == first && Text(drift, "severity") == "Error");
        }
    }

    private static void CheckApply((int ExitCode, string Output, string Error) run, JsonElement json, int seed)
    {
        var line = Read(run, seed);
        var items = json.GetProperty("items").EnumerateArray().ToList();
        var failed = items.Where(item => Text(item, "error") is not null).ToList();
        var changes = items.Where(item => Text(item, "planned") != "None"
            && Text(item, "status") is not ("Unchanged" or "Skipped" or "Failed")).ToList();
        var skipped = items.Count(item => Text(item, "status") == "Skipped");
        var word = failed.Count > 0 ? failed.TrueForAll(item => Text(item, "error") == "PolicyDenied") ? "REFUSED" : "FAILED"
            : changes.Count > 0 ? "DRIFT" : "OK";
        Assert.Equal(word, line.Groups["word"].Value);
        Assert.Equal(failed.Count > 0 ? Text(failed[0], "error") : "", line.Groups["code"].Value);
        var ids = items.Select(item => Text(item, "id")!).Where(id => id.Contains('@', StringComparison.Ordinal));
        Assert.Equal(($"{ids.Distinct().Count()}", "0", $"{changes.Count}", "0"),
            (line.Groups["plugins"].Value, line.Groups["changed"].Value, line.Groups["drift"].Value, line.Groups["unknown"].Value));
        Assert.Equal((skipped > 0 ? $"{skipped}" : "", failed.Count > 0 ? $"{failed.Count}" : ""),
            (line.Groups["skipped"].Value, line.Groups["failed"].Value));
        Assert.Equal(failed.Select(item => $"{Text(item, "error")}:{Text(item, "id")}")
            .Concat(changes.Select(item => $"{Text(item, "planned")}:{Text(item, "id")}")).Order(StringComparer.Ordinal), Items(line));
    }

    private static IEnumerable<string> Items(Match line) =>
        line.Groups["items"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static string State(Random random, int seed)
    {
        var plugins = new JsonArray();
        foreach (var plugin in Plugins.Where((_, place) => random.Next(4) > 0 || place == 0))
        {
            var wanted = new JsonObject { ["id"] = $"{plugin}@tools" };
            switch (random.Next(6))
            {
                case 0: wanted["enabled"] = false; break;
                case 1: wanted["version"] = "1.0.0"; break;
                case 2: wanted["hold"] = "CHG-1"; break;
                case 3: wanted["exist"] = false; break;
            }

            plugins.Add(wanted);
        }

        if (random.Next(8) == 0)
        {
            plugins.Add(new JsonObject { ["id"] = "gone@tools" });
        }

        return new JsonObject
        {
            ["format"] = 1,
            ["id"] = "dev",
            ["revision"] = seed % 5 == 0 ? $"r\u00e9v-{seed}" : $"{seed}",
            ["marketplaces"] = new JsonObject { ["tools"] = new JsonObject { ["source"] = "./tools" } },
            ["plugins"] = plugins,
            ["unlisted"] = new[] { "ignore", "report", "disable", "remove" }[random.Next(4)],
        }.ToJsonString();
    }

    // What people do to a home between two runs.
    private static void Disturb(CliRun cli, Random random)
    {
        for (var times = random.Next(4); times > 0; times--)
        {
            var plugin = $"{Plugins[random.Next(Plugins.Length)]}@tools";
            string[] command = random.Next(6) switch
            {
                0 => ["enable", plugin],
                1 => ["disable", plugin],
                2 => ["remove", plugin],
                3 => ["add", "extra@tools"],
                4 => ["hold", plugin, "--note", "mine"],
                _ => ["marketplace", "add", Path.Join(cli.Folder, "spare")],
            };
            cli.Run(command);
        }
    }
}
