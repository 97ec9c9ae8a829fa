using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>What decides whether the command of a hook can start.</summary>
internal static partial class HookCommandRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM0807", Severity.Warning, "A variable does not exist in hooks")
        {
            Why = "Hooks have PLUGIN_ROOT, CLAUDE_PLUGIN_ROOT, PLUGIN_DATA and CLAUDE_PLUGIN_DATA: "
                + "Codex replaces ${…} by their values and sets them in the hook's environment. "
                + "Another agent's, such as CODEX_PLUGIN_ROOT or CLAUDE_PROJECT_DIR, is empty, and a path after it begins at the root of "
                + "the disk. Hooks run in the folder of the project.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (command, text) in Commands(plugin))
                {
                    if (UnknownVariable().Matches(text).Select(variable => variable.Groups["name"].Value)
                        .FirstOrDefault(name => !text.Contains(name + "=", StringComparison.Ordinal)) is { } name)
                    {
                        var known = name.EndsWith("PROJECT_DIR", StringComparison.Ordinal) ? "$PWD"
                            : name.EndsWith("DATA", StringComparison.Ordinal) ? "${PLUGIN_DATA}" : "${PLUGIN_ROOT}";
                        report.Value(plugin.PathOf(command), command, $"Hooks have no variable {name}.", $"Write {known}.");
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls ${CODEX_PLUGIN_ROOT}\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"ls \\\"${PLUGIN_ROOT}\\\"\""),
        },
        new("PM0808", Severity.Warning, "A script does not exist")
        {
            Why = "The command names a file that the plugin does not have: the hook fails each time it runs.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (command, text) in Commands(plugin))
                {
                    foreach (Match script in RootedScript().Matches(text))
                    {
                        if (PluginPath.Normalise("./" + script.Groups["path"].Value, out _) is { Length: > 0 } path
                            && plugin.Tree.Find(path) is null)
                        {
                            report.Value(plugin.PathOf(command), command, $"The plugin has no \"{path}\".");
                        }
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"\\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\""),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh \\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0812", Severity.Warning, "The shell cannot start a script")
        {
            Why = "A hook runs in a shell. A script that is called by its path ends with exit code 126 unless it is executable, "
                + "and with 127 if its first line ends with a carriage return. A shell script with CRLF line ends fails also as "
                + "sh script.sh: the carriage return belongs to the last word of each line.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (command, text) in Commands(plugin))
                {
                    if (Started(plugin, text).FirstOrDefault() is { Script: { } script } found)
                    {
                        var (why, remedy) = Explain(found.Fault);
                        report.Value(plugin.PathOf(command), command, $"The shell cannot start \"{script.Path}\": {why}.", remedy);
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"\\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\"",
                "hooks/done.sh", "#!/bin/sh\r\necho done\r\n"),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh \\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0814", Severity.Warning, "A script is looked for in the project")
        {
            Why = "Hooks run in the folder of the project, not in that of the plugin: a relative path names a file of the project.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (command, text) in Commands(plugin))
                {
                    if (!text.Contains("PLUGIN_ROOT", StringComparison.Ordinal)
                        && RelativeScript().Matches(text).Select(script => script.Groups["path"].Value)
                            .Select(path => path.StartsWith("./", StringComparison.Ordinal) ? path : "./" + path)
                            .Select(path => PluginPath.Normalise(path, out _))
                            .FirstOrDefault(path => path is { Length: > 0 } && plugin.Tree.Find(path) is { Kind: TreeEntryKind.File })
                            is { } found)
                    {
                        report.Value(plugin.PathOf(command), command, $"The shell looks for \"{found}\" in the folder of the project.",
                            $"Write \"${{PLUGIN_ROOT}}/{found}\".");
                    }
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh hooks/done.sh\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh \\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
        new("PM0816", Severity.Information, "The plugin's folder is not quoted")
        {
            Why = "The path of the plugin contains that of the user's home. Where that has a space in it, the shell takes the path apart, "
                + "and the hook does not start.",
            Plugin = static (plugin, report) =>
            {
                if (Commands(plugin).FirstOrDefault(command => IsUnquoted(command.Text)) is { Value: { } first })
                {
                    report.Value(plugin.PathOf(first), first, "The shell takes the plugin's path apart where it contains a space.",
                        "Put the path in double quotes.");
                }
            },
            Bad = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh ${PLUGIN_ROOT}/hooks/done.sh\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
            Good = SampleText.Hook("Stop", "", "\"type\": \"command\", \"command\": \"sh \\\"${PLUGIN_ROOT}/hooks/done.sh\\\"\"",
                "hooks/done.sh", "#!/bin/sh\necho done\n"),
        },
    ];

    private static IEnumerable<(JsonValue Value, string Text)> Commands(PluginSubject plugin) => HookRules.Hooks(plugin)
        .Select(hook => hook.Definition["command"]).OfType<JsonValue>().Where(command => command.Kind == JsonKind.String)
        .Select(command => (command, command.GetString()));

    /// <summary>The scripts that hooks start and the shell cannot, each once with one fault.</summary>
    internal static IReadOnlyList<(TreeEntry Script, ScriptFault Fault)> Faults(PluginSubject plugin) =>
        [.. Commands(plugin).SelectMany(command => Started(plugin, command.Text)).DistinctBy(found => found.Script.Path)];

    private static IEnumerable<(TreeEntry Script, ScriptFault Fault)> Started(PluginSubject plugin, string command)
    {
        foreach (Match script in StartedScript().Matches(command))
        {
            if (PluginPath.Normalise("./" + script.Groups["path"].Value, out _) is { Length: > 0 } path
                && plugin.Tree.Find(path) is { Kind: TreeEntryKind.File } file
                && CheckStart(plugin, file, isCalledByPath: !script.Groups["shell"].Success) is { } fault)
            {
                yield return (file, fault);
            }
        }
    }

    private static ScriptFault? CheckStart(PluginSubject plugin, TreeEntry script, bool isCalledByPath)
    {
        var lines = plugin.Texts.FirstOrDefault(text => text.Path == script.Path)?.Text.Split('\n') ?? [""];
        var hasInterpreter = lines[0].StartsWith("#!", StringComparison.Ordinal);
        return isCalledByPath && hasInterpreter && lines[0].EndsWith('\r') ? ScriptFault.FirstLine
            : (!isCalledByPath || !hasInterpreter || ShellLine().IsMatch(lines[0])) && lines.Any(line => line.EndsWith('\r'))
            ? ScriptFault.LineEnds
            : isCalledByPath && !OperatingSystem.IsWindows() && !script.Executable ? ScriptFault.NotExecutable : null;
    }

    private static (string Why, string Remedy) Explain(ScriptFault fault) => fault switch
    {
        ScriptFault.FirstLine => ("its first line ends with a carriage return", "Save it with LF line ends."),
        ScriptFault.LineEnds => ("its lines end with carriage returns", "Save it with LF line ends."),
        _ => ("it is not executable", "Make it executable, or add its interpreter to the command."),
    };

    // Inside double quotes nothing is taken apart; what single quotes leave to another shell is not known here.
    private static bool IsUnquoted(string command)
    {
        foreach (Match place in Folder().Matches(command))
        {
            var before = command.AsSpan(0, place.Index);
            if (before.Count('"') % 2 == 0 && before.Count('\'') % 2 == 0 && !Assigned().IsMatch(before))
            {
                return true;
            }
        }

        return false;
    }

    private const string Root = @"\$(?:\{(?:CLAUDE_)?PLUGIN_ROOT(?::?-[^}]*)?\}|(?:CLAUDE_)?PLUGIN_ROOT\b)";

    // Where a command begins: first, behind an operator, behind assignments and exec.
    private const string Start = @"(?:^|[;&|({]|\b(?:then|do|else)\b)\s*(?:[A-Za-z_]\w*=\S*\s+)*(?:exec\s+)?";

    [GeneratedRegex(@"\$\{?(?<name>(?!(?:CLAUDE_)?PLUGIN_(?:ROOT|DATA)\b)[A-Z0-9_]*PLUGIN_(?:ROOT|DATA|DIR|PATH)\b"
        + @"|(?:CLAUDE|CODEX|CURSOR|GEMINI)_PROJECT_DIR\b)(?!:?-)")]
    private static partial Regex UnknownVariable();

    [GeneratedRegex(Root + @"""?/(?<path>[A-Za-z0-9_./-]+)")]
    private static partial Regex RootedScript();

    [GeneratedRegex(Start + @"(?:(?<shell>(?:/bin/|/usr/bin/(?:env )?)?(?:ba|da|z|k)?sh)\s+(?:-[a-z]+\s+)*)?""?" + Root
        + @"""?/(?<path>[A-Za-z0-9_./-]+)")]
    private static partial Regex StartedScript();

    [GeneratedRegex(Start + @"(?:(?:(?:ba|da|z)?sh|node|bun|deno run|python3?|ruby|perl|pwsh(?: -File)?)\s+(?:-[a-z]+\s+)*)?"
        + @"""?(?<path>(?:\./)?[A-Za-z0-9_-][A-Za-z0-9_./-]*)")]
    private static partial Regex RelativeScript();

    [GeneratedRegex(@"^#!\S*(?:/|\benv\s+)(?:ba|da|z|k)?sh\b")]
    private static partial Regex ShellLine();

    [GeneratedRegex(Root)]
    private static partial Regex Folder();

    [GeneratedRegex(@"(?:^|[\s;&|(])[A-Za-z_]\w*=$")]
    private static partial Regex Assigned();
}

/// <summary>Why the shell cannot start a script.</summary>
internal enum ScriptFault
{
    /// <summary>The line that names its interpreter ends with a carriage return.</summary>
    FirstLine,
    /// <summary>Its lines end with carriage returns, which a shell takes for text.</summary>
    LineEnds,
    /// <summary>It lacks the mark of what may be run.</summary>
    NotExecutable,
}
