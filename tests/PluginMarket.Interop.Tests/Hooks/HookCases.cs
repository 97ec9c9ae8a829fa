using System.Text.Json;

namespace PluginMarket.Interop.Tests.Hooks;

/// <summary>Plugins whose hooks each show one claim. A hook that runs leaves a file; one that does not run leaves none.</summary>
internal static class HookCases
{
    private const string Script = "#!/bin/sh\nprintf started > \"$EVIDENCE/NAME\"\n";
    private const string Started = "\"${PLUGIN_ROOT}/run.sh\"";
    private const string Agent = ",\"$schema\":\"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json\"";

    internal static IReadOnlyList<HookCase> All { get; } =
    [
        new("replaced", "The four variables in braces are replaced")
        {
            Hooks = Start([.. Variables.Select(name => Leave(name, $"${{{name}}}"))]),
            Left = new Dictionary<string, string>
            {
                ["PLUGIN_ROOT"] = "ROOT", ["CLAUDE_PLUGIN_ROOT"] = "ROOT", ["PLUGIN_DATA"] = "DATA", ["CLAUDE_PLUGIN_DATA"] = "DATA",
            },
        },
        new("environment", "The four variables are in the environment of a hook")
        {
            Hooks = Start([.. Variables.Select(name => Leave("env-" + name, $"$(printenv {name})"))]),
            Left = new Dictionary<string, string>
            {
                ["env-PLUGIN_ROOT"] = "ROOT", ["env-CLAUDE_PLUGIN_ROOT"] = "ROOT", ["env-PLUGIN_DATA"] = "DATA",
                ["env-CLAUDE_PLUGIN_DATA"] = "DATA",
            },
        },
        new("unknown", "CODEX_PLUGIN_ROOT is empty", "PM0807") { Hooks = Start(Leave("unknown", "[${CODEX_PLUGIN_ROOT}]")), Left = One("unknown", "[]") },
        new("cursor-root", "CURSOR_PLUGIN_ROOT is empty", "PM0807") { Hooks = Start(Leave("cursor-root", "[$CURSOR_PLUGIN_ROOT]")), Left = One("cursor-root", "[]") },
        new("project", "CLAUDE_PROJECT_DIR is empty", "PM0807") { Hooks = Start(Leave("project", "[$CLAUDE_PROJECT_DIR]")), Left = One("project", "[]") },
        new("folder", "Hooks run in the folder of the project") { Hooks = Start(Leave("folder", "$PWD")), Left = One("folder", "PROJECT") },
        new("default", "A default behind an unknown variable is used")
        {
            Hooks = Start(Leave("default", "${CODEX_PLUGIN_ROOT:-$PLUGIN_ROOT}")), Left = One("default", "ROOT"),
        },
        Run("marked", "An executable script starts") with { IsExecutable = true, Left = One("marked", "started") },
        Run("unmarked", "A script without the mark does not start", "PM0812"),
        Run("interpreter", "An interpreter needs no mark") with { Hooks = Start("sh " + Started), Left = One("interpreter", "started") },
        Run("line-ends", "A script whose first line ends with a carriage return does not start", "PM0812") with
        {
            IsExecutable = true, Files = [("run.sh", Script.Replace("\n", "\r\n", StringComparison.Ordinal))],
        },
        Run("shell-line-ends", "A shell reads no script with CRLF line ends", "PM0812") with
        {
            Hooks = Start("sh " + Started),
            Files = [("run.sh", "#!/bin/sh\r\nif true; then\r\nprintf x > \"$EVIDENCE/NAME\"\r\nfi\r\n")],
        },
        Run("root-default", "A default behind PLUGIN_ROOT is not used") with
        {
            Hooks = Start("\"${PLUGIN_ROOT:-.}/run.sh\""), IsExecutable = true, Left = One("root-default", "started"),
        },
        Run("root-default-unmarked", "A script behind a default needs the mark too", "PM0812") with { Hooks = Start("\"${PLUGIN_ROOT:-.}/run.sh\"") },
        Run("second", "A script behind an operator needs the mark too", "PM0812") with { Hooks = Start("true && " + Started) },
        Run("unquoted", "A path with a space is taken apart where it is not quoted", "PM0816") with
        {
            Hooks = Start("${PLUGIN_ROOT}/run.sh"), IsExecutable = true,
        },
        Run("relative", "A relative path is one of the project", "PM0814") with { Hooks = Start("./run.sh"), IsExecutable = true },
        Run("relative-argument", "A relative path behind an interpreter too", "PM0814") with { Hooks = Start("sh run.sh") },
        new("missing", "A script that is not there does not start", "PM0808")
        {
            Hooks = Start("\"${PLUGIN_ROOT}/none.sh\"; printf $? > \"$EVIDENCE/missing\""), Left = One("missing", "127"),
        },
        new("timeout", "A hook is stopped after its timeout")
        {
            Hooks = Group("SessionStart", "", Handler(Slow("timeout", 4), ",\"timeout\":1")), Left = One("timeout", "begun"),
        },
        new("no-time", "A timeout of 0 is one second")
        {
            Hooks = Group("SessionStart", "", Handler(Slow("no-time", 4), ",\"timeout\":0")), Left = One("no-time", "begun"),
        },
        new("final", "SessionEnd gets three seconds at most", "PM0806")
        {
            Hooks = Group("SessionEnd", "", Handler(Slow("final", 6), ",\"timeout\":60")), Left = One("final", "begun"),
        },
        .. Matchers("SessionStart", [("startup", true), ("*", true), ("", true), ("^start", true), ("clear|startup", true), ("resume", false),
            ("start", null), ("Startup", null), ("startup,resume", null)]),
        .. Matchers("PreToolUse", [("Bash", true), ("Bash|Edit", true), ("^Bash$", true), (".*", true), ("Edit", false), ("bash", null),
            ("shell", null), ("exec_command", null), ("Bash(ls *)", null), ("Bash,Edit", null)]),
        new("ignored-matcher", "Stop has nothing to match", "PM0809")
        {
            Hooks = Group("Stop", "Nothing", Handler(Leave("ignored-matcher", "x"))), Left = One("ignored-matcher", "x"),
        },
        new("bad-matcher", "An invalid matcher skips its hooks", "PM0804") { Hooks = Group("SessionStart", "(startup", Handler(Leave("bad-matcher", "x"))) },
        new("look-ahead", "Look-ahead is not read", "PM0804") { Hooks = Group("SessionStart", "(?=startup)", Handler(Leave("look-ahead", "x"))) },
        new("unknown-event", "An unknown event is ignored", "PM0802") { Hooks = Group("Notification", "", Handler(Leave("unknown-event", "x"))) },
        new("typo", "An unknown key is ignored", "PM0813")
        {
            Hooks = Start(Leave("typo", "x")).Replace("\"matcher\":\"\"", "\"macher\":\"resume\"", StringComparison.Ordinal), Left = One("typo", "x"),
        },
        new("wrong-timeout", "One wrong type and no hook of the file runs", "PM0801")
        {
            Hooks = Group("SessionStart", "", Handler(Leave("wrong-timeout", "x"), ",\"timeout\":\"5\"")),
        },
        new("extra-key", "An unknown key at the top and no hook of the file runs", "PM0801")
        {
            Hooks = Start(Leave("extra-key", "x")).Insert(1, "\"version\":1,"),
        },
        new("windows-only", "commandWindows without command and no hook of the file runs", "PM0801")
        {
            Hooks = Group("SessionStart", "", "{\"type\":\"command\",\"commandWindows\":\"echo\"}", Handler(Leave("windows-only", "x"))),
        },
        new("windows-too", "commandWindows is not used elsewhere")
        {
            Hooks = Group("SessionStart", "", Handler(Leave("windows-too", "here"), ",\"commandWindows\":" + Json(Leave("windows-too", "there")))),
            Left = One("windows-too", "here"),
        },
        new("prompt", "A prompt hook is skipped, others of the file run", "PM0803")
        {
            Hooks = Group("SessionStart", "", "{\"type\":\"prompt\",\"prompt\":\"x\"}", Handler(Leave("prompt", "x"))), Left = One("prompt", "x"),
        },
        new("blank", "A blank command is skipped, others of the file run", "PM0803")
        {
            Hooks = Group("SessionStart", "", Handler("  "), Handler(Leave("blank", "x"))), Left = One("blank", "x"),
        },
        new("array", "Events in an array are read in Codex's order", "PM0805")
        {
            Hooks = $$$"""{"hooks":[[],[],[{"hooks":[{{{Handler(Leave("array", "x"))}}}]}]]}""", Left = One("array", "x"),
        },
        new("inline", "Hooks of the manifest replace those of the file")
        {
            Hooks = Start(Leave("inline-file", "x")), Members = ",\"hooks\":" + Start(Leave("inline", "x")), Left = One("inline", "x"),
        },
        new("named", "A named file replaces hooks/hooks.json")
        {
            Hooks = Start(Leave("named-default", "x")), Members = ",\"hooks\":\"./my/hooks.json\"",
            Files = [("my/hooks.json", Start(Leave("named", "x")))], Left = One("named", "x"),
        },
        new("named-missing", "A named file that is missing turns hooks/hooks.json off")
        {
            Hooks = Start(Leave("named-missing", "x")), Members = ",\"hooks\":\"./my/hooks.json\"",
        },
        new("claude", "Hooks of a plugin for Claude Code run")
        {
            ManifestPath = ".claude-plugin/plugin.json", Hooks = Start(Leave("claude", "x")), Left = One("claude", "x"),
        },
        new("plain-root", "A root plugin.json without the schema changes nothing")
        {
            Hooks = Start(Leave("plain-root", "x")), Files = [("plugin.json", "{\"name\":\"plain-root\"}")], Left = One("plain-root", "x"),
        },
        new("agent", "Hooks of the Agent Plugin format never run", "PM0811")
        {
            ManifestPath = "plugin.json", Members = Agent, Hooks = Start(Leave("agent", "x")),
        },
        new("agent-extension", "Those of its extension neither", "PM0811")
        {
            ManifestPath = "plugin.json",
            Members = Agent + ",\"extensions\":{\"com.openai\":{\"hooks\":" + Start(Leave("agent-extension", "x")) + "}}",
        },
        new("agent-overlay", "Nor those of a plugin with another manifest beside it", "PM0811")
        {
            ManifestPath = "plugin.json", Members = Agent, Hooks = Start(Leave("agent-overlay", "x")),
            Files = [(".codex-plugin/plugin.json", "{\"name\":\"agent-overlay\",\"hooks\":\"./hooks/hooks.json\"}")],
        },
    ];

