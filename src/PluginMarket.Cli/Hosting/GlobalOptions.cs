using System.CommandLine;
using System.Globalization;
using PluginMarket.Sources;

namespace PluginMarket.Cli.Hosting;

/// <summary>The options every verb takes.</summary>
internal static class GlobalOptions
{
    private static readonly AsyncLocal<Options?> OfThisRun = new();

    public static Option<bool> Json => Current.Json;

    public static Option<string?> CodexHome => Current.CodexHome;

    public static Option<string?> Home => Current.Home;

    public static Option<bool> Verbose => Current.Verbose;

    public static Option<string?> GitEngine => Current.GitEngine;

    public static Option<bool> AllowHttp => Current.AllowHttp;

    public static Option<string[]> AllowHost => Current.AllowHost;

    public static Option<string[]> Policy => Current.Policy;

    public static Option<int?> Timeout => Current.Timeout;

    public static Option<string?> Credential => Current.Credential;

    private static Options Current => OfThisRun.Value ??= new Options();

    /// <summary>Gives the tree of commands that is built now options of its own: an option keeps every tree that it was ever put into,
    /// and looks through all of them when it is put into another.</summary>
    public static void Begin() => OfThisRun.Value = new Options();

    /// <summary>Whether the answer is for a program: JSON, or one of the report formats.</summary>
    public static bool IsForProgram(ParseResult arguments) => arguments.GetValue(Json)
        || (arguments.GetResult("--format") is System.CommandLine.Parsing.OptionResult { Tokens: [var format] } && format.Value != "text");

    public static MarketEnvironment Environment(ParseResult arguments, Terminal terminal, bool createsHome = false)
    {
        var environment = MarketEnvironment.FromProcess(
            arguments.GetValue(CodexHome),
            arguments.GetValue(Home),
            terminal.WorkingDirectory,
            new TerminalActivityLog(terminal, arguments.GetValue(Verbose), IsForProgram(arguments)),
            createsHome) with
        {
            PolicyPaths = arguments.GetValue(Policy)!,
            Accounts = terminal.Accounts,
        };
        environment = FetchLimit.BeginCommand(environment,
            arguments.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return arguments.GetValue(GitEngine) is { } engine
            ? environment with
            {
                Variables = new Dictionary<string,
                    string>(environment.Variables, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)
                {
                    ["PLUGINMARKET_GIT_ENGINE"] = engine,
                },
            }
            : environment;
    }

    private sealed class Options
    {
        public Option<bool> Json { get; } = new("--json") { Description = "Print the answer as JSON", Recursive = true };

        public Option<string?> CodexHome { get; } =
            new("--codex-home")
            {
                Description = "The Codex home; default CODEX_HOME, else ~/.codex",
                HelpName = "FOLDER",
                Recursive = true,
            };

        public Option<string?> Home { get; } =
            new("--home")
            {
                Description = "The folder that contains the personal catalog; default HOME",
                HelpName = "FOLDER",
                Recursive = true,
            };

        public Option<bool> Verbose { get; } =
            new("--verbose") { Description = "Say what is decided and which git commands run", Recursive = true };

        public Option<string?> GitEngine { get; } = new Option<string?>("--git-engine")
        {
            Description = "What reaches git repositories; default PLUGINMARKET_GIT_ENGINE, else git where it is installed",
            Recursive = true,
        }.AcceptOnlyFromAmong("auto", "git", "libgit2");

        public Option<bool> AllowHttp { get; } =
            new("--allow-http") { Description = "Accept plain http for git sources", Recursive = true };

        public Option<string[]> AllowHost { get; } = new("--allow-host")
        {
            Description = "A private host that a public catalog may name; can be given more than once",
            HelpName = "HOST[:PORT]",
            Recursive = true,
            DefaultValueFactory = _ => [],
        };

        public Option<string[]> Policy { get; } = new("--policy")
        {
            Description = "A policy file that counts in addition to those of the computer; can be given more than once",
            HelpName = "FILE",
            Recursive = true,
            DefaultValueFactory = _ => [],
        };

        public Option<int?> Timeout { get; } = new Option<int?>("--timeout")
        {
            Description = "Seconds that all fetches may take together; default PLUGINMARKET_TIMEOUT_SEC, else no limit",
            HelpName = "SECONDS",
            Recursive = true,
        };

        public Option<string?> Credential { get; } = new("--credential")
        {
            Description = "A user name for the hosts of git marketplaces; its password or token is read from standard input",
            HelpName = "USER",
            Recursive = true,
        };

        public Options() => Timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds < 1)
            {
                result.AddError("--timeout needs a number of seconds, 1 or more.");
            }
        });
    }
}
