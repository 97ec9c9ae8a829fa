using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Installation;

/// <summary>How a verb that changes installed plugins is told which, and how it answers: one result each.</summary>
internal static class InstalledNames
{
    public static Argument<string[]> Argument(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Names of installed plugins, PLUGIN or PLUGIN@MARKETPLACE, * allowed",
            Arity = ArgumentArity.OneOrMore,
        };
        names.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        return names;
    }

    /// <summary>Changes the plugins that the names mean, one after the other, and says what became of each.</summary>
    public static async Task<int> ChangeAsync(
        Invocation run,
        string[] names,
        Func<PluginReference, Task<PluginOperationResult>> change,
        Func<PluginOperationResult, string> sentence)
    {
        var failures = new List<PluginMarketException>();
        var results = new List<PluginOperationResult>();
        foreach (var id in Resolve(run, names, failures))
        {
            results.Add(await change(PluginReference.Parse(id)));
        }

        run.DemandAnswer(results.Count > 0, failures);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["results"] = new JsonArray([.. results.Select(ResultText.ToJson)]) });
        }
        else
        {
            foreach (var result in results.Where(result => result.Error is null))
            {
                run.Terminal.WriteLine(sentence(result));
            }
        }

        failures.AddRange(results.Select(result => result.GetFailure()).OfType<PluginMarketException>());
        run.ReportOthers(failures);
        return failures.Count == 0 ? ExitCode.Done
            : results.Exists(result => result.Error is null) ? ExitCode.PartlyFailed
            : ExitCode.Of(failures[0].Code);
    }

    // A name that is not a pattern means one plugin: where two marketplaces have it, neither is changed.
    private static List<string> Resolve(Invocation run, string[] names, List<PluginMarketException> failures)
    {
        var ids = new List<string>();
        foreach (var name in names)
        {
            var listing = new InstalledPluginQuery(run.Environment).List(new InstalledPluginRequest { Names = [name] }, run.Cancellation);
            failures.AddRange(listing.Failures);
            if (listing.Plugins.Count > 1 && new NamePattern(name).IsLiteral)
            {
                failures.Add(new PluginMarketException(
                    MarketErrorCode.PluginNameAmbiguous,
                    $"'{name}' is installed from more than one marketplace: {string.Join(", ", listing.Plugins)}. "
                        + $"{Remedy.Do($"Choose one of them.")}",
                    name));
                continue;
            }

            ids.AddRange(listing.Plugins.Select(plugin => plugin.Id).Except(ids, StringComparer.Ordinal));
        }

        return ids;
    }
}
