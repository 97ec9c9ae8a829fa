using PluginMarket.Json;

namespace PluginMarket.Validation;

/// <summary>Makes one finding of all commands of a plugin that become no skill: a list of a hundred says less.</summary>
internal static class IgnoredCommands
{
    private const string Kind = "CommandIgnored";
    private const int MostNamed = 5;

    internal static IEnumerable<ReaderFinding> Join(IReadOnlyList<ReaderFinding> findings)
    {
        var commands = findings.Where(finding => finding.Kind == Kind).ToList();
        return commands.Count < 2 ? findings : findings.Where(finding => finding.Kind != Kind).Append(commands[0] with
        {
            Message = $"{commands[0].Message} The same is true of {commands.Count - 1} more "
                + $"{(commands.Count == 2 ? "command" : "commands")}: {string.Join(", ", commands.Skip(1).Take(MostNamed)
                    .Select(command => Messages.DisplayText.Escape(command.Path)))}"
                + $"{(commands.Count - 1 > MostNamed ? $" and {commands.Count - 1 - MostNamed} more" : "")}.",
        });
    }
}
