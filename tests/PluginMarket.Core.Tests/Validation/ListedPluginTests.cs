using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>Where a catalog is at the root, a check is every entry of it; local sources are checked without a switch.</summary>
[Trait("Category", "Fast")]
public sealed class ListedPluginTests : IDisposable
{
    private const string Skill = "---\nname: s\ndescription: d\n---\nx\n";
    private static readonly string[] InCatalog = ["interface", "AVAILABLE", "ON_USE", "installation|products", "local", "CODEX", "ref"];
    private static readonly string[] InPlugin = ["skills", "SessionStart", "matcher", "timeout"];
    private readonly ScratchFolder _scratch = new();

    public static TheoryData<string, string, string> BrokenEntries => new()
    {
        { """{"name":"a","source":"./plugins/gone"}""", "PM1220", "./plugins/gone" },
        { """{"name":"a","source":{"source":"local","path":"./plugins/gone/deep"}}""", "PM1220", "./plugins/gone/deep" },
        { """{"name":"a","source":"./plugins/file"}""", "PM1220", "./plugins/file" },
        { """{"name":"a","source":"./plugins/empty"}""", "PM1011", "manifest" },
        { """{"name":"a","source":"./plugins/broken"}""", "PM1011", "version" },
        { """{"name":"b","source":"./plugins/good"}""", "PM1010", "good" },
        { """{"name":"Good","source":"./plugins/good"}""", "PM1010", "good" },
        { """{"name":"a","source":"./plugins/outside"}""", "PM1224", "./plugins/outside" },
    };

