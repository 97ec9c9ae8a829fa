using System.Text.Json.Nodes;
using PluginMarket.TestKit;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace PluginMarket.Cli.Tests;

/// <summary>The sample of a configuration for DSC: valid against the schemas of the resources, and run in its order.</summary>
[Trait("Category", "Fast")]
public sealed class DscConfigurationTests
{
    private static readonly string[] Keys = ["name", "type", "dependsOn", "properties"];
    private static readonly string Sample =
        Path.Join(RepositoryRoot.Path, "docs", "samples", "fleet", "dsc", "plugins.dsc.config.yaml");

    [Fact]
    public void Every_resource_is_valid_and_refers_to_what_is_there()
    {
        using var cli = new CliRun();
        var resources = Resources("https://git.example.com/plugins.git");

        Assert.Equal(["PluginMarket/Policy", "PluginMarket/Marketplace", "PluginMarket/Plugin"],
            InOrder(resources).Select(resource => (string)resource["type"]!));
        Assert.All(resources, resource => Assert.True(Driver(cli, resource).IsValid(resource["properties"])));
        Assert.All(resources, resource =>
        {
            var wrong = resource["properties"]!.DeepClone().AsObject();
            wrong["verion"] = "1";
            Assert.False(Driver(cli, resource).IsValid(wrong));
        });
    }

    [Fact]
    public void It_makes_a_home_what_it_says_and_then_changes_nothing()
    {
        using var cli = new CliRun();
        var source = cli.Marketplace("corp", "deploy-kit");
        cli.Write("corp/deploy-kit/.codex-plugin/plugin.json", """{ "name": "deploy-kit", "version": "2.1.3" }""");
        cli.Write("policy.json", """{"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[]}""");
        var resources = InOrder(Resources(source));
        resources[0]["properties"]!["path"] = Path.Join(cli.Folder, "policy.json");

        Assert.Equal(["", "_exist", "_exist"], resources.Select(resource => Differing(cli, resource, "test")));
        foreach (var resource in resources.Where(resource => Driver(cli, resource).Has("set")))
        {
            var set = Driver(cli, resource).Judge("set", Properties(resource));
            Assert.Equal(0, set.Code);
            Assert.True((bool)set.State["_inDesiredState"]!);
        }

        Assert.All(resources, resource => Assert.Equal("", Differing(cli, resource, "test")));
        Assert.All(resources.Skip(1), resource => Assert.Equal("", Differing(cli, resource, "set")));
        cli.Run("disable", "deploy-kit@corp");
        Assert.Equal(["", "", "enabled"], resources.Select(resource => Differing(cli, resource, "test")));
    }

    private static string Differing(CliRun cli, JsonObject resource, string operation)
    {
        var run = Driver(cli, resource).Judge(operation, Properties(resource));
        Assert.Equal(0, run.Code);
        return string.Join(',', run.Differing);
    }

    private static JsonObject Properties(JsonObject resource) => resource["properties"]!.AsObject();

    private static DscDriver Driver(CliRun cli, JsonObject resource) =>
        new(((string)resource["type"]!)["PluginMarket/".Length..], home => MarketEnvironment.FromProcess(home ?? cli.CodexHome, cli.Home,
            null, SilentActivityLog.Instance, createsHome: true) with
        {
            PolicyPaths = [.. new[] { Path.Join(cli.Folder, "policy.json") }.Where(File.Exists)],
        });

    // As DSC does it: what a resource depends on comes first.
    private static List<JsonObject> InOrder(IReadOnlyList<JsonObject> resources)
    {
        var ordered = new List<JsonObject>();
        foreach (var resource in resources)
        {
            Add(resource, []);
        }

        return ordered;

        void Add(JsonObject resource, IReadOnlyList<JsonObject> way)
        {
            Assert.DoesNotContain(resource, way);
            if (ordered.Contains(resource))
            {
                return;
            }

            foreach (var needed in resource["dependsOn"]?.AsArray() ?? [])
            {
                Add(Assert.Single(resources, other => (string)needed! == $"[resourceId('{other["type"]}','{other["name"]}')]"),
                    [.. way, resource]);
            }

            ordered.Add(resource);
        }
    }

    private static List<JsonObject> Resources(string source)
    {
        var stream = new YamlStream();
        using var text = new StreamReader(Sample);
        stream.Load(text);
        var document = ToJson(stream.Documents[0].RootNode)!.AsObject();
        Assert.Equal("https://aka.ms/dsc/schemas/v3/bundled/config/document.json", (string?)document["$schema"]);
        Assert.Equal(["source"], document["parameters"]!.AsObject().Select(parameter => parameter.Key));
        var resources = document["resources"]!.AsArray().Select(resource => resource!.AsObject()).ToList();
        Assert.All(resources, resource => Assert.All(resource, pair =>
            Assert.Contains(pair.Key, Keys)));
        foreach (var properties in resources.Select(Properties))
        {
            foreach (var (name, _) in properties.Where(pair => pair.Value is JsonValue value
                && value.TryGetValue<string>(out var given) && given == "[parameters('source')]").ToList())
            {
                properties[name] = source;
            }
        }

        return resources;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair =>
            KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
