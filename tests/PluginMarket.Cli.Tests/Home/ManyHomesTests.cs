using System.Text.Json;
using PluginMarket.Cli.Hosting;
using PluginMarket.Files;
using PluginMarket.Home;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>Root works in the homes of several accounts: each gets what is its own, and nothing else changes.</summary>
[Trait("Category", "Slow")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ManyHomesTests : IDisposable
{
    private static readonly (string Name, uint Id)[] People = [("alice", 2231), ("bob", 2232), ("carol", 2233)];

    private readonly CliRun _run = new();

    public ManyHomesTests() => Assert.SkipWhen(OtherUser.Missing is not null, OtherUser.Missing ?? "");

    public void Dispose() => _run.Dispose();

    [Fact]
    public void All_homes_are_listed_and_their_plugins_too()
    {
        var accounts = Accounts();
        Directory.CreateDirectory(Path.Join(_run.Folder, "accounts/alice/.codex"));
        OtherUser.Give(Path.Join(_run.Folder, "accounts/alice/.codex"), People[0].Id);

        var homes = Json(_run.RunOn(accounts, "homes", "--all-users", "--json")).GetProperty("homes").EnumerateArray().ToList();
        Assert.Equal(["alice", "bob", "carol"], homes.Select(home => home.GetProperty("userName").GetString()));
        Assert.Equal([true, false, false], homes.Select(home => home.GetProperty("exists").GetBoolean()));
        Assert.All(homes, home => Assert.Equal(JsonValueKind.Null, home.GetProperty("problem").ValueKind));
        Assert.Empty(Json(_run.RunOn(accounts, "inventory", "--all-users", "--json")).GetProperty("plugins").EnumerateArray());
        Assert.Equal(2, _run.Run("inventory", "--all-users").ExitCode);
        Assert.Equal(1, _run.RunOn(accounts, "inventory", "--all-users", "--out", "one.json").ExitCode);
    }

    [Fact]
    public void A_state_is_applied_to_all_homes_whose_owners_then_run_every_command()
    {
        var accounts = Accounts();
        var state = State(_run.Marketplace("shop", "tool", "second", "third"), "tool", "second");

        var (exitCode, output, error) = _run.RunOn(accounts, "apply", "--file", state, "--all-users", "--check", "--json");
        Assert.True(exitCode == 3, error + output);
        Assert.All(People, one => Assert.False(Directory.Exists(Home(one.Name))));

        (exitCode, output, error) = _run.RunOn(accounts, "apply", "--file", state, "--all-users", "--json");
        Assert.True(exitCode == 0, error + output);
        var homes = Json((exitCode, output, error)).GetProperty("homes").EnumerateArray().ToList();
        Assert.Equal(People.Select(one => (one.Name, Home(one.Name))),
            homes.Select(home => (home.GetProperty("userName").GetString()!, home.GetProperty("codexHome").GetString()!)));
        Assert.Equal(0, _run.RunOn(accounts, "apply", "--file", state, "--all-users", "--check").ExitCode);
        Assert.Equal(6, Json(_run.RunOn(accounts, "inventory", "--all-users", "--json")).GetProperty("plugins").GetArrayLength());
        var reports = Directory.CreateDirectory(Path.Join(_run.Folder, "reports")).FullName;
        Assert.Equal(0, _run.RunOn(accounts, "inventory", "--all-users", "--out", reports).ExitCode);
        Assert.Equal(3, Directory.GetFiles(reports).Length);

        // Root brings a second version, which the owners then take back.
        _run.Write("shop/tool/.codex-plugin/plugin.json", """{ "name": "tool", "version": "1.1.0" }""");
        Assert.Equal(0, _run.RunOn(accounts, "update", "--all-users").ExitCode);
        var more = _run.Marketplace("more", "extra");
        foreach (var (name, id) in People)
        {
            Assert.Empty(OtherUser.NotOwned(Path.Join(_run.Folder, "accounts", name), id));
            string[][] commands =
            [
                ["marketplace", "add", more], ["verify"], ["list"], ["inventory"], ["history"], ["marketplace", "list"], ["outdated"],
                ["rollback", "tool@shop"], ["add", "third@shop"], ["disable", "tool@shop"], ["enable", "tool@shop"], ["hold", "tool@shop"],
                ["release", "tool@shop"], ["update"], ["repair", "tool@shop"], ["marketplace", "upgrade"], ["remove", "third@shop"],
                ["marketplace", "remove", "more"], ["lock", "--lock-file", Path.Join(Home(name), "lock.json")],
            ];
            Assert.All(commands, command =>
            {
                var (code, text) = OtherUser.RunAs(id, Home(name), command);
                Assert.True(code == 0, $"{name}: {string.Join(' ', command)}: {text}");
            });
            Assert.Empty(OtherUser.NotOwned(Path.Join(_run.Folder, "accounts", name), id));
        }
    }

    [Fact]
    public void A_verb_answers_for_all_homes_at_once_and_fails_for_one_alone()
    {
        var accounts = Accounts();
        var state = State(_run.Marketplace("shop", "tool"), "tool");
        Assert.Equal(0, _run.RunOn(accounts, "apply", "--file", state, "--all-users").ExitCode);
        foreach (var (exitCode, command, member) in new (int, string[], string?)[]
        {
            (0, ["list"], "installed"), (0, ["verify"], "plugins"), (0, ["outdated"], "updates"), (0, ["update"], "results"),
            (0, ["policy", "show"], "layers"), (0, ["drift", "--against", state], null),
        })
        {
            var (code, output, error) = _run.RunOn(accounts, [.. command, "--all-users", "--json"]);
            Assert.True(code == exitCode, $"{string.Join(' ', command)}: {code} {error}");
            var answer = Json((code, output, error)).GetProperty("homes");
            if (member is null)
            {
                Assert.Equal(3, answer.GetProperty("reporting").GetInt32());
                continue;
            }

            Assert.Equal(People.Select(one => (one.Name, Home(one.Name))), answer.EnumerateArray().Select(home =>
                (home.GetProperty("userName").GetString()!, home.GetProperty("codexHome").GetString()!)));
            Assert.All(answer.EnumerateArray(), home => Assert.Equal(JsonValueKind.Array, home.GetProperty(member).ValueKind));
            (code, output, error) = _run.RunOn(accounts, [.. command, "--all-users"]);
            Assert.Equal((exitCode, ""), (code, error));
            Assert.All(People, one => Assert.Contains($"{one.Name}: {Home(one.Name)}\n", output, StringComparison.Ordinal));
        }

        File.AppendAllText(Path.Join(Home("bob"), "plugins/cache/shop/tool/local/.codex-plugin/plugin.json"), "\n");
        Assert.Equal(3, _run.RunOn(accounts, "verify", "--all-users").ExitCode);
        Assert.Equal(3, _run.RunOn(accounts, "drift", "--against", state, "--all-users").ExitCode);
        File.WriteAllText(Path.Join(Home("carol"), "config.toml"), "[[[");
        var (partly, _, said) = _run.RunOn(accounts, "update", "--all-users");
        Assert.Equal(4, partly);
        Assert.Contains("config.toml", said, StringComparison.Ordinal);
        Assert.Equal(2, _run.Run("verify", "--all-users").ExitCode);
        Assert.All(People, one => Assert.Empty(OtherUser.NotOwned(Path.Join(_run.Folder, "accounts", one.Name), one.Id)));
    }

    [Theory]
    [InlineData(new[] { 0, 0 }, 0)]
    [InlineData(new[] { 0, 3, 0 }, 3)]
    [InlineData(new[] { 6, 6 }, 6)]
    [InlineData(new[] { 0, 6 }, 4)]
    [InlineData(new[] { 3, 1 }, 4)]
    [InlineData(new[] { 1, 5 }, 4)]
    [InlineData(new int[0], 0)]
    public void The_exit_code_of_all_homes_is_that_of_each_or_a_part(int[] codes, int combined) =>
        Assert.Equal(combined, AllUsersOption.Combine(codes));

    [Fact]
    public void A_home_that_is_not_its_accounts_is_refused_and_the_others_are_done()
    {
        var accounts = Accounts();
        var state = State(_run.Marketplace("shop", "tool"), "tool");
        Directory.CreateDirectory(Home("bob"));

        var (exitCode, _, error) = _run.RunOn(accounts, "apply", "--file", state, "--all-users");
        Assert.Equal(4, exitCode);
        Assert.Contains("belongs to root, not to bob", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Home("bob")));
        Assert.True(Directory.Exists(Path.Join(Home("alice"), "plugins/cache/shop/tool")));
        Assert.True(Directory.Exists(Path.Join(Home("carol"), "plugins/cache/shop/tool")));
    }

    public static TheoryData<string, string> Plants()
    {
        var plants = new TheoryData<string, string>();
        foreach (var place in new[]
        {
            ".codex", ".codex/config.toml", ".codex/plugins", ".codex/plugins/cache", ".codex/plugins/cache/shop",
            ".codex/plugins/.pluginmarket", ".codex/plugins/.pluginmarket/staging", ".codex/plugins/.pluginmarket/receipts", ".agents",
            ".agents/plugins",
        })
        {
            foreach (var plant in new[] { "folder", "file", "missing", "proc" })
            {
                plants.Add(place, plant);
            }
        }

        return plants;
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void What_one_account_plants_is_not_followed_out_of_a_home(string place, string plant)
    {
        var accounts = Accounts();
        var state = State(_run.Marketplace("shop", "tool"), "tool");
        var victim = Path.Join(_run.Folder, "victim");
        _run.Write("victim/config.toml", "# of root\n");
        _run.Write("victim/cache/shop/tool/local/thesis.txt", "x");
        _run.Write("victim/plugins/marketplace.json", """{"name":"secret","plugins":[]}""");
        _run.Write("victim/marketplace.json", """{"name":"secret","plugins":[]}""");
        var path = Path.Join(_run.Folder, "accounts/bob", place);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, plant switch
        {
            "folder" => victim,
            "file" => Path.Join(victim, "config.toml"),
            "proc" => "/proc/self/root" + victim,
            _ => Path.Join(victim, "new"),
        });
        OtherUser.Give(Path.Join(_run.Folder, "accounts/bob"), People[1].Id);
        File.SetUnixFileMode(victim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var before = OtherUser.Snapshot(victim);

        foreach (var command in new string[][] { ["inventory", "--all-users"], ["apply", "--file", state, "--all-users"],
            ["inventory", "--all-users", "--json"] })
        {
            var (_, output, error) = _run.RunOn(accounts, command);
            Assert.DoesNotContain("fault of PluginMarket", error, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", output + error, StringComparison.Ordinal);
            Assert.Equal(before, OtherUser.Snapshot(victim));
        }

        foreach (var (name, id) in People)
        {
            Assert.Empty(OtherUser.NotOwned(Path.Join(_run.Folder, "accounts", name), id));
        }

        Assert.True(Directory.Exists(Path.Join(Home("alice"), "plugins/cache/shop/tool")));
        Assert.True(Directory.Exists(Path.Join(Home("carol"), "plugins/cache/shop/tool")));
    }

    private string Home(string name) => Path.Join(_run.Folder, "accounts", name, ".codex");

    private AccountSource Accounts()
    {
        var folder = Directory.CreateDirectory(Path.Join(_run.Folder, "accounts")).FullName;
        foreach (var (name, id) in People)
        {
            FileOps.Default.SetOwner(Directory.CreateDirectory(Path.Join(folder, name)).FullName, id, id);
        }

        _run.Write("passwd", string.Concat(People.Select(one => $"{one.Name}:x:{one.Id}:{one.Id}::{folder}/{one.Name}:/bin/sh\n")));
        return new AccountSource(Path.Join(_run.Folder, "passwd"), folder, 1000);
    }

    private string State(string shop, params string[] plugins)
    {
        var wanted = plugins.Select(plugin => $$"""{ "id": "{{plugin}}@shop" }""");
        _run.Write("state.json", $$"""
            { "format": 1, "id": "base", "revision": "1", "marketplaces": { "shop": { "source": "{{shop}}" } },
              "plugins": [{{string.Join(',', wanted)}}] }
            """);
        return Path.Join(_run.Folder, "state.json");
    }

    private static JsonElement Json((int ExitCode, string Output, string Error) run)
    {
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }
}
