using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PluginMarket.Fleet.Dsc;

/// <summary>The manifests of the resources as the module ships them, and as the command line does.</summary>
internal static class DscManifest
{
    /// <summary>What DSC looks for, in modules and in the folders of PATH.</summary>
    internal const string FileName = "PluginMarket.dsc.manifests.json";

    private static readonly string[] Operations = ["get", "test", "set", "export"];

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The manifests of the module.</summary>
    internal static JsonObject ForModule()
    {
        using var stream = typeof(DscManifest).Assembly.GetManifestResourceStream("PluginMarket.Fleet.Dsc." + FileName)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>The manifests that run the command line, as UTF-8.</summary>
    internal static byte[] ForCommandLine()
    {
        var manifests = ForModule();
        foreach (var resource in manifests["resources"]!.AsArray().Select(resource => resource!.AsObject()))
        {
            resource["condition"] = "[not(equals(tryWhich('pluginmarket'), null()))]";
            foreach (var operation in Operations.Where(resource.ContainsKey))
            {
                var command = resource[operation]!.AsObject();
                command["executable"] = "pluginmarket";
                // Not a list expression: native code has no generic Add.
                var arguments = new JsonArray("dsc", KeyOf(resource), operation);
                if (operation == "set")
                {
                    arguments.Add((JsonNode)new JsonObject { ["whatIfArg"] = "--what-if" });
                }

                command["args"] = arguments;
            }
        }

        return Encoding.UTF8.GetBytes(manifests.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n");
    }

    /// <summary>The schema of a resource, on one line.</summary>
    internal static string SchemaOf(string key) => ForModule()["resources"]!.AsArray()
        .First(resource => KeyOf(resource!.AsObject()) == key)!["schema"]!["embedded"]!.ToJsonString(DscText.Compact);

    private static string KeyOf(JsonObject resource)
    {
        var type = resource["type"]!.GetValue<string>().Split('/')[1];
        return char.ToLowerInvariant(type[0]) + type[1..];
    }
}
