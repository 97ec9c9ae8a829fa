using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.6: apps.</summary>
[Trait("Category", "Fast")]
public sealed class AppTests
{
    [Theory]
    [InlineData("""{"apps":{"a":{"id":"c1","category":" X "},"b":{"id":" "},"c":{"id":"c2","category":null,"other":1}}}""", "a=c1/X c=c2/")]
    [InlineData("""{"apps":{"a":{"id":"c1"},"b":{}}}""", "")]
    [InlineData("""{"apps":{"a":{"id":"c1","category":5}}}""", "")]
    [InlineData("""{"a":{"id":"c1"}}""", "")]
    [InlineData("""{"apps":[]}""", "")]
    [InlineData("broken", "")]
    public void One_app_without_an_id_breaks_the_file(string file, string apps) =>
        Assert.Equal(apps, string.Join(' ',
            PluginTree.WithManifest("{}").Add(".app.json", file).ReadManifest().Apps.Select(a => $"{a.Name}={a.Id}/{a.Category}")));

    [Theory]
    [InlineData("\"./x.json\"", "named")]
    [InlineData("\"x.json\"", "default")]
    [InlineData("\"./missing.json\"", "")]
    [InlineData("null", "default")]
    public void The_manifest_may_name_the_file(string value, string name)
    {
        var manifest = PluginTree.WithManifest($$"""{"apps":{{value}}}""").Add("x.json", """{"apps":{"named":{"id":"i"}}}""")
            .Add(".app.json", """{"apps":{"default":{"id":"i"}}}""").ReadManifest();
        Assert.Equal(name, manifest.Apps.SingleOrDefault()?.Name ?? "");
        Assert.Equal(name.Length > 0, manifest.Components.Contains("App"));
    }
}
