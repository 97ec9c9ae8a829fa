using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary><c>add</c>: installs one plugin, as <c>codex plugin add</c> does.</summary>
internal static class AddCommand
{
    public static Command Build(Terminal terminal)
    {
        var selector = new Selector(terminal, LocalNames.OfferedPlugins(terminal));
        var cacheVersion = new Option<CacheVersionRule?>("--cache-version")
        {
            Description = "The cache folder of a local plugin: local, or the manifest's version",
            HelpName = "local|manifest",
        };
        var reinstall = new Option<bool>("--reinstall")
        {
            Description = "Install again a plugin that is installed already, and record its origin",
        };
        var downgrade = new Option<bool>("--allow-downgrade")
        {
            Description = "Let a version be replaced by a lower one, and a commit by one that does not follow it",
        };
        var accept = AcceptedCapabilities.Option();
        var revision = new RevisionOptions();
        var disabled = new Option<bool>("--disabled") { Description = "Install the plugin disabled" };
        var strict = new Option<bool>("--strict") { Description = "Refuse a plugin with links, submodules or devices" };
        var command = new Command("add", "Install a plugin from a registered marketplace.") { selector.Plugin, selector.Marketplace,
            cacheVersion, revision.Ref, revision.Sha, revision.Version, disabled, strict, reinstall, downgrade, accept };
        command.SetAction(Invocation.Of(terminal, run => AddAsync(run, selector.Read(run.Arguments), new InstallRequest
        {
            // As with Codex, what is added is what the source has now, and it is on.
            Intent = revision.Into(run.Arguments, new InstallIntent.Install
            {
                CacheVersion = run.Arguments.GetValue(cacheVersion),
                Replace = true,
                Reinstall = run.Arguments.GetValue(reinstall),
                Activation = run.Arguments.GetValue(disabled) ? Activation.Off : Activation.On,
            }),
            Strict = run.Arguments.GetValue(strict),
            AllowDowngrade = run.Arguments.GetValue(downgrade),
            AcceptCapability = run.Arguments.GetValue(accept)!,
            Git = run.Git,
        }), createsHome: true));
        return command;
    }

    private static async Task<int> AddAsync(Invocation run, PluginId id, InstallRequest request)
    {
        var result = await InstallAsync(run.Environment, id, request, run.Cancellation);
        if (result.GetFailure() is { } failure)
        {
            return Invocation.Report(run.Terminal, run.Json, failure);
        }

        if (run.Json)
        {
            var json = new JsonObject
            {
                ["pluginId"] = id.ToString(),
                ["name"] = id.Plugin.Value,
                ["marketplaceName"] = id.Marketplace.Value,
                ["version"] = result.CacheVersion,
                ["installedPath"] = result.Path,
                ["authPolicy"] = result.Authentication,
            };
            if (result.LeftOut is { Length: > 0 } leftOut)
            {
                json["leftOut"] = new JsonArray([.. leftOut.Select(path => (JsonNode?)path)]);
            }

            run.Terminal.WriteJson(json);
            return ExitCode.Done;
        }

        run.Terminal.WriteLine($"Added plugin `{id.Plugin}` from marketplace `{id.Marketplace}`.");
        run.Terminal.WriteLine($"Installed plugin root: {result.Path}");
        return ExitCode.Done;
    }

    public static async Task<PluginOperationResult> InstallAsync(MarketEnvironment environment, PluginId id, InstallRequest request,
        CancellationToken cancellation)
    {
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(request with { References = [Selector.Reference(id)] }, cancellation);
        if (plan.Failures is [var refused, ..])
        {
            return refused;
        }

        return await installer.ExecuteAsync(plan, plan.Items, cancellation).SingleAsync(cancellation);
    }
}
