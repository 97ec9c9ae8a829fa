using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>save</c>: writes the files of plugins into a folder for review and installs nothing.</summary>
internal static class SaveCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Names of plugins of the marketplaces, PLUGIN or PLUGIN@MARKETPLACE",
            Arity = ArgumentArity.OneOrMore,
        };
        names.CompletionSources.Add(LocalNames.OfferedPlugins(terminal));
        var path = new Option<string>("--path")
        {
            Description = "The folder in which each plugin gets a folder of its name; default the current one",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => ".",
        };
        var revision = new RevisionOptions();
        var strict = new Option<bool>("--strict") { Description = "Refuse a plugin with links, submodules or devices" };
        var force = new Option<bool>("--force") { Description = "Replace a folder that contains files, but never a git repository" };
        var command = new Command("save", "Put the files of plugins into a folder for review, without installing them.")
        {
            names, path, revision.Ref, revision.Sha, revision.Version, strict, force,
        };
        command.SetAction(Invocation.Of(terminal, run => SaveAsync(run,
            new SavePlugin(run.Environment, run.PathOf(run.Arguments.GetValue(path)!), run.Arguments.GetValue(force)), new InstallRequest
            {
                References = [.. run.Arguments.GetValue(names)!.Select(PluginReference.Parse)],
                Strict = run.Arguments.GetValue(strict),
                Intent = revision.Into(run.Arguments, new InstallIntent.Install { OnlyReads = true }),
                Git = run.Git,
            })));
        return command;
    }

    private static async Task<int> SaveAsync(Invocation run, SavePlugin saver, InstallRequest request)
    {
        var plan = await saver.PlanAsync(request, run.Cancellation);
        var results = plan.Settled.Select(SavePlugin.Settled).ToList();
        results.AddRange(await saver.RunAsync(plan, plan.Items, run.Cancellation).ToListAsync(run.Cancellation));
        var failures = results.Select(result => result.GetFailure()).OfType<PluginMarketException>().ToList();
        if (run.Json)
        {
            run.DemandAnswer(failures.Count < results.Count, failures);
            run.Terminal.WriteJson(new JsonObject { ["results"] = new JsonArray([.. results.Select(ResultText.ToJson)]) });
        }
        else
        {
            foreach (var result in results.Where(result => result.Error is null))
            {
                run.Terminal.WriteLine($"Saved {result.Id} {result.Version} to {result.Path}");
            }
        }

        run.ReportOthers(failures);
        return failures.Count == 0 ? ExitCode.Done
            : failures.Count < results.Count ? ExitCode.PartlyFailed : ExitCode.Of(failures[0].Code);
    }
}
