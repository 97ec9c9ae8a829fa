using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Cli.Hosting;

/// <summary>One run of one verb: what was typed, in whose home, and where the answer goes.</summary>
/// <param name="Arguments">What was typed.</param>
/// <param name="Terminal">Where the answer goes.</param>
/// <param name="Environment">In whose home.</param>
/// <param name="Cancellation">Ctrl+C.</param>
internal sealed record Invocation(ParseResult Arguments, Terminal Terminal, MarketEnvironment Environment, CancellationToken Cancellation)
{
    public bool Json => Arguments.GetValue(GlobalOptions.Json);

    /// <summary>A path that was typed, absolute; null where none was.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public string? PathOf(string? path) => path is null ? null : Path.GetFullPath(path, Terminal.WorkingDirectory);

    /// <summary>How git may be used; a credential is for the hosts of the registered marketplaces.</summary>
    public GitOptions Git => GitFor(() => CredentialHosts.Registered(Environment));

    /// <summary>How git may be used.</summary>
    /// <param name="hosts">The hosts that the user registered or names, beside those of <c>--allow-host</c>.</param>
    public GitOptions GitFor(Func<IEnumerable<string>> hosts) => new()
    {
        AllowHttp = Arguments.GetValue(GlobalOptions.AllowHttp),
        AllowHosts = Arguments.GetValue(GlobalOptions.AllowHost)!,
        TimeLimit = Arguments.GetValue(GlobalOptions.Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Credential = Arguments.GetValue(GlobalOptions.Credential) is { } user
            ? new GitCredential(user, Terminal.ReadSecret(), [.. hosts().Concat(Arguments.GetValue(GlobalOptions.AllowHost)!)]) : null,
    };

    /// <summary>How git may be used for a marketplace's source as typed.</summary>
    public GitOptions GitForSource(string source) =>
        GitFor(() => CredentialHosts.Of(source, Arguments.GetValue(GlobalOptions.AllowHttp), Environment));

    /// <summary>Gives a verb its run, and turns the one exception of the core into a message and an exit code.</summary>
    /// <param name="terminal">Where the answer goes.</param>
    /// <param name="verb">What is done.</param>
    /// <param name="createsHome">Whether the verb installs something, and so may create a home that is named and missing.</param>
    /// <param name="asJson">Whether the answer is JSON though <c>--json</c> does not ask for it.</param>
    public static Func<ParseResult, CancellationToken, Task<int>> Of(Terminal terminal, Func<Invocation, Task<int>> verb,
        bool createsHome = false, bool asJson = false) => async (arguments, cancellation) =>
        {
            var json = asJson || arguments.GetValue(GlobalOptions.Json);
            try
            {
                return await verb(new Invocation(arguments, terminal,
                    GlobalOptions.Environment(arguments, terminal, createsHome), cancellation));
            }
            catch (Exception problem)
            {
                return Report(terminal, json, arguments.GetValue(GlobalOptions.Verbose), problem);
            }
        };

    /// <summary>What any failure of a verb is to its user.</summary>
    public static PluginMarketException? Explain(Exception problem) => problem switch
    {
        PluginMarketException failure => failure,

        // What the core reads for a caller may go, or be closed to this account, while it is read.
        IOException or UnauthorizedAccessException => new PluginMarketException(MarketErrorCode.SourceUnreachable,
            $"{problem} {Remedy.Do($"Check that the path exists and that you can read it.")}", null, problem),
        OperationCanceledException => null,
        _ => InternalFault.From(problem),
    };

    private static int Report(Terminal terminal, bool json, bool verbose, Exception problem)
    {
        if (Explain(problem) is not { } failure)
        {
            Message interrupted = $"Interrupted; nothing was left half done.";
            if (json)
            {
                terminal.WriteError("Interrupted", interrupted, null);
            }

            terminal.WriteMessage(interrupted);
            return ExitCode.Failed;
        }

        return failure.Code == MarketErrorCode.InternalError ? ReportFault(terminal, json, verbose, problem)
            : Report(terminal, json, failure);
    }

    /// <summary>Says what no code expected, with its trace where details are wanted.</summary>
    public static int ReportFault(Terminal terminal, bool json, bool verbose, Exception fault)
    {
        var code = Report(terminal, json, InternalFault.From(fault));
        if (verbose)
        {
            foreach (var line in fault.ToString().Split('\n'))
            {
                terminal.WriteMessage($"{line.TrimEnd('\r')}");
            }
        }

        return code;
    }

    /// <summary>Says a failure: text on standard error, and with <c>--json</c> an object on standard output.</summary>
    public static int Report(Terminal terminal, bool json, PluginMarketException failure)
    {
        if (json && !terminal.HasAnswered)
        {
            terminal.WriteJson(new JsonObject { ["error"] = Describe(failure) });
        }

        terminal.WriteMessage($"Error: {Place(failure)}{failure.Said}");
        return ExitCode.Of(failure.Code);
    }

    /// <summary>Where nothing that was asked for could be answered, the failure is the answer.</summary>
    /// <param name="answered">Whether there is another answer.</param>
    /// <param name="failures">What failed.</param>
    /// <exception cref="PluginMarketException">The first failure.</exception>
    public void DemandAnswer(bool answered, IReadOnlyList<PluginMarketException> failures)
    {
        if (!answered && failures.Count > 0)
        {
            ReportOthers([.. Once(failures).Skip(1)]);
            throw failures[0];
        }
    }

    /// <summary>Says what failed beside an answer that was already given, and turns it into the exit code.</summary>
    public int ReportOthers(IReadOnlyList<PluginMarketException> failures)
    {
        foreach (var failure in Once(failures))
        {
            Terminal.WriteMessage($"Error: {Place(failure)}{failure.Said}");
        }

        return failures.Count == 0 ? ExitCode.Done : ExitCode.PartlyFailed;
    }

    // A catalog that cannot be read is the reason of each of its plugins.
    private static IEnumerable<PluginMarketException> Once(IReadOnlyList<PluginMarketException> failures) =>
        failures.DistinctBy(failure => (failure.Code, failure.Message));

    public static JsonObject Describe(PluginMarketException failure)
    {
        var error = new JsonObject
        {
            ["code"] = failure.Code.ToString(),
            ["message"] = failure.Said.In(Face.CommandLine),
            ["remedies"] = new JsonArray(
                [.. failure.Said.Remedies.Select(remedy => remedy.In(Face.CommandLine)).OfType<string>().Select(text => (JsonNode)text)]),
            ["target"] = failure.Target,
        };
        if (failure.File is not null)
        {
            error["file"] = failure.File;
            error["line"] = failure.Line;
            error["column"] = failure.Column;
        }

        return error;
    }

    private static string Place(PluginMarketException failure) =>
        failure is { File: { } file, Line: { } line } && !failure.Message.Contains(file, StringComparison.Ordinal)
            ? $"{file}:{line}:{failure.Column}: " : "";
}
