using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.7: hooks, each row as Codex 0.169 listed it.</summary>
[Trait("Category", "Fast")]
public sealed class HookTests
{
    private const string Command = """{"type":"command","command":"c"}""";

    private static PluginManifest Read(string file, string manifest = "{}") =>
        PluginTree.WithManifest(manifest).Add("hooks/hooks.json", file).ReadManifest();

    private static string Stop(string handlers) => $$$"""{"hooks":{"Stop":[{"hooks":[{{{handlers}}}]}]}}""";

    [Fact]
    public void Every_event_of_Codex_is_known()
    {
        var events =
            "PreModelRequest PostModelRequest PreToolUse PermissionRequest PostToolUse PreCompact PostCompact SessionStart SessionEnd UserPromptSubmit SubagentStart SubagentStop Stop Interrupt".Split(' ');
        var groups = events.Append("Notification").Select(e => $"\"{e}\":[{{\"matcher\":\"x\",\"hooks\":[{Command}]}}]");
        var manifest = Read("{\"hooks\":{" + string.Join(',', groups) + "}}");
        Assert.Equal(events, manifest.Hooks.Select(h => h.Event));
        Assert.Equal("hooks/hooks.json:user_prompt_submit:0:0", manifest.Hooks[9].Key);
        Assert.Equal(["PreModelRequest", "PostModelRequest", "UserPromptSubmit", "Stop", "Interrupt"],
            manifest.Hooks.Where(h => h.Matcher is null).Select(h => h.Event));
        Assert.Equal(["SessionEnd", "Interrupt"], manifest.Hooks.Where(h => h.Timeout == 1).Select(h => h.Event));
        Assert.Equal("HookEventUnknown", Assert.Single(manifest.Warnings).Kind);
    }

    [Theory]
    [InlineData(Command, 600)]
    [InlineData("""{"type":"command","command":"c","timeout":0}""", 1)]
    [InlineData("""{"type":"command","command":"c","timeout":null}""", 600)]
    [InlineData("""{"type":"command","command":"c","timeout":7,"async":true,"statusMessage":"s","commandWindows":"w","additionalContextLimit":5,"other":1}""", 7)]
    [InlineData("""{"type":"command","command":"c","command_windows":"w"}""", 600)]
    [InlineData("""{"type":"mcp_tool","server":"s","tool":"t","input":{"a":1}}""", 600)]
    public void What_Codex_loads_is_loaded(string handler, long timeout) =>
        Assert.Equal(timeout, Assert.Single(Read(Stop(handler)).Hooks).Timeout);

    [Theory]
    [InlineData("""{"type":"command","command":" "}""")]
    [InlineData("""{"type":"prompt","prompt":5}""")]
    [InlineData("""{"type":"agent"}""")]
    [InlineData("""{"type":"mcp_tool","server":" ","tool":"t"}""")]
    public void What_Codex_skips_is_not_loaded_but_its_neighbours_are(string handler)
    {
        var manifest = Read(Stop($"{handler},{Command}"));
        Assert.Equal("hooks/hooks.json:stop:0:1", Assert.Single(manifest.Hooks).Key);
        Assert.Equal("HookSkipped", Assert.Single(manifest.Warnings).Kind);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("""{"command":"x"}""")]
    [InlineData("""{"type":"http","url":"x"}""")]
    [InlineData("""{"type":"command"}""")]
    [InlineData("""{"type":"command","command":5}""")]
    [InlineData("""{"type":"command","command":"x","timeout":"5"}""")]
    [InlineData("""{"type":"command","command":"x","timeout":-1}""")]
    [InlineData("""{"type":"command","command":"x","timeout":5.0}""")]
    [InlineData("""{"type":"command","command":"x","async":"y"}""")]
    [InlineData("""{"type":"command","command":"x","async":null}""")]
    [InlineData("""{"type":"command","command":"x","statusMessage":5}""")]
    [InlineData("""{"type":"command","command":"x","additionalContextLimit":"5"}""")]
    [InlineData("""{"type":"command","command":"x","commandWindows":"a","command_windows":"b"}""")]
    [InlineData("""{"type":"mcp_tool","server":"s"}""")]
    [InlineData("""{"type":"mcp_tool","server":"s","tool":"t","input":5}""")]
    [InlineData("""{"type":"mcp_tool","server":"s","tool":"t","input":null}""")]
    public void One_wrong_type_rejects_the_whole_file(string handler)
    {
        var manifest = Read(Stop($"{Command},{handler}"));
        Assert.Empty(manifest.Hooks);
        Assert.Equal("HooksIgnored", Assert.Single(manifest.Warnings).Kind);
    }

    [Theory]
    [InlineData("""{"hooks":{},"x":1}""", false)]
    [InlineData("""{"$schema":"x","hooks":{}}""", false)]
    [InlineData("""{"description":5,"hooks":{}}""", false)]
    [InlineData("""{"hooks":null}""", false)]
    [InlineData("""{"hooks":{"Stop":{}}}""", false)]
    [InlineData("""{"hooks":{"Stop":null}}""", false)]
    [InlineData("""{"hooks":{"Stop":["x"]}}""", false)]
    [InlineData("""{"hooks":{"Stop":[{"matcher":5}]}}""", false)]
    [InlineData("""{"hooks":{"Stop":[{"hooks":null}]}}""", false)]
    [InlineData("""["d",{},5]""", false)]
    [InlineData("5", false)]
    [InlineData("""{"description":"d"}""", true)]
    [InlineData("""{"description":null,"hooks":{"Stop":[{"matcher":null,"other":5},{"matcher":"x"}]}}""", true)]
    [InlineData("[]", true)]
    [InlineData("""{"hooks":[]}""", true)]
    public void The_file_has_two_fields_only(string file, bool accepted)
    {
        var manifest = Read(file);
        Assert.Empty(manifest.Hooks);
        Assert.Equal(accepted, manifest.Warnings.All(warning => warning.Kind == "HookGroupEmpty"));
    }

