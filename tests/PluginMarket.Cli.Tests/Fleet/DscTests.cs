using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Fleet.Dsc;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>The resources of DSC v3 in every situation, driven as DSC drives them.</summary>
[Trait("Category", "Fast")]
public sealed class DscTests
{
    private static readonly string[] Operations = ["get", "test", "whatIf", "export", "set"];

    /// <summary>Resource and situation; what differs; the exit code of set; how many instances there are before it.</summary>
    public static TheoryData<string, string, string, int, int> Situations => new()
    {
        { "plugin", "absent", "_exist", 0, 0 },
        { "plugin", "present", "", 0, 1 },
        { "plugin", "differing", "enabled", 0, 1 },
        { "plugin", "wrong", "", 2, 0 },
        { "plugin", "busy", "_exist", 5, 0 },
        { "plugin", "refused", "_exist", 6, 0 },
        { "marketplace", "absent", "_exist", 0, 0 },
        { "marketplace", "present", "", 0, 1 },
        { "marketplace", "differing", "source", 0, 1 },
        { "marketplace", "wrong", "", 2, 0 },
        { "marketplace", "busy", "_exist", 5, 0 },
        { "marketplace", "refused", "_exist", 6, 0 },
        { "pluginSet", "absent", "marketplaces,plugins", 0, 1 },
        { "pluginSet", "present", "", 0, 1 },
        { "pluginSet", "differing", "plugins", 0, 1 },
        { "pluginSet", "wrong", "", 2, 1 },
        { "pluginSet", "busy", "marketplaces,plugins", 5, 1 },
        { "pluginSet", "refused", "marketplaces,plugins", 6, 1 },
        { "policy", "absent", "state", 0, 0 },
        { "policy", "present", "", 0, 1 },
        { "policy", "differing", "sha256", 0, 1 },
        { "policy", "wrong", "", 2, 1 },
        { "policy", "busy", "", 0, 1 },
        { "policy", "refused", "state", 0, 1 },
    };

    [Fact]
    public void There_are_120_cases() => Assert.Equal(120, Situations.Count * Operations.Length);

    [Theory]
    [MemberData(nameof(Situations))]
    public void Every_operation_answers_as_DSC_wants_it(string resource, string situation, string differing, int setCode, int instances)
    {
        using var cli = Machine();
        var driver = new DscDriver(resource, home => Open(cli, home, resource, situation));
        var wanted = Prepare(cli, resource, situation);
        Assert.Equal(situation != "wrong", driver.IsValid(wanted));
        Assert.Equal(resource != "policy", driver.Has("set") && driver.Has("whatIf"));
        if (situation == "wrong")
        {
            string[] operations = [.. Operations.Where(driver.Has)];
            Assert.All(operations, operation => Assert.Equal(2,
                (operation switch
                {
                    "get" => driver.Get(wanted),
                    "export" => driver.Export(wanted),
                    _ => driver.Judge(operation, wanted),
                }).Code));
            return;
        }

        var before = Digest(cli);
        Assert.Equal(0, driver.Get(wanted).Code);
        var test = driver.Judge("test", wanted);
        Assert.Equal(differing, string.Join(',', test.Differing));
        Assert.Equal(differing.Length == 0, (bool)test.State["_inDesiredState"]!);
        Assert.Equal(instances, driver.Export([]).States.Count);
        if (!driver.Has("set"))
        {
            Assert.Equal(before, Digest(cli));
            return;
        }

        var preview = driver.Judge("whatIf", wanted);
        Assert.Equal(situation == "refused" ? (setCode, "") : (0, differing), (preview.Code, string.Join(',', preview.Differing)));
        Assert.Equal(situation == "refused", preview.Errors.Count > 0 && preview.Errors.All(
            error => error.StartsWith("PolicyDenied: ", StringComparison.Ordinal) || resource == "pluginSet"));
        Assert.Equal(before, Digest(cli));
        using (situation == "busy" ? Hold(cli) : null)
        {
            var set = driver.Judge("set", wanted);
            Assert.Equal(setCode, set.Code);
            if (setCode != 0)
            {
                return;
            }

            Assert.All(differing.Split(',', StringSplitOptions.RemoveEmptyEntries), name => Assert.Contains(name, set.Differing));
            Assert.True((bool)set.State["_inDesiredState"]!);
        }

        var after = Digest(cli);
        var again = driver.Judge("set", wanted);
        Assert.Empty(again.Differing);
        Assert.Empty(driver.Judge("test", wanted).Differing);
        Assert.Equal(after, Digest(cli));
    }

