using System.Collections.Concurrent;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using PluginMarket.Toml;

namespace PluginMarket.Interop.Tests;

/// <summary>What makes Codex refuse its configuration: the borders of TOML, and the types of the keys that it knows.</summary>
public sealed class ConfigurationGrammarTests : IDisposable
{
    // Every third line of the table: with the whole of it this would be the longest of all tests.
    private const int Stride = 3;

    private readonly ScratchFolder _scratch = new();

    private static readonly string[] Together =
    [
        "profile = \"x\"\n",
        "profile = \"\"\n[profiles.x]\nmodel = \"m\"\n",
        "[profiles.x]\nmodel = \"m\"\n",
        "[profiles.x]\nmodel_provider = \"zz\"\n",
        "[mcp_servers.a]\n",
        "[mcp_servers.a]\nenabled = false\n",
        "[mcp_servers.a]\ncommand = \"\"\n",
        "[mcp_servers.a]\ncommand = \"x\"\nargs = [\"a\"]\nenv = { A = \"b\" }\nenv_vars = [\"A\"]\ncwd = \"/x\"\n",
        .. new[] { "url = \"x\"", "bearer_token_env_var = \"X\"", "bearer_token = \"x\"", "http_headers = { A = \"b\" }",
            "env_http_headers = { A = \"B\" }", "oauth_resource = \"x\"", "scopes = [\"x\"]", "unknown = 1" }
            .Select(key => $"[mcp_servers.a]\ncommand = \"x\"\n{key}\n"),
        .. new[] { "args = [\"a\"]", "env = { A = \"b\" }", "env_vars = [\"A\"]", "cwd = \"/x\"", "bearer_token = \"x\"",
            "bearer_token_env_var = \"X\"", "http_headers = { A = \"b\" }", "oauth_resource = \"x\"" }
            .Select(key => $"[mcp_servers.a]\nurl = \"http://h\"\n{key}\n"),
        .. new[] { "", "zz", "openai", "ollama", "lmstudio", "amazon-bedrock", "oss" }.Select(name => $"model_provider = \"{name}\"\n"),
        "model_provider = \"zz\"\n[model_providers.zz]\nname = \"z\"\n",
        .. new[] { "openai", "ollama", "lmstudio", "oss", "zz" }.Select(name => $"[model_providers.{name}]\nname = \"x\"\n"),
        "[model_providers.zz]\n",
        "[model_providers.zz]\nname = \"\"\n",
        .. new[] { "responses", "chat", "foo" }.Select(format => $"[model_providers.zz]\nname = \"x\"\nwire_api = \"{format}\"\n"),
    ];

    [CodexFact]
    public void The_table_of_the_grammar_says_what_Codex_says()
    {
        var asked = TomlVerdict.ReadAll().Where((_, index) => index % Stride == 0).ToList();

        var differences = Ask(asked, verdict => verdict.Bytes,
            (verdict, run) => IsRefused(run) == verdict.IsTaken ? verdict.Written : null);

        Assert.True(asked.Count > 300);
        Assert.Empty(differences);
    }

    [CodexFact]
    public void Every_key_whose_type_we_demand_is_one_whose_type_Codex_demands()
    {
        var differences = Ask(
            ConfigurationKeys.All,
            key => System.Text.Encoding.UTF8.GetBytes(WrongFor(key.Path, key.Kind)),
            (key, run) => IsRefused(run) && Refuses(WrongFor(key.Path, key.Kind)) ? null : string.Join('.', key.Path));

        Assert.Empty(differences);
    }

    [CodexTheory]
    [InlineData("x = \"a\\\nb\"\n")]
    [InlineData("x = \"\\u00e")]
    [InlineData("[[a]]\nb = 1\n[a.b]\n")]
    [InlineData("x = 1e400\n")]
    [InlineData("model = 1\n")]
    [InlineData("profile = \"x\"\n")]
    [InlineData("[mcp_servers.a]\nargs = []\n")]
    public async Task A_file_that_Codex_refuses_is_refused_by_every_command_and_stays_as_it_is(string text)
    {
        await using var home = new SharedHome();
        var root = home.LocalMarketplace();
        await home.AddAsync(root);
        await home.InstallAsync("alpha@corp");
        var path = Path.Join(home.CodexHome, "config.toml");
        var broken = text + "\n" + File.ReadAllText(path);
        File.WriteAllText(path, broken);
        Assert.NotEqual(0, home.TryCodex("list").ExitCode);

        Func<Task>[] commands =
        [
            () => home.AddAsync(root),
            () => home.RemoveAsync("corp"),
            () => Task.FromResult(ConfigurationLayers.Read(home.Ours.Environment)),
            () => Task.FromResult(new InstalledPluginQuery(home.Ours.Environment).List(new InstalledPluginRequest())),
        ];
        foreach (var command in commands)
        {
            var failure = await Assert.ThrowsAsync<PluginMarketException>(command);
            Assert.True(failure is { Code: MarketErrorCode.ConfigInvalid, Line: > 0, Column: > 0 }, failure.ToString());
        }

        Assert.Equal(broken, File.ReadAllText(path));
    }

