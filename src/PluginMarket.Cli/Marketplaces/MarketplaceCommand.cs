using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Hosting;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Marketplaces;

/// <summary><c>marketplace add | list | upgrade | remove</c>, with the texts and JSON shapes of Codex (contract 4.6).</summary>
internal static class MarketplaceCommand
{
    public static Command Build(Terminal terminal) => new("marketplace", "Add, list, upgrade, set or remove marketplaces.")
    {
        BuildAdd(terminal),
        BuildList(terminal),
        BuildUpgrade(terminal),
        BuildSet(terminal),
        BuildRemove(terminal),
    };

    private static Command BuildAdd(Terminal terminal)
    {
        var source = new Argument<string>("SOURCE") { Description = "A local path, owner/repo[@ref], or a git URL" };
        var reference = new Option<string?>("--ref") { Description = "The branch, tag or commit to follow", HelpName = "REF" };
        var sparse = new Option<string[]>("--sparse")
        {
            Description = "A folder to keep; can be given more than once",
            HelpName = "PATH",
            DefaultValueFactory = _ => [],
        };
        var sha = new Option<string?>("--sha") { Description = "The full commit to stay at", HelpName = "COMMIT" };
        var name = new Option<string?>("--name") { Description = "The name that the catalog must have", HelpName = "NAME" };
        var command = new Command("add", "Add a local or git marketplace.") { source, reference, sha, name, sparse };
        command.SetAction(Invocation.Of(terminal, run => AddAsync(run, new MarketplaceAddRequest
        {
            Source = run.Arguments.GetValue(source)!,
            Ref = run.Arguments.GetValue(reference),
            Sha = run.Arguments.GetValue(sha),
            Name = run.Arguments.GetValue(name),
            SparsePaths = run.Arguments.GetValue(sparse)!,
            Git = run.GitForSource(run.Arguments.GetValue(source)!),
        }), createsHome: true));
        return command;
    }

    private static async Task<int> AddAsync(Invocation run, MarketplaceAddRequest request)
    {
        var addition = await new MarketplaceRegistry(run.Environment).AddAsync(request, run.Cancellation);
        if (run.Json)
        {
            var added = new JsonObject
            {
                ["marketplaceName"] = addition.Marketplace.Name,
                ["installedRoot"] = addition.Marketplace.Root,
                ["alreadyAdded"] = addition.AlreadyAdded,
            };
            AddSkipped(added, addition.Marketplace);
            run.Terminal.WriteJson(added);
            return ExitCode.Done;
        }

        var source = addition.Marketplace.Source + (addition.Marketplace.Ref is { } followed ? "#" + followed : "");
        run.Terminal.WriteLine(addition.AlreadyAdded
            ? $"Marketplace `{addition.Marketplace.Name}` is already added from {source}."
            : $"Added marketplace `{addition.Marketplace.Name}` from {source}.");
        run.Terminal.WriteLine($"Installed marketplace root: {addition.Marketplace.Root}");
        TellSkipped(run, addition.Marketplace);
        return ExitCode.Done;
    }

    // Standard output stays as Codex writes it.
    private static void TellSkipped(Invocation run, Marketplace marketplace)
    {
        if (marketplace.SkipReasons is { Length: > 0 } reasons)
        {
            run.Terminal.WriteMessage($"note: {SkippedEntries.Tell(marketplace)}");
            foreach (var reason in reasons)
            {
                run.Terminal.WriteMessage($"  {reason}");
            }
        }
    }

    // As Codex has it where every entry can be used.
    private static void AddSkipped(JsonObject item, Marketplace marketplace)
    {
        if (marketplace.SkipReasons is { Length: > 0 } reasons)
        {
            item["skippedEntries"] = marketplace.SkippedEntries;
            item["skipReasons"] = new JsonArray([.. reasons.Select(reason => (JsonNode?)reason)]);
        }
    }

    private static Command BuildList(Terminal terminal)
    {
        var command = new Command("list", "List the marketplaces in view and their roots.");
        command.SetAction(Invocation.Of(terminal, ListAsync));
        return command;
    }

