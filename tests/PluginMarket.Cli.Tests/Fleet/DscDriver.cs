using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using PluginMarket.Fleet.Dsc;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What DSC 3.2 asks of a command resource: arguments and input as the manifest says, one JSON value a line on standard output,
/// objects of one message each on standard error, and nothing on standard output where it fails.</summary>
internal sealed class DscDriver
{
    private static readonly string[] Levels = ["error", "warn", "info", "debug", "trace"];
    private static readonly JsonObject Manifests = JsonNode.Parse(DscManifest.ForCommandLine())!.AsObject();

    private readonly JsonObject _manifest;
    private readonly JsonSchema _schema;
    private readonly Func<string?, MarketEnvironment> _open;

    internal DscDriver(string resource, Func<string?, MarketEnvironment> open)
    {
        _manifest = Manifests["resources"]!.AsArray().Select(one => one!.AsObject()).Single(one =>
            string.Equals(one["type"]!.GetValue<string>(), $"PluginMarket/{resource}", StringComparison.OrdinalIgnoreCase));
        _schema = Schema(_manifest["schema"]!["embedded"]!.AsObject());
        _open = open;
    }

    internal bool Has(string operation) => _manifest.ContainsKey(operation == "whatIf" ? "set" : operation);

    internal bool IsValid(JsonNode? properties) => _schema.Evaluate(JsonSerializer.SerializeToElement(properties)).IsValid;

    /// <summary>The state that get answers.</summary>
    internal DscRun Get(JsonObject properties) => Run("get", properties, 1, 1);

    /// <summary>The state and the differing properties that test, set and what-if answer.</summary>
    internal DscRun Judge(string operation, JsonObject properties) => Run(operation, properties, 2, 2);

    /// <summary>One state for each instance.</summary>
    internal DscRun Export(JsonObject properties) => Run("export", properties, 0, int.MaxValue);

    private DscRun Run(string operation, JsonObject properties, int fewest, int most)
    {
        var isPreview = operation == "whatIf";
        var command = _manifest[isPreview ? "set" : operation]!.AsObject();
        Assert.Equal("stdin", (string?)command["input"]);
        string[] arguments =
        [
            .. command["args"]!.AsArray().Select(argument => argument is JsonObject only
                ? isPreview ? (string)only["whatIfArg"]! : null : (string)argument!).OfType<string>(),
        ];
        Assert.Equal(("dsc", isPreview ? "set" : operation, isPreview), (arguments[0], arguments[2], arguments[^1] == "--what-if"));
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var input = new StringReader(properties.ToJsonString());
        var code = DscResource.Run(arguments[1], arguments[2], isPreview, input, output, error, _open,
            TestContext.Current.CancellationToken);
        return Read(code, output.ToString(), error.ToString(), operation, fewest, most);
    }

    private DscRun Read(int code, string output, string error, string operation, int fewest, int most)
    {
        Assert.True(_manifest["exitCodes"]!.AsObject().ContainsKey(code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(output.Length == 0 || output[^1] == '\n');
        Assert.DoesNotContain('\r', output);
        var lines = output.Split('\n')[..^1];
        var messages = error.Split('\n')[..^1].Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(messages, message => Assert.Contains(Assert.Single(message).Key, Levels));
        var errors = messages.Select(message => (string?)message["error"]).OfType<string>().ToList();
        if (code != 0)
        {
            Assert.Empty(lines);
            Assert.NotEmpty(errors);
            return new DscRun(code, [], [], errors);
        }

        Assert.Empty(errors);
        Assert.InRange(lines.Length, fewest, most);
        var states = (operation is "get" or "export" ? lines : lines[..1]).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(states, state => Assert.True(IsValid(state), $"not valid against the schema: {state.ToJsonString()}"));
        string[] differing = operation is "get" or "export" ? []
            : [.. JsonNode.Parse(lines[1])!.AsArray().Select(name => name!.GetValue<string>())];
        var known = _manifest["schema"]!["embedded"]!["properties"]!.AsObject();
        Assert.All(differing, name => Assert.True(known.ContainsKey(name), name));
        return new DscRun(code, states, differing, errors);
    }

    // DSC brings the two schemas of its own that ours refer to.
    private static JsonSchema Schema(JsonObject embedded)
    {
        var schema = embedded.DeepClone().AsObject();
        foreach (var (_, property) in schema["properties"]!.AsObject())
        {
            if ((string?)property!["$ref"] is { } reference)
            {
                Assert.StartsWith("https://aka.ms/dsc/schemas/v3/resource/properties/", reference, StringComparison.Ordinal);
                property.AsObject().Remove("$ref");
                property["type"] = "boolean";
            }
        }

        return JsonSchema.FromText(schema.ToJsonString());
    }
}

/// <summary>What one run of a resource came to.</summary>
internal sealed record DscRun(int Code, IReadOnlyList<JsonObject> States, IReadOnlyList<string> Differing, IReadOnlyList<string> Errors)
{
    internal JsonObject State => States[0];
}
