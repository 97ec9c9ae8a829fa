using System.CommandLine;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.Validation;
using PluginMarket.Validation.Repairs;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Cli.Validation;

/// <summary><c>validate</c>: what is wrong with plugins and catalogs, as a table or a report; exit code 3 where Codex
/// would refuse or drop something.</summary>
internal sealed class ValidateCommand
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Folders whose plugins and marketplaces, at and below, are checked; or single files of one",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<bool> _strict = new("--strict") { Description = "Let warnings count like errors" };
    private readonly Option<string?> _settings =
        new("--settings") { Description = "A file with severities, rules to leave out and accepted findings", HelpName = "FILE" };
    private readonly Option<bool> _resolve =
        new("--resolve-source") { Description = "Fetch the sources that are not in the marketplace's folder, and check them too" };
    private readonly Option<bool> _unlisted = new("--include-unlisted") { Description = "Check what a catalog does not list too" };
    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Accept that there is nothing to check" };
    private readonly Option<string?> _baseline = new("--save-baseline")
    {
        Description = "Write the findings into the baseline of a settings file, which then accepts them",
        HelpName = "FILE",
    };
    private readonly Option<bool> _fix = new("--fix") { Description = "Repair what has one right text, then check" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "With --fix, show the edits and change nothing" };
    private readonly Option<string> _format = new("--format")
    {
        Description = "The form of the answer; default text",
        HelpName = "text|json|sarif|junit|github|markdown",
        DefaultValueFactory = _ => "text",
    };

    private ValidateCommand() => _format.AcceptOnlyFromAmong("text", "json", "sarif", "junit", "github", "markdown");

    public static Command Build(Terminal terminal)
    {
        var verb = new ValidateCommand();
        var command = new Command("validate", "Check plugins and marketplaces on disk.") { verb._paths, verb._strict, verb._settings,
            verb._resolve, verb._unlisted, verb._allowEmpty, verb._baseline, verb._fix, verb._dryRun,
            verb._format };
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(verb._dryRun) && !arguments.GetValue(verb._fix))
            {
                arguments.AddError("--dry-run shows the edits of --fix: add --fix.");
            }
        });
        command.SetAction(Invocation.Of(terminal, verb.CheckAsync));
        return command;
    }

    private async Task<int> CheckAsync(Invocation run)
    {
        var paths = run.Arguments.GetValue(_paths)!.Select(path => run.PathOf(path)).ToList();
        var folders = paths.Where(path => IsFolder(run.Environment, path)).ToList();
        var catalogs = paths.Except(folders).Where(path => MarketplaceCatalogReader.RootOf(path) is not null).ToList();
        var request = new ValidationRequest
        {
            Recurse = true,
            IncludeUnlisted = run.Arguments.GetValue(_unlisted),
            ResolveSources = run.Arguments.GetValue(_resolve),
            LeavesMissingToCatalog = true,
            Git = run.Git,
            Strict = run.Arguments.GetValue(_strict),
            Settings = run.Arguments.GetValue(_settings) is { } file
                ? ValidationSettings.Read(run.Environment, run.PathOf(file)) : ValidationSettings.None,
        };
        var repairs = Repair(run, request with { Paths = paths });
        if (run.Arguments.GetValue(_dryRun))
        {
            return RepairText.Write(run, repairs);
        }

        var validator = new Validator(run.Environment);
        var marketplaces = await validator.CheckMarketplacesAsync(request with { Paths = [.. folders, .. catalogs] }, run.Cancellation);
        var plugins = validator.CheckPlugins(request with { Paths = [.. paths.Except(catalogs)] }, run.Cancellation);
        return Conclude(run, [.. marketplaces.Results, .. plugins.Results], [.. marketplaces.Failures, .. plugins.Failures], repairs);
    }

    private List<ManifestRepair> Repair(Invocation run, ValidationRequest request)
    {
        if (!run.Arguments.GetValue(_fix))
        {
            return [];
        }

        // What cannot be read is told by the check.
        var repair = new RepairFiles(run.Environment);
        var plan = repair.Plan(request, run.Cancellation);
        if (plan.Checked == 0 && plan.Failures is [var first, ..])
        {
            throw first;
        }

        return [.. plan.Repairs.Select(file => run.Arguments.GetValue(_dryRun) ? RepairFiles.Preview(file) : repair.Apply(file))];
    }

    private int Conclude(Invocation run, List<ValidationResult> results, List<PluginMarketException> failures, List<ManifestRepair> repairs)
    {
        if (results.Count == 0 && failures is [var first, ..])
        {
            throw first;
        }

        if (results.Count == 0 && !run.Arguments.GetValue(_allowEmpty))
        {
            throw Validator.NothingToCheck();
        }

        if (run.Arguments.GetValue(_baseline) is { } baseline && failures.Count == 0)
        {
            BaselineFile.Write(run.Environment, run.PathOf(baseline), results);
        }

        var format = run.Json ? ReportFormat.Json : Enum.Parse<ReportFormat>(run.Arguments.GetValue(_format)!, ignoreCase: true);
        if (format == ReportFormat.Text)
        {
            RepairText.WriteLines(run.Terminal, repairs);
        }

        var report = ReportWriter.Write(new ReportRequest
        {
            Results = results,
            Format = format,
            Rules = RuleSet.All,
            BasePath = run.Terminal.WorkingDirectory,
        });
        if (format == ReportFormat.Json && run.Arguments.GetValue(_fix))
        {
            var document = JsonNode.Parse(report)!.AsObject();
            document["repairs"] = RepairText.Describe(run.Terminal, repairs);
            run.Terminal.WriteJson(document);
        }
        else
        {
            run.Terminal.WriteDocument(report, isAnswer: format == ReportFormat.Json);
        }

        return failures.Count > 0 ? run.ReportOthers(failures) : results.All(result => result.IsValid) ? ExitCode.Done : ExitCode.Findings;
    }

    private static bool IsFolder(MarketEnvironment environment, string path)
    {
        try
        {
            return environment.Files.Kind(environment.Files.RealPath(path)) == FileKind.Directory;
        }
        catch (IOException)
        {
            // The check itself says that it is missing.
            return false;
        }
    }
}
