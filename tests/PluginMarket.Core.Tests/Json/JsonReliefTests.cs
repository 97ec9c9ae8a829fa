using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What we do not read is told apart by whether Codex reads it (asked of Codex by the interop tests), and hides no other
/// fault of the file.</summary>
[Trait("Category", "Fast")]
public sealed class JsonReliefTests
{
    private const string Catalog = """{"name":"m","interface":{"x":@},"plugins":[{"name":"p","source":"./p"}],"x":@}""";
    private const string Entry = """{"name":"m","plugins":[{"name":"p","source":"./p","x":@}]}""";
    private const string Policy = """{"name":"m","plugins":[{"name":"p","source":"./p","policy":{"x":@}}]}""";
    private const string Source = """{"name":"m","plugins":[{"name":"p","source":{"source":"local","path":"./p","x":@}}]}""";

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (text, surrogate, deep) in ((string, string, string)[])[(Catalog, "JsonText", "JsonLimit"),
            (Policy, "JsonText", "JsonLimit"), (Entry, "JsonRefused", "JsonRefused"), (Source, "JsonRefused", "JsonRefused")])
        {
            rows.Add(text, "\"\\ud800\"", surrogate);
            rows.Add(text, "{\"a\\udc00\":[1]}", surrogate == "JsonText" ? "JsonText" : "JsonRefused");
            rows.Add(text, "1e999", "JsonText");
            rows.Add(text, Nested(70), "JsonLimit");
            rows.Add(text, Nested(300), deep);
            rows.Add(text, "\"" + new string('x', 70_000) + "\"", "JsonLimit");
        }

        rows.Add(Entry, Nested(124), "JsonLimit");
        rows.Add(Entry, Nested(125), "JsonRefused");
        rows.Add(Catalog, new string('[', 200), "JsonRefused");
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_catalog_is_refused_by_Codex_where_Codex_reads_the_value(string text, string value, string kind)
    {
        var utf8 = Encoding.UTF8.GetBytes(text.Replace("@", value, StringComparison.Ordinal));

        var outcome = JsonRefusal.Judge(Failure(utf8), utf8, Limits.Default, CatalogKeys.Shape);

        Assert.Equal(kind, outcome.Kind);
        Assert.Equal(value.EndsWith('[') ? null : utf8.Length, outcome.Relieved?.Length);
    }

    [Theory]
    [InlineData("license", "JsonText")]
    [InlineData("zzz", "JsonText")]
    [InlineData("description", "JsonRefused")]
    [InlineData("hooks", "JsonRefused")]
    [InlineData("extensions", "JsonRefused")]
    public void A_manifest_is_refused_by_Codex_where_Codex_reads_the_key(string key, string kind)
    {
        var utf8 = Encoding.UTF8.GetBytes($$"""{"name":"p","{{key}}":{"x":"\ud800"} }""");

        Assert.Equal(kind, JsonRefusal.Judge(Failure(utf8), utf8, Limits.Default, TypedManifestKeys.Shape).Kind);
    }

    [Fact]
    public void What_is_replaced_leaves_the_rest_in_its_place()
    {
        var utf8 = Encoding.UTF8.GetBytes($$"""{"a":{{Nested(70)}},"b":"x\ud800y","c":5}""");
        var failure = Failure(utf8);

        var relieved = JsonFile.Parse(JsonRefusal.Judge(failure, utf8, Limits.Default, TypedManifestKeys.Shape).Relieved!, "m",
            MarketErrorCode.ManifestInvalid);

        Assert.Equal("x?y", relieved.Root["b"]!.GetString());
        Assert.Equal(utf8.AsSpan().IndexOf("5}"u8), relieved.Root["c"]!.Start);
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static PluginMarketException Failure(byte[] utf8) => Assert.Throws<PluginMarketException>(
        () => JsonFile.Parse(utf8, "m", MarketErrorCode.CatalogUnreadable, tolerateDuplicates: true));
}
