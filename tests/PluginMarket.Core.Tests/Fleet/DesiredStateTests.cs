using System.Text;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Desired states: what is one, what is not and where, and which variant counts on a machine.</summary>
[Trait("Category", "Fast")]
public sealed class DesiredStateTests
{
    private const string Head = """{"format":1,"id":"dev","revision":"1",""";

    [Theory]
    [InlineData("""^{"id":"dev","revision":"1"}""")]
    [InlineData("""{"format":^2,"id":"dev","revision":"1"}""")]
    [InlineData("""{"format":1,"id":^"de v","revision":"1"}""")]
    [InlineData("""{"format":1,"id":"dev","revision":^""}""")]
    [InlineData(Head + "\"plugin\":^[]}")]
    [InlineData(Head + "\n  \"plugins\": [ {\"id\": \"a@m\", \"enabeld\": ^false} ]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":^\"a\"}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"version\":^\"not a version !\"}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"commit\":^\"abc\"}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"treeHash\":^\"sha256:a\"}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"enabled\":^\"no\"}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"when\":{\"os\":[^\"linux\"]}}]}")]
    [InlineData(Head + "\"plugins\":[{\"id\":\"a@m\",\"when\":{\"percent\":^101}}]}")]
    [InlineData(Head + "\"plugins\":^{}}")]
    [InlineData(Head + "\"marketplaces\":{\"m\":{\"ref\":^\"x\"}}}")]
    [InlineData(Head + "\"marketplaces\":{\"m\":{\"source\":^\"https://u:p@h/x\"}}}")]
    [InlineData(Head + "\"unlisted\":^\"delete\"}")]
    [InlineData(Head + "\"unlistedMarketplaces\":^\"disable\"}")]
    [InlineData(Head + "^\"id\":\"twice\"}")]
    public void What_is_not_a_state_is_refused_at_its_place(string marked)
    {
        using var home = new TestHome();
        var at = marked.IndexOf('^', StringComparison.Ordinal);
        var (line, column) = (marked[..at].Count(c => c == '\n') + 1, at - marked[..at].LastIndexOf('\n'));

        var failure = Assert.Throws<PluginMarketException>(() => Parse(home, marked.Remove(at, 1)));

        Assert.Equal((MarketErrorCode.StateFileUnreadable, line, column), (failure.Code, failure.Line, failure.Column));
        Assert.Equal("state.json", failure.File);
    }

    [Theory]
    [InlineData("""  "plugins":[{"id":"a@m"},{"id":"a@m"}]}""")]
    [InlineData("""  "plugins":[{"id":"a@m"},{"id":"a@m","when":{"percent":1}}]}""")]
    [InlineData("""  "plugins":[{"id":"a@m","exist":false,"version":"1.0.0"}]}""")]
    [InlineData("""  "plugins":[],"unlisted":"remove"}""")]
    [InlineData("""  "unlisted":"remove"}""")]
    [InlineData("""  "plugins":[{"id":"a@m","exist":false}],"unlisted":"remove"}""")]
    public void What_contradicts_itself_or_would_empty_homes_is_a_conflict(string rest)
    {
        using var home = new TestHome();

        Assert.Equal(MarketErrorCode.StateFileConflict, Assert.Throws<PluginMarketException>(() => Parse(home, Head + rest)).Code);
    }

