using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Completes a parameter from local state only; a key press never waits for a network and never fails.</summary>
internal abstract class LocalCompleter : IArgumentCompleter
{
    /// <summary>What was read at keys before, kept for the session: each file is checked again and read where it changed.</summary>
    private protected static KnownNames Known { get; } = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var pattern = new WildcardPattern(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
            return
            [
                .. Candidates(Market(fakeBoundParameters), fakeBoundParameters)
                    .Where(candidate => pattern.IsMatch(candidate))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.OrdinalIgnoreCase)
                    .Select(candidate => new CompletionResult(Quote(candidate), candidate, CompletionResultType.ParameterValue,
                        Describe(candidate))),
            ];
        }
#pragma warning disable CA1031 // A completer that throws would break the prompt; the command itself reports what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    /// <summary>The values there are.</summary>
    /// <param name="market">The home that the command line names so far.</param>
    /// <param name="bound">The parameters given so far.</param>
    private protected abstract IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound);

    /// <summary>What the tool tip says of a value.</summary>
    private protected virtual string Describe(string candidate) => candidate;

    /// <summary>The texts of a parameter given so far.</summary>
    private protected static IReadOnlyList<string> Bound(IDictionary bound, string parameter) =>
        bound.Contains(parameter)
            ? [.. PipelineObject.Items(bound[parameter]).Select(item => $"{item}").Where(text => text.Length > 0)] : [];

    private static MarketEnvironment Market(IDictionary bound)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var location = shell.AddCommand("Get-Location").AddParameter("PSProvider", PathInput.FileSystem).Invoke<PathInfo>()
            .FirstOrDefault()?.ProviderPath;
        return MarketEnvironment.FromProcess(Absolute("CodexHome"), Absolute("HomePath"), location, SilentActivityLog.Instance);

        string? Absolute(string parameter) =>
            Bound(bound, parameter) is [var path, ..] ? Path.GetFullPath(path, location ?? Path.GetTempPath()) : null;
    }

    // A name of letters, digits and a few signs stands as it is; anything else could mean something to PowerShell.
    private static string Quote(string candidate) =>
        candidate.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') && !candidate.StartsWith('-')
            ? candidate
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(candidate)}'";
}