    private static string[] Variables => ["PLUGIN_ROOT", "CLAUDE_PLUGIN_ROOT", "PLUGIN_DATA", "CLAUDE_PLUGIN_DATA"];

    private static HookCase Run(string name, string claim, params string[] rules) =>
        new(name, claim, rules) { Hooks = Start(Started), Files = [("run.sh", Script)] };

    // A matcher that can match and does not (false) is right in itself; one that never can (null) is a finding.
    private static IEnumerable<HookCase> Matchers(string eventName, (string Matcher, bool? Runs)[] all) => all.Select((one, place) =>
        new HookCase($"{eventName}-{place}", $"The matcher '{one.Matcher}' of {eventName}", one.Runs is null ? ["PM0815"] : [])
        {
            Hooks = Group(eventName, one.Matcher, Handler(Leave($"{eventName}-{place}", "x"))),
            Left = one.Runs == true ? One($"{eventName}-{place}", "x") : new Dictionary<string, string>(),
        });

    private static Dictionary<string, string> One(string name, string text) => new() { [name] = text };

    private static string Start(params string[] commands) => Group("SessionStart", "", [.. commands.Select(command => Handler(command))]);

    private static string Group(string eventName, string matcher, params string[] handlers) =>
        $$$"""{"hooks":{"{{{eventName}}}":[{"matcher":{{{Json(matcher)}}},"hooks":[{{{string.Join(',', handlers)}}}]}]}}""";

    private static string Handler(string command, string fields = "") => $$"""{"type":"command","command":{{Json(command)}}{{fields}}}""";

    private static string Leave(string name, string text) => $"printf %s \"{text}\" > \"$EVIDENCE/{name}\"";

    private static string Slow(string name, int seconds) => $"{Leave(name, "begun")}; sleep {seconds}; {Leave(name, "ended")}";

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