    [Theory]
    [InlineData("""["desc",{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}]""", "Stop c")]
    [InlineData("""{"hooks":[[["x",[{"type":"command","command":"c"}]]]]}""", "PreModelRequest c")]
    [InlineData("""{"hooks":{"Stop":[{"hooks":[["command","pos","win",5]]}]}}""", "Stop pos")]
    public void Hooks_written_as_arrays_do_not_hide(string file, string hook) =>
        Assert.Equal(hook, Read(file).Hooks.Select(h => $"{h.Event} {h.Command}").Single());

    [Theory]
    [InlineData("\"./h2.json\"", "h2.json:stop:0:0")]
    [InlineData("[\"./h2.json\",\"bad\"]", "h2.json:stop:0:0")]
    [InlineData("[\"./h2.json\",\"././h2.json\"]", "h2.json:stop:0:0 h2.json:stop:0:0")]
    [InlineData("\"bad\"", "hooks/hooks.json:stop:0:0")]
    [InlineData("\"./missing.json\"", "")]
    [InlineData("[\"./missing.json\",\"./h2.json\"]", "h2.json:stop:0:0")]
    [InlineData("[]", "hooks/hooks.json:stop:0:0")]
    [InlineData("5", "hooks/hooks.json:stop:0:0")]
    [InlineData("null", "hooks/hooks.json:stop:0:0")]
    [InlineData("{}", "")]
    [InlineData("""{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}""", "hooks/hooks.json:stop:0:0")]
    [InlineData("""{"hooks":{"Stop":5}}""", "hooks/hooks.json:stop:0:0")]
    [InlineData("""{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}}""", "plugin.json#hooks[0]:stop:0:0")]
    [InlineData("""[{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}},{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}}]""", "plugin.json#hooks[0]:stop:0:0 plugin.json#hooks[1]:stop:0:0")]
    [InlineData("""["./h2.json",{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}}]""", "")]
    public void The_manifest_may_replace_the_default_file(string value, string keys)
    {
        var manifest = PluginTree.WithManifest($$"""{"hooks":{{value}}}""").Add("hooks/hooks.json", Stop(Command))
            .Add("h2.json", Stop(Command)).ReadManifest();
        Assert.Equal(keys, string.Join(' ', manifest.Hooks.Select(h => h.Key)));
    }

    [Fact]
    public void A_matcher_Codex_cannot_use_takes_its_group_out()
    {
        var manifest = Read(
            $$$"""{"hooks":{"PreToolUse":[{"matcher":"[","hooks":[{{{Command}}}]},{"matcher":"Bash|Edit","hooks":[{{{Command}}}]}],"Stop":[{"matcher":"[","hooks":[{{{Command}}}]}]}}""");
        Assert.Equal(["hooks/hooks.json:pre_tool_use:1:0", "hooks/hooks.json:stop:0:0"], manifest.Hooks.Select(h => h.Key));
        Assert.Single(manifest.PassedOverHooks);
    }

    [Theory]
    [InlineData(@" | * | a|b | \d+ | (?P<n>x) | (?<n>x) | (?<a.b>x) | a{2} | x{2,} | x{2,3}? | x{1}{2} | x{01} | \_ | \- | x++ | a** | x?? | (?i)x | (?i-s:x) | (?R)x | (?:x) | [[:alpha:]] | [[:^alpha:]] | [[a]] | \p{L} | \pL | \P{Greek} | \z | \A | \b | \b{end} | \< | [a&&b] | [a--b] | [a-] | [-a] | []a] | [^]a] | [a-\x62] | [\d] | ] | } | a| | () | \x{41} | \x41 | \u{1F600} | \u0041 | \U00000041 | é | mcp__.* | $^ | x{ 1 } | x{1, 2}")]
    public void Expressions_that_Codex_takes_pass(string patterns) =>
        Assert.All(patterns.Split(" | "), p => Assert.Null(MatcherSyntax.Check(p)));

    [Theory]
    [InlineData("[ ~ (?=x) ~ (?!x) ~ (?<=x) ~ (?<!x) ~ (?P<n> ~ (?P=n) ~ (?<n>x)(?<n>y) ~ (?)x ~ (?|x) ~ (x ~ x) ~ ?x ~ *x ~ x{2,1} ~ x{,} ~ x{,3} ~ a{ ~ a{1 ~ { ~ x{a} ~ x{1,2,3} ~ [[a] ~ [^] ~ [] ~ [a\\] ~ \\ ~ \\x4 ~ \\xZZ ~ \\uD800 ~ \\x{110000} ~ \\0 ~ (a)\\1 ~ \\k<n> ~ \\Z ~ \\G ~ \\e ~ \\Q ~ \\é ~ a|*b ~ (?<1n>x) ~ (?P<>x) ~ [\\b] ~ [\\w-z] ~ [a-\\d] ~ [z-a] ~ (?>a) ~ (?#x) ~ (?ii) ~ (?-) ~ (?i-) ~ (?--i) ~ (?i ~ x{1000000}")]
    public void Expressions_that_Codex_refuses_fail(string patterns) =>
        Assert.All(patterns.Split(" ~ "), p => Assert.True(MatcherSyntax.Check(p) is not null, p));
}
