using System.Text;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using PluginMarket.Validation.Repairs;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>A repaired file differs from the old one at its findings only, the rules find nothing more there, and a second repair does
/// nothing.</summary>
[Trait("Category", "Fast")]
public sealed class RepairTests : IDisposable
{
    private const string Catalog = ".agents/plugins/marketplace.json";

    // Each fault with the text that it replaces, where that is in the catalog or the manifest of a good marketplace.
    private static readonly (string Rule, string File, string Good, string Faulty)[] Faults =
    [
        ("PM0102", Catalog, "", "\uFEFF"),
        ("PM1101", Catalog, "\"AVAILABLE\"", "\"Available\""),
        ("PM1102", Catalog, "\"ON_USE\"", "\"on_use\""),
        ("PM1103", Catalog, "[\"CODEX\"]", "[\"Codex\"]"),
        ("PM1201", Catalog, "\"local\"", "\"Local\""),
        ("PM1203", Catalog, "\"./plugins/kit\"", "\"plugins/kit\""),
        ("PM0103", Catalog, "\"corp\"", "\"corp\" , \"name\":\"corp\""),
        ("PM0104", Catalog, "\"Dev\"", "\"Dev\",\n\t\t\"x\": [1, 2],   \"x\": [1,2]"),
        ("PM0102", "plugins/kit/.codex-plugin/plugin.json", "", "\uFEFF"),
        ("PM0103", "plugins/kit/.codex-plugin/plugin.json", "\"1.0.0\"", "\"1.0.0\",\"version\" : \"1.0.0\""),
        ("PM0401", "plugins/kit/.codex-plugin/plugin.json", "\"./skills\"", "\"skills\""),
        ("PM0401", "plugins/kit/.codex-plugin/plugin.json", "\"./logo.png\"", "\"logo.png\""),
        ("PM0802", "plugins/kit/hooks/hooks.json", "\"SessionStart\"", "\"sessionStart\""),
        ("PM0801", "plugins/kit/hooks/hooks.json", "\"command\",", "\"Command\","),
        ("PM0812", "plugins/kit/run.sh", "\n", "\r\n"),
    ];

    private static readonly Dictionary<string, string> Good = new(StringComparer.Ordinal)
    {
        [Catalog] = "{\n\t\"name\":\"corp\",\n\t\"plugins\": [ {\"name\": \"kit\", \"source\": {\"source\": \"local\", \"path\": \"./plugins/kit\"},\r\n"
            + "\t\t\"policy\": {\"installation\": \"AVAILABLE\", \"authentication\":\"ON_USE\", \"products\": [\"CODEX\"]}, \"category\": \"Dev\"} ]\n}",
        ["plugins/kit/.codex-plugin/plugin.json"] = "{ \"name\": \"kit\", \"version\": \"1.0.0\",\n    \"description\": \"Shows things \\u0026 more.\",\n"
            + "    \"skills\": \"./skills\", \"interface\": {\"displayName\":\"Kit\", \"shortDescription\": \"x\", \"logo\": \"./logo.png\"} }\n",
        ["plugins/kit/hooks/hooks.json"] = "{\"hooks\":{\"SessionStart\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"sh \\\"${PLUGIN_ROOT}/run.sh\\\"\"}]}]}}",
        ["plugins/kit/run.sh"] = "#!/bin/sh\necho done\n",
        ["plugins/kit/logo.png"] = "x",
        ["plugins/kit/skills/s/SKILL.md"] = "---\nname: s\ndescription: Does it.\n---\nDo it.\n",
    };

