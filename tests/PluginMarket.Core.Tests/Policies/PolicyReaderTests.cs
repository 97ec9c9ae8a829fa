using System.Text;
using PluginMarket.Policies;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>A policy that is not understood as a whole is not read in part: it is unreadable, with line and column.</summary>
[Trait("Category", "Fast")]
public sealed class PolicyReaderTests : IDisposable
{
    private const string Head = "{\"format\":1,\"id\":\"corp\",\"revision\":\"1\",\"mode\":\"enforce\"";
    private const string Plugin = "\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"p@m\"}]";
    private const string Rule = "{\"id\":\"R\"," + Plugin + "}";
    private const string Exception = "\"rules\":[\"R\"],\"plugin\":\"p@m\",\"expires\":\"2027-01-01T00:00:00Z\",\"reason\":\"r\",\"approvedBy\":\"b\"";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Rows() => new()
    {
        { "", "" },
        { "[]", "object" },
        { "\uFEFF" + Head + ",\"rules\":[]}", "byte order mark" },
        { Head + ",\"rules\":[]", "" },
        { Head + ",\"rules\":[],\"rules\":[]}", "rules" },
        { Head + ",\"rules\":[],\"extra\":1}", "extra" },
        { Head.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal) + ",\"rules\":[]}", "format" },
        { Head.Replace("\"format\":1", "\"format\":\"1\"", StringComparison.Ordinal) + ",\"rules\":[]}", "format" },
        { Head.Replace("corp", "-corp", StringComparison.Ordinal) + ",\"rules\":[]}", "-corp" },
        { Head.Replace("enforce", "Enforce", StringComparison.Ordinal) + ",\"rules\":[]}", "mode" },
        { Head.Replace("\"1\"", "\"\"", StringComparison.Ordinal) + ",\"rules\":[]}", "revision" },
        { Head + "}", "rules" },
        { Head + ",\"rules\":[" + Rule + "," + Rule + "]}", "Another rule" },
        { Head + ",\"rules\":[1]}", "object" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"signature\",\"effect\":\"require\",\"what\":[\"lock\"]}]}", "does not know" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"advisory\",\"effect\":\"deny\",\"file\":\"a\"}]}", "does not know" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"colour\",\"effect\":\"deny\"}]}", "colour" },
        { Head + ",\"rules\":[{\"id\":\"r\"," + Plugin + "}]}", "capital" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"forbid\",\"match\":[{\"plugin\":\"p@m\"}]}]}", "effect" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"option\",\"effect\":\"allow\",\"options\":[\"Force\"]}]}", "effect" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"option\",\"effect\":\"deny\",\"options\":[\"WhatIf\"]}]}", "WhatIf" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"mode\":\"enforce\"," + Plugin + "}]}", "mode" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"level\":\"ref\"," + Plugin + "}]}", "level" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\"}]}", "match" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[]}]}", "match" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{}]}]}", "match" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"p\"}]}]}", "plugin@marketplace" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"host\":\"h\"}]}]}", "host" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"version\":\"new\"}]}]}", "range" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"host\":\"a?.org\"}]}]}", "'?'" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"url\":\"/opt/x\"}]}]}", "address" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"url\":\"https://h/../x\"}]}]}", "canonical" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"localRoot\":\"x\"}]}]}", "absolute" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"scope\":[\"user\"]}]}]}", "user" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"age\",\"effect\":\"require\",\"minimum\":\"7 days\"}]}", "period" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"age\",\"effect\":\"require\",\"minimum\":\"P\"}]}", "period" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"content\",\"effect\":\"deny\"}]}", "says nothing" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"tool\",\"effect\":\"require\"}]}", "says nothing" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"pin\",\"effect\":\"require\",\"level\":\"sha\"}]}", "level" },
        { Head + ",\"rules\":[{\"id\":\"R\",\"kind\":\"approval\",\"effect\":\"require\",\"file\":\"none.json\",\"sha256\":\"sha256:"
            + new string('0', 64) + "\"}]}", "none.json" },
        { Head + ",\"issued\":\"yesterday\",\"rules\":[]}", "issued" },
        { Head + ",\"rules\":[" + Rule + "],\"exceptions\":[{" + Exception + ",\"version\":\"1\"}]}", "issued" },
        { Head + ",\"issued\":\"2026-01-01T00:00:00Z\",\"rules\":[" + Rule + "],\"exceptions\":[{" + Exception + "}]}", "exact bytes" },
        { Head + ",\"issued\":\"2025-12-30T00:00:00Z\",\"rules\":[" + Rule + "],\"exceptions\":[{" + Exception + ",\"version\":\"1\"}]}", "366" },
        { Head + ",\"issued\":\"2026-06-01T00:00:00Z\",\"rules\":[],\"exceptions\":[{" + Exception + ",\"version\":\"1\"}]}", "no rule 'R'" },
        { Head + ",\"issued\":\"2026-06-01T00:00:00Z\",\"rules\":[" + Rule + "],\"exceptions\":[{"
            + Exception.Replace("p@m", "p@*", StringComparison.Ordinal) + ",\"version\":\"1\"}]}", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_is_not_understood_makes_the_file_unreadable(string text, string said)
    {
        var failure = Assert.Throws<PluginMarketException>(() => Read(text));

        Assert.Equal(MarketErrorCode.PolicyUnreadable, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.True(failure is { Line: >= 1, Column: >= 1, File: not null }, failure.Message);
    }

    [Fact]
    public void What_the_format_allows_is_read()
    {
        var document = Read("{\"$schema\":\"x\",\"x-note\":{\"a\":1},\"format\":1,\"id\":\"corp\",\"revision\":\"1\",\"mode\":\"audit\",\"rules\":[{\"x-a\":1,"
            + "\"id\":\"A-1\"," + Plugin + ",\"mode\":\"audit\",\"reason\":\"r\",\"helpUri\":\"https://x\"}]}");

        Assert.True(document.IsAudit);
        Assert.Equal("A-1", Assert.Single(document.Rules).Id);
    }

    [Fact]
    public void A_file_of_a_gigabyte_is_refused_before_it_is_read()
    {
        using (var file = File.Create(_scratch["big.json"]))
        {
            file.SetLength(1L << 30);
        }

        var environment = _scratch.Environment() with { PolicyPaths = [_scratch["big.json"], _scratch["missing.json"], _scratch.Path] };

        Assert.All(PolicyGate.Open(environment).Layers.Where(layer => layer.Kind == PolicyLayerKind.Command),
            layer => Assert.Equal(MarketErrorCode.PolicyUnreadable, layer.Problem?.Code));
    }

    private PolicyDocument Read(string text) => PolicyReader.Read(Encoding.UTF8.GetBytes(text), _scratch["policy.json"], _scratch.Environment());
}
