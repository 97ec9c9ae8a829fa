using System.Text.Json;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary><c>apply</c>, <c>drift</c>, <c>inventory --out</c> and <c>state export</c>, as a script and an engine use them.</summary>
[Trait("Category", "Fast")]
public sealed class ApplyCommandTests
{
    private const string State = """
        {"format":1,"id":"dev","revision":"7","marketplaces":{"tools":{"source":"./tools"}},
         "plugins":[{"id":"alpha@tools","version":"1.0.0"},{"id":"beta@tools","enabled":false}]}
        """;

    [Fact]
    public void Check_apply_and_apply_again()
    {
        using var cli = Machine();

        var check = cli.Json("apply", "--file", "state.json", "--check");
        Assert.Equal(3, cli.Run("apply", "--file", "state.json", "--check").ExitCode);
        Assert.False(File.Exists(Path.Join(cli.CodexHome, "config.toml")));
        var applied = cli.Json("apply", "--file", "state.json");
        Assert.Equal(Steps(check), Steps(applied));
        Assert.Equal((0, "This home is as dev@7 says.\n", ""), cli.Run("apply", "--file", "state.json"));
        Assert.Equal(0, cli.Run("apply", "--file", "state.json", "--check").ExitCode);
        Assert.Equal((0, "No drift.\n", ""), cli.Run("drift", "--against", "state.json"));

        cli.Run("enable", "beta@tools");
        cli.Run("remove", "alpha@tools");
        Assert.Equal((3, "DRIFT dev@7 plugins=1 changed=0 drift=2 unknown=0 Missing:alpha@tools Enabled:beta@tools\n", ""),
            cli.Run("drift", "--against", "state.json", "--format", "line"));
        Assert.Equal((0, "CHANGED dev@7 plugins=2 changed=2 drift=0 unknown=0 Install:alpha@tools Disable:beta@tools\n", ""),
            cli.Run("apply", "--file", "state.json", "--format", "line"));
        Assert.Equal((0, "OK dev@7 plugins=2 changed=0 drift=0 unknown=0\n", ""),
            cli.Run("apply", "--file", "state.json", "--format", "line"));
    }