    [Fact]
    public void A_set_with_only_its_third_plugin_wrong_is_not_in_its_desired_state()
    {
        using var cli = Machine("alpha", "beta", "gamma");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        Install(cli, "alpha", "beta");
        var driver = new DscDriver("pluginSet", home => Open(cli, home, "pluginSet", "absent"));
        var wanted = Json("""{"plugins":{"alpha@tools":{},"beta@tools":{},"gamma@tools":{}}}""");

        Assert.Equal(["plugins"], driver.Judge("test", wanted).Differing);
        Assert.Equal(["plugins", "drift"], driver.Judge("set", wanted).Differing);
        Assert.Empty(driver.Judge("test", wanted).Differing);
    }

    [Fact]
    public void What_is_not_given_is_not_compared_and_removal_is_whole()
    {
        using var cli = Machine();
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        cli.Run("add", "alpha@tools");
        cli.Run("disable", "alpha@tools");
        cli.Run("hold", "alpha@tools", "--note", "CHG-1");
        var driver = new DscDriver("plugin", home => Open(cli, home, "plugin", "present"));

        Assert.Empty(driver.Judge("test", Json("""{"id":"alpha@tools"}""")).Differing);
        Assert.Empty(driver.Judge("test", Json("""{"id":"alpha@tools","enabled":false,"hold":"CHG-1"}""")).Differing);
        Assert.Equal(["enabled", "hold"], driver.Judge("test", Json("""{"id":"alpha@tools","enabled":true,"hold":null}""")).Differing);
        Assert.Equal(["version"], driver.Judge("test", Json("""{"id":"alpha@tools","version":"^2.0.0"}""")).Differing);
        var gone = driver.Judge("set", Json("""{"id":"alpha@tools","_exist":false}"""));
        Assert.Contains("_exist", gone.Differing);
        Assert.False((bool)gone.State["_exist"]!);
        Assert.Empty(driver.Judge("set", Json("""{"id":"alpha@tools","_exist":false}""")).Differing);
    }

