using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.Validation;
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
            verb._resolve, verb._unlisted, verb._allowEmpty, verb._baseline, verb._format };
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
        var validator = new Validator(run.Environment);
        var marketplaces = await validator.CheckMarketplacesAsync(request with { Paths = [.. folders, .. catalogs] }, run.Cancellation);
        var plugins = validator.CheckPlugins(request with { Paths = [.. paths.Except(catalogs)] }, run.Cancellation);
        return Conclude(run, [.. marketplaces.Results, .. plugins.Results], [.. marketplaces.Failures, .. plugins.Failures]);
    }

    private int Conclude(Invocation run, List<ValidationResult> results, List<PluginMarketException> failures)
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

        run.Terminal.Output.Write(ReportWriter.Write(new ReportRequest
        {
            Results = results,
            Format = run.Json ? ReportFormat.Json : Enum.Parse<ReportFormat>(run.Arguments.GetValue(_format)!, ignoreCase: true),
            Rules = RuleSet.All,
            BasePath = run.Terminal.WorkingDirectory,
        }));
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
