using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;

namespace PluginMarket.Cli.Capabilities;

/// <summary><c>capabilities</c> and <c>manifest</c>: what a plugin can do, and what it says of itself.</summary>
internal static class ContentCommand
{
    public static Command Build(Terminal terminal, bool capabilities)
    {
        var plugin = new Argument<string>("PLUGIN")
        {
            Description = "A folder, or PLUGIN or PLUGIN@MARKETPLACE: the installed one, else the catalog's",
        };
        plugin.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var command = capabilities
            ? new Command("capabilities", "Show what a plugin can do: hooks, MCP servers, apps, scripts and skills.")
            : new Command("manifest", "Show the manifest of a plugin.");
        command.Add(plugin);
        command.SetAction(Invocation.Of(terminal, run => ShowAsync(run, run.Arguments.GetValue(plugin)!, capabilities)));
        return command;
    }

    internal static async Task<PluginContent> OpenAsync(Invocation run, PluginContentQuery query, string text, PluginContentPlace place)
    {
        // No plugin id has a separator in it.
        if (text is not ("." or "..") && text.AsSpan().IndexOfAny('/', '\\') < 0)
        {
            return await query.OpenAsync(PluginReference.Parse(text), place, run.Cancellation);
        }

        return query.OpenFolder(run.PathOf(text));
    }

    private static async Task<int> ShowAsync(Invocation run, string text, bool capabilities)
    {
        var query = new PluginContentQuery(run.Environment, run.Git);
        await using (query)
        {
            var content = await OpenAsync(run, query, text, PluginContentPlace.InstalledOrCatalog);
            if (capabilities)
            {
                Write(run, content);
            }
            else if (run.Json)
            {
                run.Terminal.WriteJson(Describe(content.Manifest));
            }
            else
            {
                run.Terminal.WriteTable(["NAME", "VERSION", "COMPONENTS", "DESCRIPTION"], [
                    [content.Manifest.Name, content.Manifest.Version ?? "", string.Join(", ", content.Manifest.Components),
                        content.Manifest.Description ?? ""]]);
            }
        }

        return ExitCode.Done;
    }

    private static void Write(Invocation run, PluginContent content)
    {
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["plugin"] = content.Name,
                ["capabilities"] = new JsonArray([.. content.Capabilities.Select(Describe)]),
            });
        }
        else if (content.Capabilities.Count == 0)
        {
            run.Terminal.WriteLine("The plugin brings nothing that the agent runs or reads.");
        }
        else
        {
            run.Terminal.WriteTable(["COMPONENT", "NAME", "DETAIL", "FILE"], [.. content.Capabilities.Select(capability => new[]
            {
                capability.Component, capability.Name, capability.Command ?? capability.Url ?? capability.Event ?? "", capability.File,
            })]);
        }
    }

    private static JsonNode Describe(Capability capability) => new JsonObject
    {
        ["component"] = capability.Component,
        ["name"] = capability.Name,
        ["event"] = capability.Event,
        ["matcher"] = capability.Matcher,
        ["command"] = capability.Command,
        ["url"] = capability.Url,
        ["environment"] = Texts(capability.Environment),
        ["headers"] = Texts(capability.Headers),
        ["scripts"] = Texts(capability.Scripts),
        ["file"] = capability.File,
        ["line"] = capability.Line,
        ["hash"] = capability.Hash,
        ["isActive"] = capability.IsActive,
        ["hasHiddenText"] = capability.HasHiddenText,
    };

    private static JsonObject Describe(PluginManifest manifest) => new()
    {
        ["name"] = manifest.Name,
        ["version"] = manifest.Version,
        ["description"] = manifest.Description,
        ["keywords"] = Texts(manifest.Keywords),
        ["homepage"] = manifest.Homepage,
        ["repository"] = manifest.Repository,
        ["license"] = manifest.License,
        ["components"] = Texts(manifest.Components),
        ["path"] = manifest.Path,
        ["manifestPath"] = manifest.ManifestPath,
        ["isGenerated"] = manifest.IsGenerated,
        ["dialect"] = manifest.Dialect,
        ["hasHiddenText"] = manifest.HasHiddenText,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
