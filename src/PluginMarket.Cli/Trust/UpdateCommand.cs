using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Trust;

/// <summary><c>update</c>: replaces installed plugins by what their sources hold now, within what is accepted.</summary>
internal static class UpdateCommand
{
    public static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN") { Description = "Names of installed plugins, PLUGIN or PLUGIN@MARKETPLACE, * allowed; all by default", Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var approvals = new Option<string?>("--approval-file") { Description = "Install exactly what this file approves, and nothing else", HelpName = "FILE" };
        var accept = new Option<string[]>("--accept-capability") { Description = "A kind of capability the update may add or change: Hook, McpServer, App, Script, Skill or All", HelpName = "KIND", DefaultValueFactory = _ => [] };
        accept.CompletionSources.Add(LocalNames.Capabilities);
        var downgrade = new Option<bool>("--allow-downgrade") { Description = "Let a version be replaced by a lower one, and a commit by one that does not follow it" };
        var keep = new Option<int>("--keep-version") { Description = "How many replaced versions of a plugin are kept", HelpName = "NUMBER", DefaultValueFactory = _ => InstallRequest.DefaultKeepVersion };
        var command = new Command("update", "Update installed plugins.") { names, approvals, accept, downgrade, keep };
        command.SetAction(Invocation.Of(terminal, run => UpdateAsync(run, run.Arguments.GetValue(names) ?? [], new InstallRequest
        {
            Update = true,
            Approvals = run.Arguments.GetValue(approvals) is { } file ? ApprovalFile.Read(run.Environment, Path.GetFullPath(file, terminal.WorkingDirectory)) : null,
            AcceptCapability = run.Arguments.GetValue(accept)!,
            AllowDowngrade = run.Arguments.GetValue(downgrade),
            KeepVersion = Math.Max(0, run.Arguments.GetValue(keep)),
            Git = run.Git,
        })));
        return command;
    }

    private static async Task<int> UpdateAsync(Invocation run, string[] names, InstallRequest request)
    {
        var listing = new InstalledPluginQuery(run.Environment).List(new InstalledPluginRequest { Names = names, States = names.Length == 0 ? ["Installed", "Disabled"] : [] }, run.Cancellation);
        var installer = new PluginInstaller(run.Environment);
        var plan = await installer.PlanAsync(request with { References = [.. listing.Plugins.Select(plugin => PluginReference.Parse(plugin.Id))] }, run.Cancellation);
        var results = plan.Failures.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items, run.Cancellation))
        {
            results.Add(result);
        }

        run.DemandAnswer(results.Count > 0, listing.Failures);
        results.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["results"] = new JsonArray([.. results.Select(Describe)]) });
        }
        else
        {
            foreach (var result in results.Where(result => result.Error is null))
            {
                run.Terminal.WriteLine(result.Status == "Unchanged" ? $"{result.Id} is up to date." : $"Updated {result.Id} to {result.ManifestVersion ?? result.Version}{(result.Reason is null ? "" : $" ({result.Reason})")}.");
            }
        }

        List<PluginMarketException> failures = [.. listing.Failures, .. results.Select(result => result.GetFailure()).OfType<PluginMarketException>()];
        run.ReportOthers(failures);
        return failures.Count == 0 ? ExitCode.Done : results.Exists(result => result.Error is null) ? ExitCode.PartlyFailed : ExitCode.Of(failures[0].Code);
    }

    private static JsonNode Describe(PluginOperationResult result) => new JsonObject
    {
        ["id"] = result.Id,
        ["status"] = result.Status,
        ["reason"] = NextStep.Say(result.Reason),
        ["error"] = result.Error,
        ["version"] = result.Version,
        ["previousVersion"] = result.PreviousVersion,
        ["treeHash"] = result.TreeHash,
        ["commit"] = result.Commit,
        ["capabilityChange"] = result.CapabilityChange is null ? null : ChangeText.ToJson(result.CapabilityChange),
        ["restartRequired"] = result.RestartRequired,
        ["leftOut"] = new JsonArray([.. result.LeftOut.Select(path => (JsonNode?)path)]),
    };
}