    [Theory]
    [MemberData(nameof(BrokenEntries))]
    public async Task A_local_source_that_cannot_be_installed_is_found_without_a_switch(string entry, string rule, string says)
    {
        MakeFolders();
        _scratch.Write("m/.agents/plugins/marketplace.json", $$"""{"name":"mk","plugins":[{{entry}}]}""");

        var result = await CheckMarketplaceAsync();

        var finding = Assert.Single(result.Diagnostics);
        Assert.Equal(rule, finding.RuleId);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_scratch["m"], finding.Message, StringComparison.Ordinal);
        Assert.NotNull(finding.Line);
        Assert.Equal(rule == "PM1224", result.IsValid);
    }

    [Fact]
    public async Task A_remote_source_is_not_fetched_without_the_switch()
    {
        _scratch.Write("m/.agents/plugins/marketplace.json",
            """{"name":"mk","plugins":[{"name":"a","source":{"source":"url","url":"./nothing"}},{"name":"p","source":{"source":"npm","package":"no-such","version":"1.0.0"}}]}""");

        Assert.Equal(["PM1207"], (await CheckMarketplaceAsync()).Diagnostics.Select(finding => finding.RuleId));
    }

    [Fact]
    public void Every_entry_is_checked_and_nothing_else()
    {
        MakeFolders();
        _scratch.Write("m/backups/old/.codex-plugin/plugin.json", """{"name":3}""");
        _scratch.Write("m/tests/fixtures/m2/.agents/plugins/marketplace.json", """{"name":"m2","plugins":5}""");
        _scratch.Write("m/plugins/bare/skills/s/SKILL.md", Skill);
        _scratch.Write("m/.agents/plugins/marketplace.json", """
            {"name":"mk","plugins":[{"name":"good","source":"./plugins/good"},
            {"name":"bare","source":"./plugins/bare","version":"v 1","description":"d"},{"name":"gone","source":"./plugins/gone"}]}
            """);

        var results = Check(new ValidationRequest { Recurse = true });

        Assert.Equal([_scratch["m/plugins/good"], _scratch["m/plugins/bare"], _scratch["m/plugins/gone"]], results.Select(result => result.Path));
        var generated = Assert.Single(results[1].Diagnostics, finding => finding.Severity == "Error");
        Assert.Equal((_scratch["m/.agents/plugins/marketplace.json"], 2, "/plugins/1/version"),
            (generated.File, generated.Line, generated.JsonPointer));
        var missing = Assert.Single(results[2].Diagnostics);
        Assert.Equal(("PM1220", _scratch["m/.agents/plugins/marketplace.json"], 2), (missing.RuleId, missing.File, missing.Line));
        Assert.All(results.SelectMany(result => result.Diagnostics), finding => Assert.True(File.Exists(finding.File), finding.File));
    }

    [Fact]
    public async Task What_is_not_listed_is_checked_when_asked_and_paths_can_be_ignored()
    {
        MakeFolders();
        _scratch.Write("m/backups/old/.codex-plugin/plugin.json", """{"name":"old"}""");
        _scratch.Write("m/tests/fixtures/m2/.agents/plugins/marketplace.json", """{"name":"m2","plugins":[]}""");
        _scratch.Write("m/.agents/plugins/marketplace.json", """{"name":"mk","plugins":[{"name":"good","source":"./plugins/good"}]}""");
        var all = new ValidationRequest { Recurse = true, IncludeUnlisted = true };

        Assert.Equal(["plugins/good", "backups/old", "plugins/broken", "plugins/link"], Names(Check(all)));
        Assert.Equal([".", "tests/fixtures/m2"], Names(await CheckMarketplacesAsync(all)));
        var settings = ValidationSettings.Read(_scratch.Environment(),
            _scratch.Write("settings.json", """{"ignore":["backups","./tests/**/m?","plugins/bro*","link"]}"""));
        Assert.Equal(["plugins/good"], Names(Check(all with { Settings = settings })));
        Assert.Equal(["."], Names(await CheckMarketplacesAsync(all with { Settings = settings })));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("")]
    [InlineData("a/../b")]
    public void A_pattern_that_leaves_the_folder_is_refused(string pattern)
    {
        var failure = Assert.Throws<PluginMarketException>(() => ValidationSettings.Read(_scratch.Environment(),
            _scratch.Write("settings.json", $$"""{"ignore":["{{pattern}}"]}""")));

        Assert.Equal((MarketErrorCode.SettingsInvalid, 1), (failure.Code, failure.Line));
    }

    [Fact]
    public async Task Findings_name_the_wrong_word_and_the_near_one()
    {
        _scratch.Write("m/p/.codex-plugin/plugin.json", """{"name":"a","version":"1","hooks":"./hook/hooks.json","sklls":"./x"}""");
        _scratch.Write("m/q/.codex-plugin/plugin.json", """{"name":"q","version":"1"}""");
        _scratch.Write("m/q/hooks/hooks.json",
            """{"hooks":{"SesionStart":[{"mathcer":"x","hooks":[]}],"Stop":[{"mathcer":"x","hooks":[{"type":"command","command":"x","timout":3}]}]}}""");
        _scratch.Write("m/q/skills/s/SKILL.md", "---\nname: s\ndescripton: d\n---\nx\n");
        _scratch.Write("m/.agents/plugins/marketplace.json", """
            {"name":"mk","interfaec":{},"plugins":[
            {"name":"a","source":"./p","policy":{"installation":"AVAILBLE","authentication":"on-use","product":[]}},
            {"name":"b","source":{"source":"locale","path":"./p"}},
            {"name":"c","source":"./p","policy":{"products":["CODEXX"]}},
            {"name":"d","source":{"source":"url","url":"o/r","reff":"v1"}}]}
            """);

        var catalog = (await CheckMarketplaceAsync()).Diagnostics;
        var plugin = new Validator(_scratch.Environment()).CheckPlugins(
            new ValidationRequest { Paths = [_scratch["m/p"], _scratch["m/q"]] }).Results.SelectMany(result => result.Diagnostics).ToList();

        Assert.Contains(catalog, finding => finding.Message.Contains("\"AVAILBLE\"", StringComparison.Ordinal)
            && finding.Suggestion == "Write \"AVAILABLE\".");
        Assert.Equal([], InCatalog.Where(word => !catalog.Any(
            finding => word.Split('|').Any(one => finding.Suggestion == $"Write \"{one}\"."))));
        Assert.Equal([], InPlugin.Where(word => !plugin.Exists(finding => finding.Suggestion == $"Write \"{word}\".")));
        Assert.Contains(plugin, finding => finding.Message.Contains("Write \"description\" for \"descripton\"", StringComparison.Ordinal));
        var named = Assert.Single(plugin, finding => finding.RuleId == "PM0405");
        Assert.Equal((_scratch["m/p/.codex-plugin/plugin.json"], "/hooks"), (named.File, named.JsonPointer));
        Assert.Contains("hook/hooks.json", named.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"comand":"x"}}}""", "PM0601", "Write \"command\" for \"comand\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"ulr":"https://x"}}}""", "PM0601", "Write \"url\" for \"ulr\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"url":"https://x","auth":"oath"}}}""", "PM0601", "Write \"oauth\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"command":"x","default_tools_approval_mode":"promt"}}}""", "PM0601", "Write \"prompt\".")]
    [InlineData(".mcp.json", """{"mcpServer":{"s":{"command":"x"}}}""", "PM0601", "Write \"mcpServers\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"command":"x","arg":["y"]}}}""", "PM0612", "Write \"args\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"command":"x","startup_timeout_secs":3}}}""", "PM0612", "Write \"startup_timeout_sec\".")]
    [InlineData(".mcp.json", """{"mcpServers":{"s":{"url":"https://x","header":{"a":"b"}}}}""", "PM0604", "Write \"http_headers\".")]
    [InlineData("hooks/hooks.json", """{"hooks":{"Stop":[{"hook":[{"type":"command","command":"x"}]}]}}""", "PM0817",
        "Write \"hooks\" for \"hook\".")]
    [InlineData("hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","comand":"x"}]}]}}""", "PM0801",
        "Write \"command\" for \"comand\".")]
    [InlineData("hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"mcp_tool","server":"x","tol":"y"}]}]}}""", "PM0801",
        "Write \"tool\" for \"tol\".")]
    public void A_misspelled_word_of_a_server_or_a_hook_gets_the_word_that_was_meant(string file, string json, string rule, string suggestion)
    {
        _scratch.Write("m/p/.codex-plugin/plugin.json", """{"name":"p","version":"1.0.0","description":"d"}""");
        _scratch.Write($"m/p/{file}", json);

        var result = Assert.Single(new Validator(_scratch.Environment()).CheckPlugins(
            new ValidationRequest { Paths = [_scratch["m/p"]] }).Results);

        var finding = Assert.Single(result.Diagnostics, finding => finding.RuleId == rule);
        Assert.Equal((suggestion, _scratch[$"m/p/{file}"]), (finding.Suggestion, finding.File));
    }

    [Theory]
    [InlineData("""{"source":"github","repo":"acme/mono","path":"plugins/kit"}""",
        """{"source":"git-subdir","url":"acme/mono","path":"plugins/kit"}""")]
    [InlineData("""{"source":"github","repo":"acme/mono","ref":"v1","sha":"abc"}""",
        """{"source":"url","url":"acme/mono","ref":"v1","sha":"abc"}""")]
    [InlineData("""{"source":"git","url":"https://example.org/m.git","path":"./","ref":"v1"}""",
        """{"source":"url","url":"https://example.org/m.git","ref":"v1"}""")]
    [InlineData("""{"source":"gitlab","repo":"acme/mono","branch":"main"}""",
        """{"source":"url","url":"https://gitlab.com/acme/mono.git","ref":"main"}""")]
    public async Task A_source_of_another_tool_gets_the_line_to_write(string source, string line)
    {
        _scratch.Write("m/.agents/plugins/marketplace.json", $$"""{"name":"mk","plugins":[{"name":"a","source":{{source}}}]}""");

        Assert.Contains($"write {line}.", Assert.Single((await CheckMarketplaceAsync()).Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agents/a.md", "agents")]
    [InlineData("rules/a.mdc", "rules")]
    [InlineData("output-styles/a.md", "output styles")]
    [InlineData(".lsp.json", "LSP servers")]
    [InlineData("monitors/monitors.json", "monitors")]
    [InlineData("settings.json", "settings")]
    [InlineData("dependencies", "dependencies")]
    [InlineData("userConfig", "questions to the user")]
    [InlineData("lspServers", "LSP servers")]
    public void What_Codex_ignores_is_told_once_for_each_kind(string part, string name)
    {
        var isFile = part.Contains('.', StringComparison.Ordinal);
        _scratch.Write("p/.codex-plugin/plugin.json",
            $$"""{"name":"p","version":"1.0.0","description":"d"{{(isFile ? "" : $",\"{part}\":{{\"a\":{{}}}}")}}}""");
        _scratch.Write("p/skills/s/SKILL.md", Skill.Replace("name: s", "name: s", StringComparison.Ordinal));
        if (isFile)
        {
            _scratch.Write("p/" + part, "{}\n");
            _scratch.Write("p/" + part.Replace("a.", "b.", StringComparison.Ordinal), "{}\n");
        }

        var finding = Assert.Single(new Validator(_scratch.Environment()).CheckPlugins(new ValidationRequest { Paths = [_scratch["p"]] })
            .Results.Single().Diagnostics);

        Assert.Equal("PM0220", finding.RuleId);
        Assert.Contains($"plugin's {name}", finding.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(finding.File));
    }

    [Theory]
    [InlineData("https://ann:[password]@example.org")]
    [InlineData("https://ann:REPLACE_ME@example.org")]
    [InlineData("https://ann:REDACTED@example.org")]
    [InlineData("https://ann:CHANGE_ME@example.org")]
    [InlineData("https://ann:DB_PASSWORD@example.org")]
    [InlineData("scheme://[user[:password]@]host")]
    [InlineData("https?://([^:]+):([^@]+)@host")]
    [InlineData("postgres://app:(secret)@db")]
    public void What_stands_for_a_password_is_not_one(string text)
    {
        _scratch.Write("p/.codex-plugin/plugin.json", """{"name":"p","version":"1.0.0","description":"d"}""");
        _scratch.Write("p/skills/s/SKILL.md", Skill);
        _scratch.Write("p/notes.md", text + "\n");

        Assert.Empty(new Validator(_scratch.Environment()).CheckPlugins(new ValidationRequest { Paths = [_scratch["p"]] })
            .Results.Single().Diagnostics);
    }

    [Fact]
    public async Task No_message_of_a_sample_names_a_path_of_the_computer()
    {
        foreach (var rule in RuleSet.All)
        {
            using var sample = new SampleFolder(rule.BadSample);
            foreach (var finding in (await sample.CheckAsync(rule)).Diagnostics)
            {
                Assert.DoesNotContain(sample.Root, $"{finding.Message} {finding.Suggestion}", StringComparison.Ordinal);
                Assert.True(finding.File.Contains("\\u{", StringComparison.Ordinal) || File.Exists(finding.File) || Directory.Exists(finding.File) || new FileInfo(finding.File).LinkTarget is not null,
                    $"{rule.Id}: {finding.File}");
            }
        }
    }

    [Fact]
    public void A_baseline_is_written_and_accepts_what_was_found()
    {
        _scratch.Write("p/.codex-plugin/plugin.json", """{"name":"p","description":"d","version":1}""");
        var environment = _scratch.Environment();
        var path = _scratch.Write("settings.json", "{\n    \"exclude\": [\"PM0512\"]\n}\n");
        var request = new ValidationRequest { Paths = [_scratch["p"]], Settings = ValidationSettings.Read(environment, path) };

        var written = BaselineFile.Write(environment, path, new Validator(environment).CheckPlugins(request).Results);

        Assert.StartsWith("{\n    \"exclude\": [\"PM0512\"],\n    \"baseline\": [", File.ReadAllText(path), StringComparison.Ordinal);
        var again = new Validator(environment).CheckPlugins(
            request with { Settings = ValidationSettings.Read(environment, path) }).Results.Single();
        Assert.True(again.IsValid);
        Assert.Equal(written, again.Diagnostics.Count(finding => finding.IsAccepted));
        Assert.Equal(written, again.Diagnostics.Length);
        _scratch.Write("other.json", """{"scripts":{}}""");
        Assert.Equal(MarketErrorCode.SettingsInvalid, Assert.Throws<PluginMarketException>(
            () => BaselineFile.Write(environment, _scratch["other.json"], [again])).Code);
        Assert.Equal("""{"scripts":{}}""", File.ReadAllText(_scratch["other.json"]));
    }

    public void Dispose() => _scratch.Dispose();

    private void MakeFolders()
    {
        _scratch.Write("m/plugins/good/.codex-plugin/plugin.json", """{"name":"good","version":"1.0.0","description":"d"}""");
        _scratch.Write("m/plugins/good/skills/s/SKILL.md", Skill);
        _scratch.Write("m/plugins/broken/.codex-plugin/plugin.json", """{"name":"a","version":1}""");
        _scratch.Write("m/plugins/empty/README.md", "x\n");
        _scratch.Write("m/plugins/file", "x\n");
        _scratch.Write("m/plugins/link/.codex-plugin/plugin.json", """{"name":"link"}""");
        _scratch.Write("elsewhere/.codex-plugin/plugin.json", """{"name":"a"}""");
        Directory.CreateSymbolicLink(_scratch["m/plugins/outside"], _scratch["elsewhere"]);
    }

    private async Task<ValidationResult> CheckMarketplaceAsync() => Assert.Single((await new Validator(_scratch.Environment())
        .CheckMarketplacesAsync(new ValidationRequest { Paths = [_scratch["m"]] })).Results);

    private IReadOnlyList<ValidationResult> Check(ValidationRequest request) =>
        new Validator(_scratch.Environment()).CheckPlugins(request with { Paths = [_scratch["m"]] }).Results;

    private async Task<IReadOnlyList<ValidationResult>> CheckMarketplacesAsync(ValidationRequest request) =>
        (await new Validator(_scratch.Environment()).CheckMarketplacesAsync(request with { Paths = [_scratch["m"]] })).Results;

    private IEnumerable<string> Names(IEnumerable<ValidationResult> results) =>
        results.Select(result => Path.GetRelativePath(_scratch["m"], result.Path).Replace('\\', '/'));
}