    [Fact]
    public void Drift_is_a_report_for_a_build_server()
    {
        using var cli = Machine();
        var absent = System.Xml.Linq.XDocument.Parse(cli.Run("drift", "--against", "state.json", "--format", "junit").Output).Root!;
        Assert.Equal(("3", "0"), (absent.Attribute("failures")!.Value, absent.Attribute("errors")!.Value));
        Assert.Contains("| Error | ", cli.Run("drift", "--against", "state.json", "--format", "markdown").Output, StringComparison.Ordinal);

        cli.Run("apply", "--file", "state.json");
        var (code, output, _) = cli.Run("drift", "--against", "state.json", "--format", "junit");
        Assert.Equal(0, code);
        Assert.EndsWith(": InSync", System.Xml.Linq.XDocument.Parse(output).Descendants("testcase").Single().Attribute("name")!.Value,
            StringComparison.Ordinal);
        Assert.Contains(" 1 computer: 0 failed, 0 unknown.", cli.Run("drift", "--against", "state.json", "--format", "markdown").Output,
            StringComparison.Ordinal);
        cli.Write("expected.txt", "not-there\n");
        Assert.Contains("errors=\"1\"", cli.Run("drift", "--against", "state.json", "--expect", "expected.txt", "--format", "junit").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_has_its_exit_code_and_in_the_line_form_one_line()
    {
        using var cli = Machine();
        cli.Write("broken.json", """{"format":1,"id":"dev","revision":"7","plugin":[]}""");
        cli.Write("deny.json", """
            {"format":1,"id":"corp","revision":"1","mode":"enforce",
             "rules":[{"id":"NONE","kind":"plugin","effect":"deny","match":[{"plugin":"*@tools"}]}]}
            """);
        var digest = PluginMarket.Files.TreeDigest.OfBytes(File.ReadAllBytes(Path.Join(cli.Folder, "deny.json")));
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        cli.Write("policy.json", State.Replace("\"plugins\"", $"\"policy\":{{\"path\":\"deny.json\",\"sha256\":\"{digest}\"}},\"plugins\"",
            StringComparison.Ordinal));
        cli.Write("gone.json", State.Replace("alpha@tools", "omega@tools", StringComparison.Ordinal));

        Assert.Equal((1, $"FAILED code=StateFileUnreadable file={Path.Join(cli.Folder, "broken.json")}:1:48\n", ""),
            cli.Run("apply", "--file", "broken.json", "--format", "line"));
        Assert.Equal((6, "", true), cli.Run("apply", "--file", "policy.json", "--format", "line") is var refused
            ? (refused.ExitCode, refused.Error,
                refused.Output.StartsWith("REFUSED code=PolicyDenied dev@7 ", StringComparison.Ordinal)) : default);
        var partly = cli.Run("apply", "--file", "gone.json");
        Assert.Equal(4, partly.ExitCode);
        Assert.Contains("omega", partly.Error, StringComparison.Ordinal);
        Assert.Equal("StateFileUnreadable", Json(cli.Run("apply", "--file", "broken.json", "--format", "json").Output)
            .GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, cli.Run("apply").ExitCode);
        Assert.Equal(2, cli.Run("drift", "--against", "state.json", "--max-age", "soon").ExitCode);
    }

    [Fact]
    public void The_line_form_is_one_line_of_at_most_two_thousand_characters_of_ASCII()
    {
        using var cli = new CliRun();
        var names = Enumerable.Range(0, 300).Select(number => $"plugin-with-a-long-name-{number}").ToArray();
        cli.Marketplace("tools", names);
        var ids = names.Select(name => $$"""{"id":"{{name}}@tools"}""");
        cli.Write("many.json",
            $$"""{"format":1,"id":"dev","revision":"é","marketplaces":{"tools":{"source":"./tools"} },"plugins":[{{string.Join(',', ids)}}] }""");

        var (code, output, error) = cli.Run("apply", "--file", "many.json", "--check", "--format", "line");

        Assert.Equal((3, ""), (code, error));
        Assert.Equal('\n', output[^1]);
        Assert.InRange(output.Length, 1500, 2001);
        Assert.DoesNotContain(output[..^1], c => c is < ' ' or > '~');
        Assert.Matches(@"^DRIFT dev@\? plugins=300 changed=0 drift=301 unknown=0 AddMarketplace:tools Install:.* \+\d+\n$", output);
    }

    [Fact]
    public void Inventories_of_machines_are_compared_and_those_that_are_missing_or_broken_are_told()
    {
        using var cli = Machine();
        cli.Run("apply", "--file", "state.json");
        Directory.CreateDirectory(Path.Join(cli.Folder, "inventory"));
        Assert.Equal(0, cli.Run("inventory", "--out", "inventory").ExitCode);
        var report = Assert.Single(Directory.GetFiles(Path.Join(cli.Folder, "inventory"), "*.ndjson"));
        Assert.Equal(File.ReadAllText(report).Split('\n').Length, cli.Run("inventory", "--out", "-").Output.Split('\n').Length);
        Assert.Equal(0, cli.Run("drift", "--against", "state.json", "--inventory", "inventory").ExitCode);
        Assert.Equal(0, cli.Run("drift", "--against", report, "--inventory", "inventory", "--max-age", "1h").ExitCode);

        cli.Write("inventory/cut.dev.0.ndjson", File.ReadAllText(report)[..^20]);
        cli.Write("expected.txt", $"# the fleet\n{Environment.MachineName}\nbuild02\n");
        var drift = cli.Json("drift", "--against", "state.json", "--inventory", "inventory", "--expect", "expected.txt");

        Assert.Equal(["BrokenReport cut", "NoReport build02"], drift.GetProperty("drift").EnumerateArray()
            .Select(found => $"{found.GetProperty("kind").GetString()} {found.GetProperty("computerName").GetString()}"));
        Assert.Equal((2, 1, 2), (drift.GetProperty("homes").GetProperty("reporting").GetInt32(),
            drift.GetProperty("homes").GetProperty("inSync").GetInt32(), drift.GetProperty("homes").GetProperty("unknown").GetInt32()));
    }

    [Fact]
    public void A_check_fails_where_applying_would_and_a_comparison_of_nothing_is_an_error()
    {
        using var cli = Machine();
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        cli.Write("deny.json", """
            {"format":1,"id":"corp","revision":"1","mode":"enforce",
             "rules":[{"id":"NONE","kind":"plugin","effect":"deny","match":[{"plugin":"alpha@tools"}]}]}
            """);
        var digest = PluginMarket.Files.TreeDigest.OfBytes(File.ReadAllBytes(Path.Join(cli.Folder, "deny.json")));
        cli.Write("policy.json", State.Replace("\"plugins\"", $"\"policy\":{{\"path\":\"deny.json\",\"sha256\":\"{digest}\"}},\"plugins\"",
            StringComparison.Ordinal));

        var check = cli.Json("apply", "--file", "policy.json", "--check");
        var applied = cli.Json("apply", "--file", "policy.json");

        Assert.Equal(Steps(check), Steps(applied));
        foreach (var answer in new[] { check, applied })
        {
            Assert.Equal(["alpha@tools PolicyDenied"], answer.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("error").GetString() is not null)
                .Select(item => $"{item.GetProperty("id").GetString()} {item.GetProperty("error").GetString()}"));
        }

        Assert.Equal(["Missing", "PolicyMissing"], Kinds(cli.Json("drift", "--against", "state.json", "--against", "deny.json")));
        Directory.CreateDirectory(Path.Join(cli.Folder, "empty"));
        Assert.Equal((1, "FAILED code=NothingToCheck\n"), cli.Run("drift", "--against", "state.json", "--inventory", "empty", "--format", "line")
            is var nothing ? (nothing.ExitCode, nothing.Output) : default);
        Assert.Equal(0, cli.Run("drift", "--against", "state.json", "--inventory", "empty", "--allow-empty").ExitCode);
        Assert.Equal(1, cli.Run("policy", "test").ExitCode);
        Assert.Equal(0, cli.Run("policy", "test", "--allow-empty").ExitCode);
        Assert.Equal(2, cli.Run("apply", "--file", "state.json", "--splay", "2d").ExitCode);
        Assert.Equal(4, cli.Run("apply", "--file", "state.json", "--splay", "0s", "--report", "missing/folder/").ExitCode);
        Assert.Equal(0, cli.Run("apply", "--file", "state.json", "--report", "empty").ExitCode);
        Assert.Single(Directory.GetFiles(Path.Join(cli.Folder, "empty")));

        static IEnumerable<string?> Kinds(JsonElement answer) => answer.GetProperty("drift").EnumerateArray()
            .Select(drift => drift.GetProperty("kind").GetString()).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void What_is_exported_is_applied_without_a_change()
    {
        using var cli = Machine();
        cli.Run("apply", "--file", "state.json");
        cli.Run("hold", "alpha@tools", "--note", "CHG-1");

        Assert.Equal(0, cli.Run("state", "export", "--out", "mine.json", "--pin", "version").ExitCode);
        Assert.Equal((0, "This home is as mine@"), (cli.Run("apply", "--file", "mine.json").ExitCode,
            cli.Run("apply", "--file", "mine.json").Output[..21]));
        Assert.Equal(File.ReadAllText(Path.Join(cli.Folder, "mine.json")).Replace("\"mine\"", "\"state\"", StringComparison.Ordinal),
            cli.Run("state", "export", "--pin", "version").Output);
        Assert.Equal(1, cli.Run("state", "export", "--pin", "commit").ExitCode);
        Assert.Equal(1, cli.Run("state", "export", "nothing").ExitCode);
    }

    private static CliRun Machine()
    {
        var cli = new CliRun();
        cli.Marketplace("tools", "alpha", "beta");
        cli.Write("state.json", State);
        return cli;
    }

    private static IEnumerable<string> Steps(JsonElement answer) => answer.GetProperty("items").EnumerateArray()
        .Select(item => $"{item.GetProperty("planned").GetString()} {item.GetProperty("id").GetString()}").Order(StringComparer.Ordinal);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