    private readonly ScratchFolder _scratch = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Repair_returns_the_good_file_whatever_was_wrong(int seed)
    {
        // The first seeds are one fault each, the others some together.
        var random = new Random(seed);
        var chosen = seed < Faults.Length ? [Faults[seed]] : Faults.Where(_ => random.Next(3) == 0).ToArray();
        foreach (var (path, text) in Good)
        {
            var faulty = chosen.Where(fault => fault.File == path).Aggregate(text, (made, fault) => fault.Good.Length == 0
                ? fault.Faulty + made : made.Replace(fault.Good, fault.Faulty, StringComparison.Ordinal));
            _scratch.Write("m/" + path, Encoding.UTF8.GetBytes(faulty));
        }

        var environment = _scratch.Environment();
        var request = new ValidationRequest { Paths = [_scratch["m"]], Recurse = true };
        if (chosen.Length == 1)
        {
            // Of several, one can hide another: the repair takes its turns.
            Assert.Contains(chosen[0].Rule, await RulesAsync(environment, request));
        }

        var repair = new RepairFiles(environment);
        var before = ScratchFolder.Inventory(_scratch["m"]);
        var plan = repair.Plan(request);
        Assert.Equal(before, ScratchFolder.Inventory(_scratch["m"]));
        var done = plan.Repairs.Select(repair.Apply).ToList();

        Assert.Equal(chosen.Select(fault => fault.File).Distinct().Order(StringComparer.Ordinal),
            done.Select(one => Path.GetRelativePath(_scratch["m"], one.Path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal(chosen.Select(fault => fault.Rule).Distinct().Order(StringComparer.Ordinal),
            done.SelectMany(one => one.Edits).Select(edit => edit.RuleId).Distinct().Order(StringComparer.Ordinal));
        foreach (var (path, text) in Good)
        {
            // A key that Codex does not read and that was given twice is there once.
            var expected = path == Catalog && chosen.Any(fault => fault.Rule == "PM0104")
                ? text.Replace("\"Dev\"", "\"Dev\",\n\t\t\"x\": [1, 2]", StringComparison.Ordinal) : text;
            Assert.Equal(expected, File.ReadAllText(_scratch["m/" + path]));
        }

        var rules = await RulesAsync(environment, request);
        Assert.DoesNotContain(rules, rule => chosen.Any(fault => fault.Rule == rule));
        Assert.Empty(repair.Plan(request).Repairs);
    }

    [Theory]
    [InlineData("""{"name":"kit","version":"1.0.0","version":"2.0.0"}""")]
    [InlineData("""{"name":"kit","skills":"none"}""")]
    [InlineData("""{"name":"kit",}""")]
    [InlineData("""{"name":"kit","hooks":{"hooks":{"sessionStart":[],"SessionStart":[]}}}""")]
    public void What_has_no_one_right_text_stays(string manifest)
    {
        _scratch.Write("kit/.codex-plugin/plugin.json", manifest);
        var plan = new RepairFiles(_scratch.Environment()).Plan(new ValidationRequest { Paths = [_scratch["kit"]] });

        Assert.Equal((0, 1), (plan.Repairs.Count, plan.Checked));
    }

    [Fact]
    public void A_script_that_a_hook_calls_by_its_path_gets_the_mark_for_those_who_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such mark.");
            return;
        }

        _scratch.Write("kit/.codex-plugin/plugin.json", """{"name":"kit"}""");
        _scratch.Write("kit/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"\"${PLUGIN_ROOT}/run.sh\""}]}]}}""");
        var script = _scratch.Write("kit/run.sh", "#!/bin/sh\r\necho done\r\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var repair = new RepairFiles(_scratch.Environment());
        var request = new ValidationRequest { Paths = [_scratch["kit"]] };

        var done = repair.Apply(Assert.Single(repair.Plan(request).Repairs));

        Assert.Equal(2, done.Edits.Length);
        Assert.Equal("#!/bin/sh\necho done\n", File.ReadAllText(script));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute, File.GetUnixFileMode(script));
        Assert.Empty(repair.Plan(request).Repairs);
    }

    [Fact]
    public void A_file_that_was_changed_in_the_meantime_stays_as_it_is()
    {
        var manifest = _scratch.Write("kit/.codex-plugin/plugin.json", "\uFEFF{\"name\":\"kit\"}");
        var repair = new RepairFiles(_scratch.Environment());
        var planned = Assert.Single(repair.Plan(new ValidationRequest { Paths = [_scratch["kit"]] }).Repairs);
        File.WriteAllText(manifest, "{\"name\":\"other\"}");

        Assert.Equal(MarketErrorCode.SourceChanged, Assert.Throws<PluginMarketException>(() => repair.Apply(planned)).Code);
        Assert.Equal("{\"name\":\"other\"}", File.ReadAllText(manifest));
    }

    private static async Task<HashSet<string>> RulesAsync(MarketEnvironment environment, ValidationRequest request)
    {
        var marketplaces = await new Validator(environment).CheckMarketplacesAsync(request);
        return [.. marketplaces.Results.Concat(new Validator(environment).CheckPlugins(request).Results)
            .SelectMany(result => result.Diagnostics).Select(finding => finding.RuleId)];
    }
}
