using System.Text.RegularExpressions;
using PluginMarket.Identity;

namespace PluginMarket.Manifests;

/// <summary>What the matchers of hooks are compared with, as far as that is a closed set (contract 2.7).</summary>
internal static partial class MatcherTargets
{
    private const string Shell = "Bash";

    // The names of tools of Codex that run a shell; a hook sees each as Bash.
    private static readonly string[] ShellTools = ["shell", "exec_command", "local_shell", "shell_command"];

    /// <summary>Why a matcher, or a name in it, can match nothing, and what was meant; null where it can match.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="matcher">The matcher, one that Codex takes.</param>
    internal static (string Message, string? Meant)? FindMistake(string eventName, string matcher)
    {
        if (matcher is "" or "*" || MatcherSyntax.Check(matcher) is not null)
        {
            return null;
        }

        var names = MatcherSyntax.IsListOfNames(matcher) ? matcher.Split('|') : null;
        return ValuesOf(eventName) is { } values ? OfValues(eventName, matcher, names, values)
            : eventName is "PreToolUse" or "PostToolUse" or "PermissionRequest" ? OfTools(matcher, names) : null;
    }

    private static string[]? ValuesOf(string eventName) => eventName switch
    {
        "SessionStart" => ["startup", "resume", "clear", "compact"],
        "PreCompact" or "PostCompact" => ["manual", "auto"],
        _ => null,
    };

    private static (string, string?)? OfValues(string eventName, string matcher, string[]? names, string[] values)
    {
        if (names is null ? values.Any(value => Matches(matcher, value)) : names.Intersect(values).Any())
        {
            return null;
        }

        return ($"The matcher \"{matcher}\" matches none of {string.Join(", ", values)}: hooks of {eventName} never run with it.",
            Joined(matcher) ?? (NearestName.FindTypo(matcher, values) is { } near ? near : null));
    }

    private static (string, string?)? OfTools(string matcher, string[]? names)
    {
        if (names?.FirstOrDefault(name => ShellTools.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name != Shell && name.Equals(Shell, StringComparison.OrdinalIgnoreCase))) is { } wrong)
        {
            return ($"No tool is called \"{wrong}\" in hooks: the shell is \"{Shell}\".",
                string.Join('|', names.Select(name => name == wrong ? Shell : name).Distinct()));
        }

        if (names is null && Permission().Match(matcher) is { Success: true } permission)
        {
            return ($"The matcher \"{matcher}\" matches no tool: Codex does not read patterns of permissions in it.",
                permission.Groups["tool"].Value);
        }

        return names is null && Joined(matcher) is { } joined
            ? ($"The matcher \"{matcher}\" matches no tool: names are separated by '|'.", joined) : null;
    }

    private static string? Joined(string matcher) =>
        Commas().IsMatch(matcher) ? string.Join('|', matcher.Split(',').Select(name => name.Trim())) : null;

    private static bool Matches(string expression, string value)
    {
        try
        {
            return Regex.IsMatch(value, expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            // An expression that Codex takes and .NET does not: nothing is claimed of it.
            return true;
        }
    }

    [GeneratedRegex(@"^(?<tool>[A-Z][A-Za-z]*)\([^|)]*\)$")]
    private static partial Regex Permission();

    [GeneratedRegex(@"^\w+(?:\s*,\s*\w+)+$")]
    private static partial Regex Commas();
}
