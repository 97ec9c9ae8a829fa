using System.CommandLine;

namespace PluginMarket.Cli.Hosting;

/// <summary>The options every verb takes.</summary>
internal static class GlobalOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the answer as JSON", Recursive = true };

    public static Option<string?> CodexHome { get; } = new("--codex-home") { Description = "The agent's home; default CODEX_HOME, else ~/.codex", HelpName = "FOLDER", Recursive = true };

    public static Option<string?> Home { get; } = new("--home") { Description = "The folder that holds the personal catalog; default HOME", HelpName = "FOLDER", Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Say what is decided and which git commands run", Recursive = true };

    public static MarketEnvironment Environment(ParseResult arguments, Terminal terminal) => MarketEnvironment.FromProcess(
        Absolute(arguments.GetValue(CodexHome), terminal),
        Absolute(arguments.GetValue(Home), terminal),
        terminal.WorkingDirectory,
        new TerminalActivityLog(terminal, arguments.GetValue(Verbose)));

    private static string? Absolute(string? path, Terminal terminal) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, terminal.WorkingDirectory);
}
