using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using PluginMarket.Cli.Capabilities;
using PluginMarket.Cli.Completion;
using PluginMarket.Cli.Fleet;
using PluginMarket.Cli.Installation;
using PluginMarket.Cli.Inventory;
using PluginMarket.Cli.Marketplaces;
using PluginMarket.Cli.Policies;
using PluginMarket.Cli.Try;
using PluginMarket.Cli.Validation;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Hosting;

/// <summary>The grammar: that of <c>codex plugin</c> (contract 4), so that a script written for one runs with
/// the other, and what Codex lacks.</summary>
internal static partial class CommandTree
{
    // A file whose name is behind an '@' would be read as further arguments; names with an '@' are usual here.
    internal static ParserConfiguration Grammar { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs what was typed; nothing that happens on the way ends the program otherwise than with an exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            if (terminal.WorkingDirectory.Length == 0)
            {
                throw new PluginMarketException(MarketErrorCode.SourceUnreachable,
                    $"The current folder no longer exists, or cannot be read. {Remedy.Do($"Run the command in another folder.")}");
            }

            return await RunVerbAsync(arguments, terminal, cancellation);
        }
#pragma warning disable CA1031 // The last place where a fault can still be told as one.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Suggestions.AreAskedFor(arguments) ? ExitCode.Done
                : Invocation.ReportFault(terminal, Has(arguments, GlobalOptions.Json), Has(arguments, GlobalOptions.Verbose), fault);
        }
    }

    private static async Task<int> RunVerbAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (Suggestions.AreAskedFor(arguments)
            && Suggestions.For(Build(terminal with { Error = TextWriter.Null }), arguments) is { } suggestions)
        {
            foreach (var suggestion in suggestions)
            {
                terminal.WriteLine(suggestion);
            }

            return ExitCode.Done;
        }

        var parsed = Build(terminal).Parse(arguments, Grammar);
        var errors = (UnknownVerb(parsed) is { } unknown
            ? [unknown] : parsed.Errors.Select(error => Say(error.Message, parsed))).Concat(UnknownOptions(parsed)).ToList();
        if (errors.Count > 0)
        {
            return RefuseUsage(arguments, terminal, errors);
        }

        var streams = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(streams, cancellation);
    }

    private const string MissingVerb = "Required command was not provided.";

    private static bool Has(string[] arguments, Option option) =>
        arguments.TakeWhile(argument => argument != "--").Contains(option.Name, StringComparer.Ordinal);

    private static int RefuseUsage(string[] arguments, Terminal terminal, List<string> errors)
    {
        // What the parser made of a line that it could not read tells nothing of what was asked for.
        if (Has(arguments, GlobalOptions.Json))
        {
            terminal.WriteError("UsageInvalid", $"{string.Join(' ', errors)}", null);
        }

        foreach (var error in errors)
        {
            terminal.WriteMessage($"error: {error}");
        }

        terminal.WriteMessage($"For more information, try '--help'.");
        return ExitCode.Usage;
    }

    // The parser takes an option that it does not know for the name of a plugin: a mistyped --dry-run would be
    // ignored, and the rest done.
    private static IEnumerable<string> UnknownOptions(ParseResult parsed)
    {
        var plain = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        return parsed.CommandResult.Children
            .OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.Length > 1 && token.Value[0] == '-' && plain.Contains(token))
            .Select(token => $"Unrecognized option '{token.Value}'.{Nearest(token.Value, OptionsOf(parsed))} To pass it as a value, "
                + $"write '-- {token.Value}'.");
    }

    private static string Say(string message, ParseResult parsed) =>
        parsed.UnmatchedTokens.FirstOrDefault(
            token => token.StartsWith('-') && message.Contains($"'{token}'", StringComparison.Ordinal)) is { } typed
            ? $"Unrecognized option '{DisplayText.Escape(typed)}'.{Nearest(typed, OptionsOf(parsed))}"
            : message == MissingVerb ? $"A command is missing. Use {string.Join(", ", parsed.CommandResult.Command.Subcommands.Where(
                command => !command.Hidden).Select(command => $"'{command.Name}'"))}."
            : Plain(message);

    // The parser names types of .NET, and lists words on lines of their own.
    private static string Plain(string message)
    {
        if (WrongType().Match(message) is { Success: true } wrong)
        {
            var (value, option, type) = (wrong.Groups["value"].Value, wrong.Groups["option"].Value, wrong.Groups["type"].Value);
            var words = message.Split('\n').Skip(1).Select(word => word.Trim()).Where(word => word.Length > 0).ToList();
            return $"'{DisplayText.HideSecrets(value)}' is not a value of {option}. "
                + (words.Count > 0 ? $"Use {string.Join(" or ", words.Select(word => word.ToLowerInvariant()))}."
                    : type.Contains("Int", StringComparison.Ordinal) ? "Use a whole number."
                    : type.Contains("Date", StringComparison.Ordinal) ? "Use a time such as 2026-01-31 or 2026-01-31T12:00Z."
                    : "See --help for its values.");
        }

        return WrongWord().Match(message) is { Success: true } other
            ? $"'{DisplayText.HideSecrets(other.Groups["value"].Value)}' is not one of "
                + $"{string.Join(", ", message.Split('\n').Skip(1).Select(word => word.Trim().Trim('\'')).Where(word => word.Length > 0))}."
            : message;
    }

    [GeneratedRegex(@"^Cannot parse argument '(?<value>.*)' for option '(?<option>[^']*)' as expected type '(?<type>.*)'\.",
        RegexOptions.ExplicitCapture)]
    private static partial Regex WrongType();

    [GeneratedRegex(@"^Argument '(?<value>.*)' not recognized\. Must be one of:", RegexOptions.ExplicitCapture)]
    private static partial Regex WrongWord();

    // The parser ignores a mistyped verb and takes what follows for one.
    private static string? UnknownVerb(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is not { } typed)
        {
            return null;
        }

        var isFirst = parsed.Tokens[0].Value == typed;
        var command = (isFirst ? parsed.RootCommandResult : parsed.CommandResult).Command;
        var verbs = command.Subcommands;
        return verbs.Count == 0 ? null
            : $"There is no command '{DisplayText.HideSecrets(typed)}'."
                + (OtherTools.VerbFor(typed, command) is { } verb ? $" Use '{verb}'." : Nearest(typed, verbs.Select(verb => verb.Name)));
    }

    private static IEnumerable<string> OptionsOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(option => option.Name);

    private static string Nearest(string typed, IEnumerable<string> names) =>
        NearestName.Find(typed, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    // Help would ask completion what can be in an argument's place, and print every plugin of the home there.
    private static void NameArguments(Command command)
    {
        foreach (var argument in command.Arguments.Where(argument => argument.CompletionSources.Count > 0))
        {
            argument.HelpName ??= argument.Name;
        }

        foreach (var verb in command.Subcommands)
        {
            NameArguments(verb);
        }
    }

    /// <summary>The whole grammar.</summary>
    internal static RootCommand Build(Terminal terminal)
    {
        GlobalOptions.Begin();
        var root = new RootCommand("Plugin marketplaces of coding agents, as OpenAI Codex has them.")
        {
            MarketplaceCommand.Build(terminal),
            AddCommand.Build(terminal),
            ListCommand.Build(terminal),
            RemoveCommand.Build(terminal),
            EnableCommand.Build(terminal, enable: true),
            EnableCommand.Build(terminal, enable: false),
            InventoryCommand.Build(terminal),
            ValidateCommand.Build(terminal),
            LockCommand.Build(terminal),
            RestoreCommand.Build(terminal),
            VerifyCommand.Build(terminal),
            ApplyCommand.Build(terminal),
            DriftCommand.Build(terminal),
            StateCommand.Build(terminal),
            DscCommand.Build(terminal),
            OutdatedCommand.Build(terminal),
            UpdateCommand.Build(terminal),
            DiffCommand.Build(terminal),
            HoldCommand.Build(terminal, hold: true),
            HoldCommand.Build(terminal, hold: false),
            RollbackCommand.Build(terminal),
            RepairCommand.Build(terminal),
            SaveCommand.Build(terminal),
            HistoryCommand.Build(terminal),
            HomesCommand.Build(terminal),
            ContentCommand.Build(terminal, capabilities: true),
            ContentCommand.Build(terminal, capabilities: false),
            PolicyCommand.Build(terminal),
            CompletionCommand.Build(terminal),
            TryCommand.Build(terminal),
        };
        root.Options.Add(GlobalOptions.Json);
        root.Options.Add(GlobalOptions.CodexHome);
        root.Options.Add(GlobalOptions.Home);
        root.Options.Add(GlobalOptions.GitEngine);
        root.Options.Add(GlobalOptions.AllowHttp);
        root.Options.Add(GlobalOptions.AllowHost);
        root.Options.Add(GlobalOptions.Policy);
        root.Options.Add(GlobalOptions.Timeout);
        root.Options.Add(GlobalOptions.Credential);
        root.Options.Add(GlobalOptions.Verbose);
        NameArguments(root);
        return root;
    }
}
