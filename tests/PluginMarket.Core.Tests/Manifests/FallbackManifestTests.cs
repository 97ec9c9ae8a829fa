using PluginMarket.Json;
using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 1.8: the manifest made of a catalog entry, as Codex 0.169 wrote it (white space between tokens folded).</summary>
[Trait("Category", "Fast")]
public sealed class FallbackManifestTests
{
    private static FallbackManifest? From(string fields) =>
        FallbackManifest.FromEntry(JsonFile.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"name":"n","source":"./n","policy":{}{{fields}}}"""), "c", MarketErrorCode.CatalogUnreadable).Root);

    [Theory]
    [InlineData(""","category":"C","interface":{"category":"old","displayName":"keep"},"displayName":"new" """, """{"interface":{"category":"C","displayName":"keep"},"displayName":"new","name":"n","category":"C"}""")]
    [InlineData(""","category":"C","interface":"str" """, """{"interface":{"category":"C"},"name":"n","category":"C"}""")]
    [InlineData(""","category":"C","interface":[1]""", """{"interface":{"category":"C"},"name":"n","category":"C"}""")]
    [InlineData(""","category":null,"description":"d" """, """{"description":"d","name":"n"}""")]
    [InlineData(""","category":"","x":1""", """{"x":1,"name":"n","category":""}""")]
    [InlineData(""","category":"C" """, """{"name":"n","category":"C","interface":{"category":"C"}}""")]
    [InlineData(""","displayName":"D" """, """{"displayName":"D","name":"n","interface":{"displayName":"D"}}""")]
    [InlineData(""","interface":null,"displayName":"D" """, """{"interface":{"displayName":"D"},"displayName":"D","name":"n"}""")]
    [InlineData(""","author":{"name":"A"},"homepage":"H","interface":{"websiteURL":"W"}""", """{"author":{"name":"A"},"homepage":"H","interface":{"websiteURL":"W","developerName":"A"},"name":"n"}""")]
    [InlineData(""","author":{"name":"A"},"homepage":"H","displayName":"D","category":"C" """, """{"author":{"name":"A"},"homepage":"H","displayName":"D","name":"n","category":"C","interface":{"displayName":"D","developerName":"A","websiteUrl":"H","category":"C"}}""")]
    [InlineData(""","displayName":"  ","author":{"name":" "},"homepage":"" """, """{"displayName":"  ","author":{"name":" "},"homepage":"","name":"n","interface":{"displayName":"  ","websiteUrl":""}}""")]
    [InlineData(""","author":"s","homepage":5,"x":1E5,"y":1e-5,"z":1.5E+10,"v":2.50,"w":"\b\f\n\r\t\u0001\u007f\/\\" """, """{"author":"s","homepage":5,"x":1e+5,"y":1e-5,"z":1.5e+10,"v":2.50,"w":"\b\f\n\r\t\u0001""" + "\u007F" + """/\\","name":"n"}""")]
    [InlineData(""","e":{},"f":[],"g":[1,{"b":[]}]""", """{"e":{},"f":[],"g":[1,{"b":[]}],"name":"n"}""")]
    public void Unknown_keys_are_kept_and_the_rest_is_added_in_order(string fields, string expected)
    {
        var text = From(fields)!.JsonText;
        Assert.Equal(expected,
            string.Concat(text.Split('\n').Select(l => l.TrimStart(' '))).Replace("\": ", "\":", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_indented_by_two_without_a_final_newline() =>
        Assert.Equal("{\n  \"e\": {},\n  \"g\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"name\": \"n\"\n}",
            From(""","e":{},"g":[1,{"b":[]}]""")!.JsonText);

    [Theory]
    [InlineData("")]
    [InlineData(""","category":null""")]
    public void An_entry_with_typed_keys_only_has_none(string fields) => Assert.Null(From(fields));

    [Fact]
    public void It_counts_only_where_the_plugin_has_no_manifest()
    {
        var fallback = From(""","version":" 1.2 ","description":"from the entry" """);
        var made = new PluginTree().Add("f", "x").Read(fallback);
        Assert.Equal(("n", "1.2", "from the entry", true),
            (made.Manifest!.Name, made.Manifest.InstallVersion, made.Manifest.Description, made.Manifest.IsGenerated));
        Assert.Equal((FallbackManifest.ManifestPath, "1.2"), (made.GeneratedManifest!.Path, fallback!.Version));
        var real = PluginTree.WithManifest("""{"name":"real"}""").Read(fallback);
        Assert.Equal(("real", false, true), (real.Manifest!.Name, real.Manifest.IsGenerated, real.GeneratedManifest is null));
    }

    [Fact]
    public void A_wrong_type_in_it_refuses_the_plugin_not_the_catalog()
    {
        Assert.NotNull(new PluginTree().Read(From(""","version":5,"description":"x" """)).Refusal);
        Assert.NotNull(new PluginTree().Read(From(""","description":7""")).Refusal);
        Assert.NotNull(new PluginTree().Read(From(""","version":" " """)).Refusal);
    }
}
