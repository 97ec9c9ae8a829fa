using System.Text.Json.Nodes;

namespace PluginMarket.Cli.Tests;

/// <summary>The keys that DSC 3.2 knows in a manifest: one that it does not know makes the resource vanish.</summary>
internal static class DscManifestKeys
{
    private static readonly string[] Resource = ["$schema", "type", "kind", "version", "description", "tags", "condition",
        "deprecationMessage", "requireSecurityContext", "get", "set", "test", "delete", "export", "resolve", "validate", "adapter",
        "whatIf", "exitCodes", "schema"];
    private static readonly string[] Method = ["executable", "args", "input", "requireSecurityContext"];
    private static readonly string[] Set = [.. Method, "implementsPretest", "handlesExist", "return", "whatIfReturns"];
    private static readonly string[] Test = [.. Method, "return"];

    internal static IReadOnlyList<string> Unknown(JsonObject manifests) =>
    [
        .. manifests.Select(member => member.Key).Except(["resources", "extensions", "adaptedResources"]),
        .. manifests["resources"]!.AsArray().Select(resource => resource!.AsObject()).SelectMany(UnknownIn),
    ];

    private static IEnumerable<string> UnknownIn(JsonObject resource) =>
    [
        .. resource.Select(member => member.Key).Except(Resource),
        .. In(resource, "get", Method), .. In(resource, "export", Method), .. In(resource, "test", Test), .. In(resource, "set", Set),
        .. In(resource, "schema", ["embedded"]),
    ];

    private static IEnumerable<string> In(JsonObject resource, string method, string[] known) =>
        resource[method] is JsonObject members ? members.Select(member => member.Key).Except(known).Select(key => $"{method}.{key}") : [];
}
