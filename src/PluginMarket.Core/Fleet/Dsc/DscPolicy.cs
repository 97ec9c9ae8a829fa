using System.Text.Json.Nodes;
using PluginMarket.Installation;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Fleet.Dsc;

/// <summary>A policy that must be in place. It is checked and never written: who may write it is not whom it binds.</summary>
internal sealed class DscPolicy : DscKind
{
    internal override IReadOnlyList<string> Properties { get; } =
        ["path", "sha256", "signed", "state", "mode", "layers", "_inDesiredState"];

    internal override DscAnswer Get(MarketEnvironment environment, DscInput input, CancellationToken cancellation)
    {
        var layers = Layers(environment);
        var state = new JsonObject();
        Put(state, "path", input.Text("path"));
        var (worst, mode, digest) = Judge(layers, input.Text("path"));
        Put(state, "sha256", digest);
        state["state"] = worst;
        Put(state, "mode", mode);
        state["layers"] = new JsonArray([.. layers.Select(Describe)]);
        return new DscAnswer(state, []);
    }

    internal override DscAnswer Test(MarketEnvironment environment, DscInput input, CancellationToken cancellation)
    {
        if (input.Flag("signed") == true)
        {
            throw input.Failure("signed", $"This version reads no signatures. {Remedy.Do($"Use 'sha256' to name the file.")}");
        }

        var state = Get(environment, input, cancellation).State;
        var differing = new List<string>();
        if (state["state"]!.GetValue<string>() != "Active")
        {
            differing.Add("state");
        }

        if (input.Text("sha256") is { } digest && state["sha256"]?.GetValue<string>() != digest)
        {
            differing.Add("sha256");
        }

        return Judged(new DscAnswer(state, differing));
    }

    internal override Task<DscAnswer> SetAsync(MarketEnvironment environment, DscInput input, bool isPreview,
        CancellationToken cancellation) => throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"A policy is checked and never written. {Remedy.Do($"Use the operation test.")}");

    internal override IEnumerable<JsonObject> Export(MarketEnvironment environment, CancellationToken cancellation) =>
        Layers(environment).Where(layer => layer.State != "Absent").Select(layer =>
        {
            var state = new JsonObject { ["path"] = layer.Path };
            Put(state, "sha256", layer.Digest);
            state["state"] = layer.State;
            Put(state, "mode", layer.Mode);
            return state;
        });

    private static List<PluginPolicy> Layers(MarketEnvironment environment) =>
        [.. new PolicyTester(environment).Layers.Select(layer => DescribePolicy.Of(layer, environment.Time.GetUtcNow()))];

    // Of several layers the worst counts, and none means no policy.
    private static (string State, string? Mode, string? Digest) Judge(List<PluginPolicy> layers, string? path)
    {
        string[] order = ["Unreadable", "Expired", "Active", "Absent"];
        var named = layers.Where(layer => path is null ? layer.State != "Absent" : layer.Path == DisplayText.Escape(path))
            .OrderBy(layer => Array.IndexOf(order, layer.State)).ToList();
        return named is [var worst, ..] ? (worst.State, worst.Mode, path is null ? null : worst.Digest) : ("Absent", null, null);
    }

    private static JsonNode Describe(PluginPolicy layer)
    {
        var item = new JsonObject { ["layer"] = layer.Layer, ["path"] = layer.Path, ["state"] = layer.State };
        Put(item, "id", layer.Id);
        Put(item, "revision", layer.Revision);
        Put(item, "mode", layer.Mode);
        Put(item, "sha256", layer.Digest);
        Put(item, "problem", layer.Problem);
        return item;
    }
}