    [Fact]
    public void A_plugin_whose_marketplace_is_missing_ends_with_its_error()
    {
        using var cli = Machine();
        var driver = new DscDriver("plugin", home => Open(cli, home, "plugin", "present"));

        var set = driver.Judge("set", Json("""{"id":"alpha@nowhere"}"""));

        Assert.Equal(1, set.Code);
        Assert.Contains("nowhere", Assert.Single(set.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_file_counts_with_its_revision()
    {
        using var cli = Machine();
        cli.Write("state.json", """
            {"format":1,"id":"dev","revision":"7","marketplaces":{"tools":{"source":"./tools"}},"plugins":[{"id":"alpha@tools"}]}
            """);
        var driver = new DscDriver("pluginSet", home => Open(cli, home, "pluginSet", "present"));
        var wanted = new JsonObject { ["statePath"] = Path.Join(cli.Folder, "state.json"), ["revision"] = "7" };

        Assert.Equal(["marketplaces", "plugins", "revision"], driver.Judge("test", wanted).Differing);
        Assert.Equal("7", (string?)driver.Judge("set", wanted).State["revision"]);
        Assert.Empty(driver.Judge("test", wanted).Differing);
        wanted["revision"] = "8";
        Assert.Equal(2, driver.Judge("test", wanted).Code);
    }

    [Fact]
    public void What_a_state_file_does_not_list_is_removed_where_the_configuration_says_so_too()
    {
        using var cli = Machine("alpha", "beta");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        Install(cli, "alpha", "beta");
        cli.Write("state.json", """
            {"format":1,"id":"dev","revision":"7","marketplaces":{"tools":{"source":"./tools"}},"plugins":[{"id":"alpha@tools"}],
             "unlisted":"remove"}
            """);
        var driver = new DscDriver("pluginSet", home => Open(cli, home, "pluginSet", "present"));
        var wanted = new JsonObject { ["statePath"] = Path.Join(cli.Folder, "state.json") };

        // The file alone could be for somebody who only looks.
        Assert.Equal(["revision"], driver.Judge("test", wanted).Differing);
        Assert.Equal("alpha@tools,beta@tools", Installed());
        wanted["unlisted"] = "disable";
        Assert.Equal(2, driver.Judge("test", wanted).Code);
        wanted["unlisted"] = "remove";
        Assert.Equal(["plugins", "revision"], driver.Judge("test", wanted).Differing);
        Assert.Equal(["plugins", "revision"], driver.Judge("whatIf", wanted).Differing);
        Assert.Equal("alpha@tools,beta@tools", Installed());
        Assert.Equal(0, driver.Judge("set", wanted).Code);
        Assert.Equal("alpha@tools", Installed());
        Assert.Empty(driver.Judge("test", wanted).Differing);
        Assert.Empty(driver.Judge("set", wanted).Differing);

        string Installed() => string.Join(',', driver.Export([]).State["plugins"]!.AsObject().Select(plugin => plugin.Key));
    }

    [Fact]
    public void A_set_without_a_file_removes_what_it_does_not_list_within_the_limit()
    {
        string[] names = [.. Enumerable.Range(0, 8).Select(number => $"p{number}")];
        using var cli = Machine(names);
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "tools"));
        Install(cli, names);
        var driver = new DscDriver("pluginSet", home => Open(cli, home, "pluginSet", "present"));
        JsonObject Keeping(int count) => new()
        {
            ["unlisted"] = "remove",
            ["plugins"] = new JsonObject(names.Take(count).Select(name => KeyValuePair.Create($"{name}@tools", (JsonNode?)new JsonObject()))),
        };

        foreach (var operation in new[] { "whatIf", "set" })
        {
            var refused = driver.Judge(operation, Keeping(2));
            Assert.Equal(1, refused.Code);
            Assert.StartsWith("RemovalLimitExceeded: ", Assert.Single(refused.Errors), StringComparison.Ordinal);
            Assert.NotEqual(0, driver.Judge(operation, Keeping(0)).Code);
        }

        Assert.Equal(8, driver.Export([]).State["plugins"]!.AsObject().Count);
        Assert.Equal(0, driver.Judge("set", Keeping(4)).Code);
        Assert.Equal(4, driver.Export([]).State["plugins"]!.AsObject().Count);
        Assert.Empty(driver.Judge("set", Keeping(4)).Differing);
    }

    [Fact]
    public void Manifests_have_no_key_that_DSC_does_not_know()
    {
        foreach (var manifests in new[] { DscManifest.ForModule(), JsonNode.Parse(DscManifest.ForCommandLine())!.AsObject() })
        {
            Assert.Empty(DscManifestKeys.Unknown(manifests));
            manifests["resources"]![0]!["get"]!["inputs"] = "stdin";
            Assert.Equal(["get.inputs"], DscManifestKeys.Unknown(manifests));
        }

        var shipped = File.ReadAllText(Path.Join(TestKit.RepositoryRoot.Path, "module", "dsc", DscManifest.FileName));
        Assert.Equal(DscManifest.ForModule().ToJsonString(), JsonNode.Parse(shipped)!.ToJsonString());
    }

    [Fact]
    public async Task The_command_line_runs_the_resources_and_installs_their_manifests()
    {
        using var cli = Machine();
        Assert.Equal(0, cli.Run("dsc", "install", ".").ExitCode);
        Assert.Equal(DscManifest.ForCommandLine(), File.ReadAllBytes(Path.Join(cli.Folder, DscManifest.FileName)));
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader("""{"id":"alpha@tools"}""");
        var terminal = new Terminal(output, error, cli.Folder, Colour: false) { Input = input };

        var code = await CommandTree.RunAsync(["dsc", "plugin", "test", "--codex-home", cli.CodexHome, "--home", cli.Home], terminal,
            TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (code, error.ToString()));
        Assert.EndsWith("\n[\"_exist\"]\n", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(DscManifest.SchemaOf("policy") + "\n", cli.Run("dsc", "policy", "schema").Output);
        Assert.Equal(2, cli.Run("dsc", "plugin", "put").ExitCode);
    }

    [Fact]
    public void Exit_codes_are_those_of_the_command_line() => Assert.All(Enum.GetValues<MarketErrorCode>(),
        code => Assert.Equal(ExitCode.Of(code), DscResource.CodeOf(new PluginMarketException(code, $"x"))));

    private static void Install(CliRun cli, params string[] plugins) =>
        Assert.All(plugins, plugin => Assert.Equal(0, cli.Run("add", $"{plugin}@tools").ExitCode));

    private static CliRun Machine(params string[] plugins)
    {
        var cli = new CliRun();
        cli.Marketplace("tools", plugins.Length > 0 ? plugins : ["alpha"]);
        cli.Write("other/.agents/plugins/marketplace.json", """{ "name": "tools", "plugins": [] }""");
        cli.Write("allow.json", """{"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[]}""");
        cli.Write("deny.json", """
            {"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[
              {"id":"P","kind":"plugin","effect":"deny","match":[{"plugin":"alpha@tools"}]},
              {"id":"M","kind":"marketplace","effect":"deny","match":[{"name":"tools"}]}]}
            """);
        cli.Write("broken.json", "{");
        return cli;
    }

    // Brings the home into the situation, and says what is wanted of it.
    private static JsonObject Prepare(CliRun cli, string resource, string situation)
    {
        var tools = Path.Join(cli.Folder, "tools");
        var isThere = situation is "present" or "differing";
        if (resource == "plugin" || isThere)
        {
            cli.Run("marketplace", "add", resource == "marketplace" && situation == "differing" ? Path.Join(cli.Folder, "other") : tools);
        }

        if (resource != "policy" && isThere)
        {
            cli.Run("add", "alpha@tools");
            if (situation == "differing")
            {
                cli.Run("disable", "alpha@tools");
            }
        }

        var wanted = resource switch
        {
            "plugin" => new JsonObject { ["id"] = "alpha@tools", ["version"] = "1.0.0", ["enabled"] = true },
            "marketplace" => new JsonObject { ["name"] = "tools", ["source"] = tools },
            "pluginSet" => new JsonObject
            {
                ["marketplaces"] = new JsonObject { ["tools"] = new JsonObject { ["source"] = tools } },
                ["plugins"] = new JsonObject { ["alpha@tools"] = new JsonObject { ["version"] = null } },
            },
            _ => new JsonObject { ["path"] = PolicyPath(cli, situation) },
        };
        if (situation == "wrong")
        {
            wanted["verion"] = "1.0.0";
        }

        if (resource == "policy" && situation is "differing" or "present" && resource == "policy")
        {
            wanted["sha256"] = situation == "present"
                ? TreeDigest.OfBytes(File.ReadAllBytes(PolicyPath(cli, situation))) : "sha256:" + new string('0', 64);
        }

        return wanted;
    }

    private static string PolicyPath(CliRun cli, string situation) => Path.Join(cli.Folder, situation switch
    {
        "absent" => "nowhere.json",
        "refused" => "broken.json",
        _ => "allow.json",
    });

    private static MarketEnvironment Open(CliRun cli, string? home, string resource, string situation) =>
        MarketEnvironment.FromProcess(home ?? cli.CodexHome, cli.Home, null, SilentActivityLog.Instance, createsHome: true) with
        {
            Limits = Limits.Default with { LockTime = TimeSpan.FromMilliseconds(50) },
            PolicyPaths = resource == "policy" ? situation == "absent" ? [] : [PolicyPath(cli, situation)]
                : situation == "refused" ? [Path.Join(cli.Folder, "deny.json")] : [],
        };

    private static FileLock Hold(CliRun cli) =>
        Open(cli, null, "plugin", "present").Home.State.LockAsync(CancellationToken.None).GetAwaiter().GetResult();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    // Every file of the home with its bytes and its time.
    private static string Digest(CliRun cli)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(cli.CodexHome, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => !file.EndsWith("/lock", StringComparison.Ordinal)))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{file} {File.GetLastWriteTimeUtc(file).Ticks}\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
