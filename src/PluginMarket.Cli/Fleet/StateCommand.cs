using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Fleet;

/// <summary><c>state export</c>: writes what this home has as a desired state.</summary>
internal static class StateCommand
{
    public static Command Build(Terminal terminal)
    {
        var plugins = new Argument<string[]>("PLUGIN")
        {
            Description = "Plugins to list, PLUGIN or PLUGIN@MARKETPLACE, wildcards allowed; default everything installed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        plugins.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var output = new Option<string>("--out")
        {
            Description = "The file; default standard output",
            HelpName = "FILE",
            DefaultValueFactory = _ => "-",
        };
        var pin = new Option<string>("--pin")
        {
            Description = "How exactly plugins are named",
            DefaultValueFactory = _ => "none",
        }.AcceptOnlyFromAmong("none", "version", "commit", "digest");
        var export = new Command("export", "Write what this home has as a desired state.") { plugins, output, pin };
        export.SetAction(Invocation.Of(terminal, run => Task.FromResult(Export(run, run.Arguments.GetValue(plugins)!,
            run.Arguments.GetValue(output)!, Enum.Parse<StatePin>(run.Arguments.GetValue(pin)!, ignoreCase: true)))));
        return new Command("state", "Write desired states.") { export };
    }

    private static int Export(Invocation run, string[] plugins, string output, StatePin pin)
    {
        var path = output == "-" ? "state" : run.PathOf(output);
        var writer = new DesiredStateWriter(run.Environment);
        var (utf8, count, failures) = writer.Make(plugins, pin, DesiredStateWriter.IdOf(path), run.Cancellation);
        if (failures.Count > 0)
        {
            run.ReportOthers([.. failures.Skip(1)]);
            return Invocation.Report(run.Terminal, run.Json, failures[0]);
        }

        if (output == "-")
        {
            run.Terminal.WriteDocument(System.Text.Encoding.UTF8.GetString(utf8));
            return ExitCode.Done;
        }

        writer.Save(path, utf8);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["path"] = path, ["plugins"] = count });
        }
        else
        {
            run.Terminal.WriteLine($"Wrote {Terminal.Plugins(count)} to {DisplayText.Escape(path)}.");
        }

        return ExitCode.Done;
    }
}
