using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>homes</c>: the Codex homes of this computer; the property names are those of the cmdlet's objects.</summary>
internal static class HomesCommand
{
    public static Command Build(Terminal terminal)
    {
        var all = new Option<bool>("--all-users") { Description = "List the homes of all accounts of people" };
        var system = new Option<bool>("--include-system") { Description = "List service accounts too" };
        var command = new Command("homes", "List the Codex homes of this computer.") { all, system };
        command.SetAction(Invocation.Of(terminal, run =>
        {
            var found = new FindHomes(run.Environment);
            var withServices = run.Arguments.GetValue(system);
            var homes = run.Arguments.GetValue(all) || withServices ? found.All(withServices).ToList() : [found.Own()];
            if (run.Json)
            {
                run.Terminal.WriteJson(new JsonObject { ["homes"] = new JsonArray([.. homes.Select(Describe)]) });
            }
            else
            {
                run.Terminal.WriteTable(["USER", "HOME", "EXISTS", "OWNER", "PLUGINS", "PROBLEM"],
                    [.. homes.Select(home => new[] { home.UserName, home.CodexHome, home.Exists is { } exists ? exists ? "yes" : "no" : "",
                        home.Owner ?? "", $"{home.Plugins}", home.Problem ?? "" })]);
            }

            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static JsonNode Describe(PluginHome home) => new JsonObject
    {
        ["userName"] = home.UserName,
        ["uid"] = home.Uid,
        ["homePath"] = home.HomePath,
        ["codexHome"] = home.CodexHome,
        ["exists"] = home.Exists,
        ["owner"] = home.Owner,
        ["plugins"] = home.Plugins,
        ["problem"] = home.Problem,
        ["computerName"] = home.ComputerName,
    };
}
