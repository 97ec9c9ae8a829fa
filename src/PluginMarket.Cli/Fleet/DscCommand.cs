using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Fleet.Dsc;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Fleet;

/// <summary><c>dsc</c>: the resources of DSC v3, as their manifests run them, and the manifests themselves.</summary>
internal static class DscCommand
{
    public static Command Build(Terminal terminal)
    {
        var command = new Command("dsc", "Run the resources of DSC v3, or install their manifests.") { BuildInstall(terminal) };
        foreach (var resource in DscResource.Names)
        {
            command.Subcommands.Add(BuildResource(terminal, resource));
        }

        return command;
    }

    private static Command BuildResource(Terminal terminal, string resource)
    {
        var operation = new Argument<string>("OPERATION")
        {
            Description = "get, test, set, export or schema; properties are read from standard input as JSON",
        };
        operation.AcceptOnlyFromAmong("get", "test", "set", "export", "schema");
        var whatIf = new Option<bool>("--what-if") { Description = "Only say what set would change" };
        var command = new Command(resource, $"The resource PluginMarket/{char.ToUpperInvariant(resource[0])}{resource[1..]}.")
        {
            operation, whatIf,
        };
        command.SetAction((arguments, cancellation) =>
        {
            var log = new DscLog(terminal.Error);
            return Task.FromResult(DscResource.Run(resource, arguments.GetValue(operation)!, arguments.GetValue(whatIf),
                terminal.Input ?? TextReader.Null, terminal.Output, terminal.Error, home => MarketEnvironment.FromProcess(
                    home ?? arguments.GetValue(GlobalOptions.CodexHome), arguments.GetValue(GlobalOptions.Home),
                    null, log, createsHome: arguments.GetValue(operation) == "set") with
                {
                    PolicyPaths = [.. arguments.GetValue(GlobalOptions.Policy)!
                        .Select(path => Path.GetFullPath(path, terminal.WorkingDirectory))],
                }, cancellation));
        });
        return command;
    }

    private static Command BuildInstall(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder of PATH, or of DSC_RESOURCE_PATH" };
        var command = new Command("install", "Write the manifests of the resources, so that DSC finds them.") { folder };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var path = Path.Join(Path.GetFullPath(run.Arguments.GetValue(folder)!, terminal.WorkingDirectory), DscManifest.FileName);
            AtomicFile.Write(run.Environment.Files, path, DscManifest.ForCommandLine(), FileOps.SharedFile);
            if (run.Json)
            {
                terminal.WriteJson(new System.Text.Json.Nodes.JsonObject { ["path"] = path });
            }
            else
            {
                terminal.WriteLine($"Wrote {DisplayText.Escape(path)}.");
            }

            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }
}
