using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Fleet;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>restore</c>: installs the plugins of a lock file in exactly the bytes it names.</summary>
internal static class RestoreCommand
{
    public static Command Build(Terminal terminal)
    {
        var file = LockFileOption.Make(isRequired: true);
        var frozen = new Option<bool>("--frozen") { Description = "Let the lock file alone decide: no catalog is asked" };
        var downgrade = new Option<bool>("--allow-downgrade") { Description = "Let a version be replaced by a lower one" };
        var accept = AcceptedCapabilities.Option("A kind of capability to accept though the lock file does not list it");
        var enable = new Option<bool>("--enable") { Description = "Enable the plugins, disabled ones too" };
        var names = new Argument<string[]>("PLUGIN")
        {
            Description = "Plugins of the lock file, PLUGIN or PLUGIN@MARKETPLACE, * allowed; default all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("restore", "Install the plugins of a lock file: the same bytes, or an error.") { names, file, frozen,
            enable, downgrade, accept };
        command.SetAction(Invocation.Of(terminal, run => RestoreAsync(run, new InstallRequest
        {
            Intent = new InstallIntent.RestoreLock
            {
                Entries = Chosen(PluginLockFile.Read(run.Environment, LockFileOption.PathOf(run, file)),
                    run.Arguments.GetValue(names) ?? []),
                Frozen = run.Arguments.GetValue(frozen),
                Activation = run.Arguments.GetValue(enable) ? Activation.On : Activation.Keep,
            },
            AllowDowngrade = run.Arguments.GetValue(downgrade),
            AcceptCapability = run.Arguments.GetValue(accept)!,
            Git = run.Git,
        }), createsHome: true));
        return command;
    }

    private static IReadOnlyList<PluginLockEntry> Chosen(PluginLockFile file, string[] names) =>
        file.Select(names, out var entries) is [var missing, ..] ? throw missing : entries;

    private static async Task<int> RestoreAsync(Invocation run, InstallRequest request)
    {
        var installer = new PluginInstaller(run.Environment);
        var plan = await installer.PlanAsync(request, run.Cancellation);
        var results = plan.Settled.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items, run.Cancellation))
        {
            results.Add(result);
        }

        results.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["plugins"] = new JsonArray([.. results.Select(ResultText.ToJson)]) });
        }
        else if (results.Count == 0)
        {
            run.Terminal.WriteLine("The lock file lists no plugins.");
        }
        else
        {
            run.Terminal.WriteTable(["PLUGIN", "STATUS", "VERSION", "TREE HASH"],
                [.. results.Select(result => new[] { result.Id, result.Status, result.Version ?? "", result.TreeHash ?? "" })]);
        }

        foreach (var result in results.Where(result => !run.Json && result.ReasonCode is not null && result.Error is null))
        {
            run.Terminal.WriteMessage($"{result.Id}: {result.GetReason()}");
        }

        var failures = results.Select(result => result.GetFailure()).OfType<PluginMarketException>().ToList();
        var code = run.ReportOthers(failures);
        return failures.Count > 0 && failures.Count == results.Count ? ExitCode.Of(failures[0].Code) : code;
    }
}