    [Fact]
    public void A_lock_file_counts_only_with_its_digest()
    {
        using var home = new TestHome();
        var folder = home.Scratch.MakeFolder("state");
        File.WriteAllText(Path.Join(folder, "plugins.lock.json"), """{"format":1,"plugins":[]}""");
        var digest = TreeDigest.OfBytes(File.ReadAllBytes(Path.Join(folder, "plugins.lock.json")));
        string Json(string sha256) => Head + $"\"lockFile\":{{\"path\":\"plugins.lock.json\",\"sha256\":\"{sha256}\"}}}}";

        Assert.NotNull(DesiredStateFile.Parse(home.Environment, Encoding.UTF8.GetBytes(Json(digest)), "state.json", folder).LockFile);
        var failure = Assert.Throws<PluginMarketException>(() => DesiredStateFile.Parse(home.Environment,
            Encoding.UTF8.GetBytes(Json("sha256:" + new string('b', 64))), "state.json", folder));
        Assert.Equal(MarketErrorCode.StateFileUnreadable, failure.Code);
        Assert.Contains(digest, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_file_says_the_same_as_json()
    {
        using var home = new TestHome();
        const string json = """
            {"format":1,"id":"dev","revision":"it's 1","marketplaces":{"corp":{"source":"https://git.example.com/a.git","ref":"main"}},
             "plugins":[{"id":"a@corp","when":{"percent":10,"os":["Linux"]},"version":"^2.0.0"},{"id":"a@corp","enabled":false}],
             "defaults":["corp"],"unlisted":"disable","protect":["*@openai-*"]}
            """;
        const string data = """
            # what every machine has
            @{
                format = 1; id = "dev"
                'revision' = 'it''s 1'
                marketplaces = @{ corp = @{ source = 'https://git.example.com/a.git'; ref = 'main' } }
                <# two variants #>
                plugins = @(
                    @{ id = 'a@corp'; when = @{ percent = 10; os = @('Linux') }; version = '^2.0.0' }
                    @{ id = 'a@corp'
                       enabled = $False }
                )
                defaults = @('corp'); unlisted = 'disable'; protect = @('*@openai-*')
            }
            """;
        home.Scratch.Write("state.json", json);
        home.Scratch.Write("state.psd1", data);

        var (one, other) = (DesiredStateFile.Read(home.Environment, home.Scratch["state.json"]),
            DesiredStateFile.Read(home.Environment, home.Scratch["state.psd1"]));

        Assert.Equal(Describe(one), Describe(other));
        Assert.Equal("it's 1", other.Revision);
        Assert.False(other.Plugins[1].Enabled);

        string Describe(DesiredState state) => string.Join('\n', state.Marketplaces.Select(market => $"{market.Name} {market.Source} {market.Ref}")
            .Concat(state.Plugins.Select(plugin => $"{plugin.Id} {plugin.Version} {plugin.Enabled} {plugin.When?.Percent} "
                + string.Join(',', plugin.When?.Os ?? [])))
            .Concat([state.Unlisted.ToString(), .. state.Defaults, .. state.Protect]));
    }

    [Theory]
    [InlineData("@{ id = \"$(Get-Date)\" }", 1, 9)]
    [InlineData("@{\n  id = Get-Date\n}", 2, 8)]
    [InlineData("@{\n  id = $env:USER\n}", 2, 8)]
    [InlineData("@{ id = 'a'\n   id = 'b' }", 2, 4)]
    [InlineData("@{ id = 'a", 1, 11)]
    [InlineData("@{ id = @('a' 'b') }", 1, 15)]
    [InlineData("@{ id = 'a' revision = 'b' }", 1, 13)]
    [InlineData("@{ id = 'a' } ; Remove-Item x", 1, 15)]
    [InlineData("@{ id = 'a'", 1, 12)]
    [InlineData("'a'", 1, 1)]
    [InlineData("@{\n format = 1\n id = 'a'\n revision = '1'\n plugins = @(\n  @{ id = 'a@m'; versoin = '1' } ) }", 6, 28)]
    public void What_has_to_run_in_a_data_file_is_refused_at_its_place(string data, int line, int column)
    {
        using var home = new TestHome();
        home.Scratch.Write("state.psd1", data);

        var failure = Assert.Throws<PluginMarketException>(() => DesiredStateFile.Read(home.Environment, home.Scratch["state.psd1"]));

        Assert.Equal((MarketErrorCode.StateFileUnreadable, line), (failure.Code, failure.Line));
        Assert.InRange(failure.Column ?? 0, column - 2, column + 2);
    }

    [Fact]
    public void The_first_variant_that_fits_counts()
    {
        using var home = new TestHome();
        var state = Parse(home, Head + """
            "plugins":[
              {"id":"a@m","when":{"os":["Windows"]},"version":"1.0.0"},
              {"id":"a@m","when":{"computer":["build*"],"user":["ci"]},"version":"2.0.0"},
              {"id":"a@m","version":"3.0.0"},
              {"id":"b@m","when":{"os":["Windows"]}}]}
            """);
        string? Of(string os, string computer, string user) =>
            state.PluginsOn(new MachineFacts(os, computer, user, null)).FirstOrDefault(plugin => plugin.Id.Plugin.Value == "a")?.Version?.Text;

        Assert.Equal("1.0.0", Of("Windows", "build01", "ci"));
        Assert.Equal("2.0.0", Of("Linux", "BUILD01", "ci"));
        Assert.Equal("3.0.0", Of("Linux", "build01", "dev"));
        Assert.Equal("3.0.0", Of("Linux", "laptop", "ci"));
        Assert.Single(state.PluginsOn(new MachineFacts("Linux", "x", "y", null)));
        Assert.Equal(2, state.PluginsOn(new MachineFacts("Windows", "x", "y", null)).Count);
    }

    [Fact]
    public void A_percentage_is_that_share_of_machines_and_raising_it_keeps_those_that_are_in()
    {
        var machines = Enumerable.Range(0, 10_000).Select(number => MachineIdentity.Of($"machine {number}")).ToList();
        var plugin = PluginId.Parse("a@m");
        HashSet<string> In(int percent) => [.. machines.Where(machine =>
            new StateCondition { Percent = percent }.Fits(new MachineFacts("Linux", "c", "u", machine), "dev", plugin))];

        var (none, ten, half, all) = (In(0), In(10), In(50), In(100));

        Assert.Empty(none);
        Assert.InRange(ten.Count, 900, 1100);
        Assert.InRange(half.Count, 4800, 5200);
        Assert.Equal(10_000, all.Count);
        Assert.Superset(ten, half);
        Assert.False(new StateCondition { Percent = 100 }.Fits(new MachineFacts("Linux", "c", "u", null), "dev", plugin));
    }

    private static DesiredState Parse(TestHome home, string json) =>
        DesiredStateFile.Parse(home.Environment, Encoding.UTF8.GetBytes(json), "state.json", home.Scratch.Path);
}
