using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Fleet;
using PluginMarket.Cli.Hosting;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Inventory;

/// <summary><c>verify</c>: whether installed plugins hold the bytes that were recorded, or that a lock file
/// demands; exit code 3 where not.</summary>
internal static class VerifyCommand
{
    public static Command Build(Terminal terminal)
    {
        var plugins = new Argument<string[]>("PLUGIN")
        {
            Description = "Plugins to verify, PLUGIN or PLUGIN@MARKETPLACE, wildcards allowed; default all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        plugins.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var file = LockFileOption.Make(isRequired: false);
        file.Description = "A lock file to compare with, instead of the receipts";
        var exact = new Option<bool>("--exact")
        {
            Description = "Compare in both directions: also plugins that are not locked, are disabled, or have no marketplace",
        };
        var allowEmpty = new Option<bool>("--allow-empty") { Description = "Accept that there is nothing to check" };
        var command = new Command("verify", "Compare installed plugins with what was recorded of them, or with a lock file.") { plugins,
            file, exact, allowEmpty };
        var all = AllUsersOption.Make(command, "Verify the homes of all accounts of people");
        command.SetAction(AllUsersOption.Run(terminal, all, run => Verify(run, run.Arguments.GetValue(allowEmpty), new IntegrityRequest
        {
            Names = run.Arguments.GetValue(plugins)!,
            LockFile = run.Arguments.GetValue(file) is null ? null : PluginLockFile.Read(run.Environment, LockFileOption.PathOf(run, file)),
            Exact = run.Arguments.GetValue(exact),
        })));
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(exact) && arguments.GetValue(file) is null)
            {
                arguments.AddError("--exact compares with a lock file: add --lock-file FILE.");
            }
        });
        return command;
    }

    private static Task<int> Verify(Invocation run, bool allowEmpty, IntegrityRequest request)
    {
        var listing = new IntegrityQuery(run.Environment).Check(request, run.Cancellation);
        run.DemandAnswer(listing.Results.Count > 0, listing.Failures);
        if (listing.Results.Count == 0 && !allowEmpty && !request.Exact)
        {
            throw IntegrityQuery.NothingToCheck();
        }

        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["plugins"] = new JsonArray([.. listing.Results.Select(Describe)]) });
        }
        else
        {
            foreach (var result in listing.Results)
            {
                Write(run.Terminal, result);
            }
        }

        var code = run.ReportOthers(listing.Failures);
        return Task.FromResult(listing.Results.Any(result => !result.IsIntact) ? ExitCode.Findings : code);
    }

    private static void Write(Terminal terminal, IntegrityResult result)
    {
        terminal.WriteLine($"{result.Id}: {result.State}" + (result.GetReason() is { } reason ? $". {reason.In(Face.CommandLine)}" : ""));
        foreach (var (word, paths) in new[] { ("modified", result.Modified), ("missing", result.Missing),
            ("unexpected", result.Unexpected) })
        {
            foreach (var path in paths ?? [])
            {
                terminal.WriteLine($"  {word} {path}");
            }
        }
    }

    private static JsonNode Describe(IntegrityResult result) => new JsonObject
    {
        ["id"] = result.Id,
        ["version"] = result.Version,
        ["cacheVersion"] = result.CacheVersion,
        ["isIntact"] = result.IsIntact,
        ["state"] = result.State,
        ["modified"] = Texts(result.Modified),
        ["missing"] = Texts(result.Missing),
        ["unexpected"] = Texts(result.Unexpected),
        ["reason"] = result.GetReason()?.In(Face.CommandLine),
        ["treeHash"] = result.TreeHash,
        ["expectedTreeHash"] = result.ExpectedTreeHash,
    };

    private static JsonArray? Texts(string[]? texts) => texts is null ? null : new([.. texts.Select(text => (JsonNode?)text)]);
}
