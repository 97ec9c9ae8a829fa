using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class MarketplaceCommandTests
{
    [Fact]
    public void Add_answers_in_the_shape_of_Codex_and_says_when_it_was_there_already()
    {
        using var cli = new CliRun();
        var root = cli.Marketplace("tools", "alpha");

        var first = cli.Json("marketplace", "add", root);
        var second = cli.Json("marketplace", "add", "./tools");

        Assert.Equal($$"""{"marketplaceName":"tools","installedRoot":"{{root}}","alreadyAdded":false}""", Compact(first));
        Assert.Equal($$"""{"marketplaceName":"tools","installedRoot":"{{root}}","alreadyAdded":true}""", Compact(second));
    }

    [Fact]
    public void List_shows_the_personal_catalog_first_and_without_a_source()
    {
        using var cli = new CliRun();
        cli.Write("home/.agents/plugins/marketplace.json", """{ "name": "mine", "plugins": [] }""");
        var root = cli.Marketplace("tools", "alpha");
        cli.Run("marketplace", "add", root);

        var listed = Compact(cli.Json("marketplace", "list"));

        Assert.Equal(
            $$$"""{"marketplaces":[{"name":"mine","root":"{{{cli.Home}}}"},{"name":"tools","root":"{{{root}}}","marketplaceSource":{"sourceType":"local","source":"{{{root}}}"}}]}""",
            listed);
    }

    [Fact]
    public void Add_and_list_say_which_entries_are_skipped_and_why()
    {
        using var cli = new CliRun();
        var root = cli.Marketplace("tools", "alpha");
        cli.Write("tools/.agents/plugins/marketplace.json", """
            {"name":"tools","plugins":[{"name":"alpha","source":"./alpha"},{"name":"out","source":"../out"},{"source":"./alpha"},
              {"name":"hidden","source":"./alpha","policy":{"products":["CHATGPT"]}}]}
            """);

        var (code, output, error) = cli.Run("marketplace", "add", root);

        Assert.Equal(0, code);
        Assert.DoesNotContain("skipped", output, StringComparison.Ordinal);
        Assert.Contains("3 of 4 entries of 'tools' are skipped.", error, StringComparison.Ordinal);
        Assert.Contains("\n  out: ", error, StringComparison.Ordinal);
        Assert.Contains("\n  hidden: ", error, StringComparison.Ordinal);
        Assert.Contains("3 of 4 entries", cli.Run("marketplace", "list").Error, StringComparison.Ordinal);
        foreach (var item in new[] { cli.Json("marketplace", "add", root), cli.Json("marketplace", "list").GetProperty("marketplaces")[0] })
        {
            Assert.Equal(3, item.GetProperty("skippedEntries").GetInt32());
            Assert.Equal(["out", "Entry 3", "hidden"],
                item.GetProperty("skipReasons").EnumerateArray().Select(reason => reason.GetString()!.Split(':')[0]));
        }
    }

    [Fact]
    public void Without_marketplaces_the_list_says_so()
    {
        using var cli = new CliRun();

        Assert.Equal((0, "No plugin marketplaces in scope.\n", ""), cli.Run("marketplace", "list"));
    }

    [Fact]
    public void Upgrade_without_git_marketplaces_says_so()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));

        Assert.Equal((0, "No configured Git marketplaces to upgrade.\n", ""), cli.Run("marketplace", "upgrade"));
        Assert.Equal("""{"selectedMarketplaces":[],"upgradedRoots":[],"errors":[]}""", Compact(cli.Json("marketplace", "upgrade")));
    }

    [Fact]
    public void Upgrade_of_a_local_marketplace_fails()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));

        var (code, output, error) = cli.Run("marketplace", "upgrade", "tools");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("marketplace `tools` is not configured as a Git marketplace", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_forgets_the_marketplace_and_leaves_its_folder()
    {
        using var cli = new CliRun();
        var root = cli.Marketplace("tools", "alpha");
        cli.Run("marketplace", "add", root);

        Assert.Equal("""{"marketplaceName":"tools","installedRoot":null}""", Compact(cli.Json("marketplace", "remove", "tools")));
        Assert.True(Directory.Exists(root));
        Assert.Equal(0, cli.Json("marketplace", "list").GetProperty("marketplaces").GetArrayLength());
    }

    [Fact]
    public void A_failure_is_a_JSON_object_with_its_code_and_exit_code_1()
    {
        using var cli = new CliRun();

        var (code, _, error) = cli.Run("marketplace", "remove", "absent", "--json");
        var answer = cli.Json("marketplace", "remove", "absent").GetProperty("error");

        Assert.Equal(1, code);
        Assert.Equal("MarketplaceNotFound", answer.GetProperty("code").GetString());
        Assert.Equal("absent", answer.GetProperty("target").GetString());
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_no_known_form_is_refused_and_nothing_is_written()
    {
        using var cli = new CliRun();

        var (code, _, _) = cli.Run("marketplace", "add", "not-a-source");

        Assert.Equal(1, code);
        Assert.Empty(Directory.GetFiles(cli.CodexHome, "config.toml*"));
    }

    [Fact]
    public void The_git_engine_can_be_chosen()
    {
        using var cli = new CliRun();

        // Nobody listens at the port: git says so, and libgit2, where it is found, that it does not speak ssh.
        var (code, _, error) = cli.Run("marketplace", "add", "ssh://git@127.0.0.1:1/shop", "--git-engine", "libgit2");

        Assert.Equal(1, code);
        Assert.Contains("libgit2", error, StringComparison.Ordinal);
        (code, _, error) = cli.Run("marketplace", "add", "ssh://git@127.0.0.1:1/shop", "--git-engine", "git");
        Assert.Equal(1, code);
        Assert.DoesNotContain("libgit2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("marketplace add SOURCE")]
    [InlineData("marketplace upgrade")]
    [InlineData("add tool@shop")]
    [InlineData("update")]
    [InlineData("outdated")]
    [InlineData("outdated --refresh")]
    [InlineData("diff tool@shop")]
    [InlineData("restore --lock-file plugins.lock.json --frozen")]
    public void Every_verb_that_fetches_takes_what_its_message_advises(string verb)
    {
        using var cli = new CliRun();
        const string Source = "http://nobody.invalid/tool";
        cli.Write("shop/.agents/plugins/marketplace.json", """{ "name": "shop", "plugins": [{ "name": "tool", "source": "./tool" }] }""");
        cli.Write("shop/tool/.codex-plugin/plugin.json", """{ "name": "tool", "version": "1.0.0" }""");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "shop"));
        cli.Run("add", "tool@shop", "--cache-version", "manifest");
        cli.Run("lock");
        string[] json = ["\"local\"", "\"path\": \"./shop/tool\""];
        cli.Write("plugins.lock.json", File.ReadAllText(Path.Join(cli.Folder, "plugins.lock.json"))
            .Replace(json[0], "\"git\"", StringComparison.Ordinal)
            .Replace(json[1], $"\"url\": \"{Source}\", \"commit\": \"{new string('a', 40)}\"", StringComparison.Ordinal));
        cli.Write("shop/.agents/plugins/marketplace.json",
            $$"""{ "name": "shop", "plugins": [{ "name": "tool", "source": { "source": "url", "url": "{{Source}}" } }] }""");
        if (verb is "marketplace upgrade" or "outdated --refresh")
        {
            cli.Write("home/.codex/config.toml",
                $"[marketplaces.shop]\nsource_type = \"git\"\nsource = \"{Source}\"\n[plugins.\"tool@shop\"]\nenabled = true\n");
        }

        string[] arguments = verb.Replace("SOURCE", Source, StringComparison.Ordinal).Split(' ');
        var refused = cli.Run(arguments).Error;
        Assert.Contains("Use --allow-http to allow it.", refused, StringComparison.Ordinal);
        var allowed = cli.Run([.. arguments, "--allow-http"]).Error;
        Assert.NotEqual("", allowed);
        Assert.DoesNotContain("--allow-http", allowed, StringComparison.Ordinal);
        Assert.NotEqual(2, cli.Run([.. arguments, "--allow-http", "--allow-host", "git.corp", "--allow-host", "10.0.0.7:8443"]).ExitCode);
    }

    [Theory]
    [InlineData("marketplace", "add")]
    [InlineData("add")]
    [InlineData("nonsense")]
    [InlineData("list", "--available")]
    [InlineData("list", "--git-engine", "svn")]
    public void Wrong_usage_is_exit_code_2(params string[] arguments)
    {
        using var cli = new CliRun();

        var (code, output, error) = cli.Run(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);

        // `list --available --json` is not wrong usage.
        if (arguments is not ["list", "--available"])
        {
            (code, output, _) = cli.Run([.. arguments, "--json"]);
            using var document = System.Text.Json.JsonDocument.Parse(output);
            var failure = document.RootElement.GetProperty("error");
            Assert.Equal((2, "UsageInvalid"), (code, failure.GetProperty("code").GetString()));
            Assert.StartsWith(error.Split('\n')[0]["error: ".Length..],
                failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static string Compact(System.Text.Json.JsonElement answer) => System.Text.Json.JsonSerializer.Serialize(answer);

    [Fact]
    public void The_value_of_auto_update_is_set_and_nothing_else()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "kit"));

        Assert.Equal((0, "Set auto_update of marketplace `tools` to true.\n", ""),
            cli.Run("marketplace", "set", "tools", "--auto-update", "true"));
        Assert.Contains("auto_update = true", File.ReadAllText(Path.Join(cli.CodexHome, "config.toml")), StringComparison.Ordinal);
        Assert.False(cli.Json("marketplace", "set", "tools", "--auto-update", "false").GetProperty("autoUpdate").GetBoolean());
        Assert.Equal(1, cli.Run("marketplace", "set", "none", "--auto-update", "true").ExitCode);
        Assert.Equal(2, cli.Run("marketplace", "set", "tools").ExitCode);
    }
}
