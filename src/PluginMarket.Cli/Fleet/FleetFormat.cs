using System.CommandLine;
using PluginMarket.Cli.Hosting;
using PluginMarket.Fleet;

namespace PluginMarket.Cli.Fleet;

/// <summary>The forms in which the verbs of fleets answer, and how a failure looks in each.</summary>
internal static class FleetFormat
{
    private const string Text = "text";
    private const string Line = "line";
    private const string Json = "json";

    public static Option<string> Make(params string[] more)
    {
        var option = new Option<string>("--format")
        {
            Description = "The form of the answer; line is one line for engines that show one line",
            DefaultValueFactory = _ => Text,
        };
        return option.AcceptOnlyFromAmong([Text, Json, Line, .. more]);
    }

    /// <summary>The form that was asked for; <c>--json</c> is another word for one.</summary>
    public static string Of(Invocation run, Option<string> option) =>
        run.Json ? Json : run.Arguments.GetValue(option) ?? Text;

    /// <summary>Gives a verb its run; in the line form there is one line on standard output and nothing on standard error.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Run(Terminal terminal, Option<string> format,
        Func<Invocation, Task<int>> verb, bool createsHome = false) => async (arguments, cancellation) =>
        {
            if (arguments.GetValue(GlobalOptions.Json) || arguments.GetValue(format) == Json)
            {
                return await Invocation.Of(terminal, verb, createsHome, asJson: true)(arguments, cancellation);
            }

            if (arguments.GetValue(format) != Line)
            {
                return await Invocation.Of(terminal, verb, createsHome)(arguments, cancellation);
            }

            var quiet = terminal with { Error = TextWriter.Null };
            try
            {
                var environment = GlobalOptions.Environment(arguments, quiet, createsHome);
                return await verb(new Invocation(arguments, quiet, environment, cancellation));
            }
            catch (Exception problem)
            {
                return Fail(terminal, Invocation.Explain(problem));
            }
        };

    private static int Fail(Terminal terminal, PluginMarketException? failure)
    {
        terminal.WriteLine(failure is null ? "FAILED code=Interrupted" : LineReport.OfFailure(failure));
        return failure is null ? ExitCode.Failed : ExitCode.Of(failure.Code);
    }
}