    private static async Task<int> ListAsync(Invocation run)
    {
        // As in the list of plugins: the configuration of a trusted project counts, the catalog of the repository does not.
        var environment = run.Environment with { IgnoresRepositoryCatalog = true, IgnoresRestrictedMarketplaces = true };
        var listing = await new MarketplaceRegistry(environment).ListAsync(new MarketplaceListRequest(), run.Cancellation);
        if (run.Json)
        {
            var described = listing.Marketplaces.Concat(listing.Unreadable).Select(Describe);
            run.Terminal.WriteJson(new JsonObject { ["marketplaces"] = new JsonArray([.. described]) });
        }
        else if (listing.Marketplaces.Count + listing.Unreadable.Count == 0)
        {
            run.Terminal.WriteLine("No plugin marketplaces in scope.");
        }
        else
        {
            run.Terminal.WriteTable(["MARKETPLACE", "ROOT"],
                [
                    .. listing.Marketplaces.Concat(listing.Unreadable)
                        .Select(marketplace => new[] { marketplace.ToString(), marketplace.Root ?? "" }),
                ]);
            foreach (var marketplace in listing.Marketplaces)
            {
                TellSkipped(run, marketplace);
            }
        }

        return run.ReportOthers(listing.Failures);
    }

    private static JsonNode Describe(Marketplace marketplace)
    {
        var item = new JsonObject { ["name"] = marketplace.Name, ["root"] = marketplace.Root };
        if (marketplace.IsRegistered && (marketplace.SourceType == "git" || Path.IsPathFullyQualified(marketplace.Source ?? "")))
        {
            item["marketplaceSource"] = new JsonObject { ["sourceType"] = marketplace.SourceType, ["source"] = marketplace.Source };
        }

        if (marketplace.Status != "Available")
        {
            item["status"] = marketplace.Status;
            item["reason"] = marketplace.Reason;
        }

        AddSkipped(item, marketplace);
        return item;
    }

    private static Command BuildSet(Terminal terminal)
    {
        var name = new Argument<string>("MARKETPLACE") { Description = "The marketplace to change" };
        name.CompletionSources.Add(LocalNames.Marketplaces(terminal));
        var source = new Option<string?>("--source") { Description = "The new source, in the forms of add", HelpName = "SOURCE" };
        var reference = new Option<string?>("--ref")
        {
            Description = "The branch, tag or commit to follow; an empty text returns to the default branch",
            HelpName = "REF",
        };
        var sha = new Option<string?>("--sha") { Description = "The full commit to stay at", HelpName = "COMMIT" };
        var autoUpdate = new Option<bool?>("--auto-update")
        {
            Description = "The value of auto_update, which Codex knows since 0.171.0",
            HelpName = "true|false",
        };
        var command = new Command("set", "Change what the configuration says of a marketplace.") { name, source, reference, sha,
            autoUpdate };
        command.Validators.Add(arguments =>
        {
            if (new Option[] { source, reference, sha, autoUpdate }.All(option => arguments.GetResult(option) is null))
            {
                arguments.AddError("There is nothing to set: add --source, --ref, --sha or --auto-update.");
            }
        });
        command.SetAction(Invocation.Of(terminal, run => SetAsync(run, new MarketplaceSetRequest
        {
            Name = run.Arguments.GetValue(name)!,
            Source = run.Arguments.GetValue(source),
            Ref = run.Arguments.GetValue(reference),
            Sha = run.Arguments.GetValue(sha),
            AutoUpdate = run.Arguments.GetValue(autoUpdate),
            Git = run.Arguments.GetValue(source) is { } typed ? run.GitForSource(typed) : run.Git,
        })));
        return command;
    }