    [CodexFact]
    public void Settings_that_exclude_each_other_or_name_nothing_are_refused_as_Codex_refuses_them()
    {
        var differences = Ask(
            Together,
            System.Text.Encoding.UTF8.GetBytes,
            (text, run) => RefusesTogether(text) == run.Error.Contains("failed to load configuration", StringComparison.Ordinal)
                ? null : $"{text.ReplaceLineEndings("; ")} Codex {(run.ExitCode == 0 ? "reads" : "refuses")} it",
            "list");

        Assert.Empty(differences);
        Assert.InRange(Together.Count(RefusesTogether), 20, Together.Length - 10);
    }

    [CodexTheory]
    [Shows("inline-break")]
    [InlineData("x = {a\n=1}\n")]
    [InlineData("x = {a=\n1}\n")]
    public void A_line_break_beside_the_sign_of_an_inline_table_is_read_by_Codex_alone(string text)
    {
        var home = _scratch.MakeFolder("break/.codex");
        File.WriteAllText(Path.Join(home, "config.toml"), text);

        Assert.Equal(0, Judge.Current.Run(home, Path.GetDirectoryName(home)!, "plugin", "list").ExitCode);
        Assert.True(Refuses(text));
        Assert.False(Refuses(text.Replace("\n=", "=", StringComparison.Ordinal).Replace("=\n", "=", StringComparison.Ordinal)));
    }

    public void Dispose() => _scratch.Dispose();

    private List<string> Ask<T>(IReadOnlyList<T> cases, Func<T, byte[]> text, Func<T, CodexRun, string?> difference, string verb = "remove")
    {
        var codex = Judge.Current;
        var differences = new ConcurrentBag<string>();
        Parallel.For(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
        {
            var home = _scratch.MakeFolder($"{codex.Version}-{index}/.codex");
            File.WriteAllBytes(Path.Join(home, "config.toml"), text(cases[index]));
            if (difference(cases[index], codex.Run(home, Path.GetDirectoryName(home)!, ["plugin", verb, .. verb == "remove" ? ["a@b"] : Array.Empty<string>()])) is { } found)
            {
                differences.Add(found);
            }
        });
        return [.. differences.Order(StringComparer.Ordinal)];
    }

    private static bool IsRefused(CodexRun run) => run.ExitCode != 0
        && (run.Error.Contains("config.toml:", StringComparison.Ordinal) || run.Error.Contains("invalid utf-8", StringComparison.Ordinal));

    private static bool Refuses(string text)
    {
        try
        {
            ConfigurationShape.DemandConfiguration(TomlFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "config.toml"));
            return false;
        }
        catch (PluginMarketException failure)
        {
            return failure.Code == MarketErrorCode.ConfigInvalid;
        }
    }

    private static bool RefusesTogether(string text)
    {
        var file = TomlFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "config.toml");
        return Refuses(text) || ConfigurationRules.Check(file.Root) is not null;
    }

    private static string WrongFor(string[] path, ConfigurationKind kind)
    {
        var wrong = kind switch
        {
            ConfigurationKind.Flag or ConfigurationKind.FlagOrTable or ConfigurationKind.Integer or ConfigurationKind.Count
                or ConfigurationKind.Seconds => "\"s\"",
            ConfigurationKind.SourceType or ConfigurationKind.TrustLevel or ConfigurationKind.ApprovalMode => "\"Another\"",
            _ => "1",
        };
        var keys = string.Join('.', path.Select(part => part == "*" ? "s" : part));

        // What the table needs besides, so that it is the wrong type and nothing else that is refused.
        var beside = path switch
        {
            ["mcp_servers", "*", var key, ..] when key is not ("command" or "url") => key.EndsWith("headers", StringComparison.Ordinal)
                || key == "bearer_token_env_var" ? "mcp_servers.s.url = \"https://x\"\n" : "mcp_servers.s.command = \"c\"\n",
            ["model_providers", "*", var key, ..] when key != "name" => "model_providers.s.name = \"n\"\n",
            ["marketplaces", "*", var key, ..] when key != "source_type" => "marketplaces.s.source_type = \"git\"\n",
            _ => "",
        };
        return $"{beside}{keys} = {wrong}\n";
    }
}
