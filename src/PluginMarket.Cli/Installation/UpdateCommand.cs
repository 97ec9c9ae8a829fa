using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Cli.Installation;

/// <summary><c>update</c>: replaces installed plugins by what their sources hold now, within what is accepted.</summary>
internal static class UpdateCommand
{
    internal const string NothingInstalled = "No plugins are installed.";
    internal const string NothingFits = "No installed plugin has such a name.";

    public static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Names of installed plugins, PLUGIN or PLUGIN@MARKETPLACE, * allowed; all by default",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(LocalNames.InstalledPlugins(terminal));
        var approvals = new Option<string?>("--approval-file")
        {
            Description = "Install exactly what this file approves, and nothing else",
            HelpName = "FILE",
        };
        var accept = AcceptedCapabilities.Option();
        var downgrade = new Option<bool>("--allow-downgrade")
        {
            Description = "Let a version be replaced by a lower one, and a commit by one that does not follow it",
        };
        var keep = new Option<int>("--keep-version")
        {
            Description = "How many replaced versions of a plugin are kept",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => InstallRequest.DefaultKeepVersion,
        };
        var refresh = new Option<bool>("--refresh") { Description = "Bring the marketplaces up to date before" };
        var command = new Command("update", "Update installed plugins.") { names, refresh, approvals, accept, downgrade, keep };
        var all = AllUsersOption.Make(command, "Update in the homes of all accounts of people, as root");
        command.SetAction(AllUsersOption.Run(terminal, all, run => UpdateAsync(run, run.Arguments.GetValue(names) ?? [], new InstallRequest
        {
            Intent = new InstallIntent.Update { IsRefreshed = run.Arguments.GetValue(refresh) },
            Approvals = run.Arguments.GetValue(approvals) is { } file
                ? ApprovalFile.Read(run.Environment, run.PathOf(file)) : null,
            AcceptCapability = run.Arguments.GetValue(accept)!,
            AllowDowngrade = run.Arguments.GetValue(downgrade),
            KeepVersion = Math.Max(0, run.Arguments.GetValue(keep)),
            Git = run.Git,
        }), _ => true));
        return command;
    }

    private static async Task<int> UpdateAsync(Invocation run, string[] names, InstallRequest request)
    {
        var listing = new InstalledPluginQuery(run.Environment).List(new InstalledPluginRequest { Names = names }, run.Cancellation);
        bool IsNamed(InstalledPlugin plugin) => names.Any(name =>
            name.Equals(plugin.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(plugin.Id, StringComparison.OrdinalIgnoreCase));
        var wanted = listing.Plugins.Where(plugin => plugin.State != "NotConfigured" || IsNamed(plugin)).ToList();
        var unrefreshed = request.Intent is InstallIntent.Update { IsRefreshed: true }
            ? await SourceRefresh.RunAsync(run.Environment, wanted.Select(plugin => plugin.Marketplace),
                request.ThrottleLimit, request.Git, run.Cancellation)
            : [];
        var installer = new PluginInstaller(run.Environment);
        var references = wanted.Select(plugin => PluginReference.Parse(plugin.Id) with { IsListed = !IsNamed(plugin) });
        var plan = await installer.PlanAsync(request with { References = [.. references] }, run.Cancellation);
        var results = plan.Settled.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items, run.Cancellation))
        {
            results.Add(result);
        }

        run.DemandAnswer(results.Count > 0, listing.Failures);
        results.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["results"] = new JsonArray([.. results.Select(ResultText.ToJson)]) });
        }
        else
        {
            if (results.Count == 0)
            {
                run.Terminal.WriteLine(names.Length > 0 ? NothingFits : NothingInstalled);
            }

            foreach (var result in results.Where(result => result.Error is null || result.GetFailure()?.Target != result.Id))
            {
                run.Terminal.WriteLine(Sentence(result));
            }
        }

        List<PluginMarketException> failures = [.. listing.Failures, .. unrefreshed,
            .. results.Select(result => result.GetFailure()).OfType<PluginMarketException>()];
        run.ReportOthers(failures);
        return failures.Count == 0 ? ExitCode.Done
            : results.Exists(result => result.Error is null) ? ExitCode.PartlyFailed : ExitCode.Of(failures[0].Code);
    }

    private static string Sentence(PluginOperationResult result) => result switch
    {
        { Error: { } error } => $"Not updated: {result.Id} ({error}).",
        { Status: "Updated" } => $"Updated {result.Id} to {result.Version ?? result.CacheVersion}.",
        { Status: "Skipped" } => $"Skipped {result.Id} ({result.ReasonCode}): {result.GetReason()?.In(Face.CommandLine)}",
        { ReasonCode: "NotRefreshed", SnapshotOn: { } on } => string.Create(CultureInfo.InvariantCulture,
            $"{result.Id} is as in the snapshot of {on:yyyy-MM-dd HH:mm:ss} UTC; --refresh asks its source."),
        { Reason: not null } => $"{result.Id} is unchanged. {result.GetReason()!.In(Face.CommandLine)}",
        _ => $"{result.Id} is up to date.",
    };
}