    private static async Task<int> SetAsync(Invocation run, MarketplaceSetRequest request)
    {
        var marketplace = await new MarketplaceRegistry(run.Environment).SetAsync(request, run.Cancellation);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["marketplaceName"] = marketplace.Name,
                ["source"] = marketplace.Source,
                ["ref"] = marketplace.Ref,
                ["autoUpdate"] = marketplace.AutoUpdate,
            });
        }
        else
        {
            if (request.AutoUpdate is { } value)
            {
                run.Terminal.WriteLine($"Set auto_update of marketplace `{marketplace.Name}` to {(value ? "true" : "false")}.");
            }

            if ((request.Source ?? request.Ref ?? request.Sha) is not null)
            {
                run.Terminal.WriteLine($"Set marketplace `{marketplace.Name}` to {marketplace.Source}"
                    + (marketplace.Ref is { } followed ? $"#{followed}." : "."));
            }
        }

        return ExitCode.Done;
    }

    private static Command BuildUpgrade(Terminal terminal)
    {
        var name = new Argument<string?>("MARKETPLACE")
        {
            Description = "The marketplace to refresh; all git ones when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(LocalNames.Marketplaces(terminal));
        var command = new Command("upgrade", "Refresh the snapshots of git marketplaces; installed plugins stay as they are.") { name };
        command.SetAction(Invocation.Of(terminal, run => UpgradeAsync(run, run.Arguments.GetValue(name))));
        return command;
    }

    private static async Task<int> UpgradeAsync(Invocation run, string? name)
    {
        var registry = new MarketplaceRegistry(run.Environment);
        var outcome = await registry.UpdateAsync(new MarketplaceUpdateRequest { Names = name is null ? [] : [name], Git = run.Git },
            run.Cancellation);
        var git = outcome.Results.Where(result => result.Status != "Skipped").ToList();
        if (name is not null && outcome.Results is [{ Status: "Skipped" }])
        {
            throw new PluginMarketException(MarketErrorCode.SourceNotSupported, $"marketplace `{name}` is not configured as a Git "
                + $"marketplace. {Remedy.Run(Operation.ListMarketplaces, $"see the marketplaces")}", name);
        }

        run.DemandAnswer(outcome.Results.Count > 0, outcome.Failures);
        var upgraded = git.Where(result => result.Status == "Updated").ToList();
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject
            {
                ["selectedMarketplaces"] = new JsonArray([.. git.Select(result => (JsonNode?)result.Name)]),
                ["upgradedRoots"] = new JsonArray([.. upgraded.Select(result => (JsonNode?)result.Root)]),
                ["errors"] = new JsonArray([.. outcome.Failures.Select(Invocation.Describe)]),
            });
        }
        else if (outcome.Failures.Count == 0 || upgraded.Count > 0)
        {
            run.Terminal.WriteLine(Summary(name, git.Count, upgraded));
            foreach (var result in upgraded)
            {
                run.Terminal.WriteLine($"Installed marketplace root: {result.Root}");
            }
        }

        return run.ReportOthers(outcome.Failures);
    }

    private static string Summary(string? name, int selected, List<MarketplaceUpdateResult> upgraded) =>
        (name, selected, upgraded.Count) switch
        {
            (null, 0, _) => "No configured Git marketplaces to upgrade.",
            (null, _, 0) => "All configured Git marketplaces are already up to date.",
            (null, _, var count) => $"Upgraded {count} marketplace(s).",
            (_, _, 0) => $"Marketplace `{name}` is already up to date.",
            _ => $"Upgraded marketplace `{name}` to the latest configured revision.",
        };

    private static Command BuildRemove(Terminal terminal)
    {
        var name = new Argument<string>("MARKETPLACE") { Description = "The marketplace to remove" };
        name.CompletionSources.Add(LocalNames.Marketplaces(terminal));
        var command = new Command("remove", "Remove a marketplace; its installed plugins stay.") { name };
        command.SetAction(Invocation.Of(terminal, run => RemoveAsync(run, run.Arguments.GetValue(name)!)));
        return command;
    }

    private static async Task<int> RemoveAsync(Invocation run, string name)
    {
        var removal = await new MarketplaceRegistry(run.Environment).RemoveAsync(new MarketplaceRemoveRequest { Name = name },
            run.Cancellation);
        if (run.Json)
        {
            run.Terminal.WriteJson(new JsonObject { ["marketplaceName"] = removal.Name, ["installedRoot"] = removal.InstalledRoot });
        }
        else
        {
            run.Terminal.WriteLine($"Removed marketplace `{removal.Name}`.");
            if (removal.InstalledRoot is { } root)
            {
                run.Terminal.WriteLine($"Removed installed marketplace root: {root}");
            }
        }

        return ExitCode.Done;
    }
}
