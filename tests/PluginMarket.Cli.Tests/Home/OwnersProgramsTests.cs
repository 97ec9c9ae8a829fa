using System.Diagnostics;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.Files;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What root starts for the home of another account runs as that account: with its rights and settings, and nothing of
/// root's.</summary>
[Trait("Category", "Slow")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OwnersProgramsTests : IDisposable
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;
    private const string Canary = "CANARY";

    private static readonly string[] Secrets = ["GITHUB_TOKEN", "GIT_ASKPASS", "PLUGINMARKET_GIT_TOKEN", "PLUGINMARKET_REPORT_TOKEN",
        "SSH_AUTH_SOCK", "NPM_TOKEN", "npm_config__auth", "GIT_CONFIG_PARAMETERS", "XDG_CONFIG_HOME"];

    private static readonly string[] Started = ["codex", "git", "npm"];

    private readonly CliRun _run = new();

    public OwnersProgramsTests()
    {
        Assert.SkipWhen(OtherUser.Missing is not null, OtherUser.Missing ?? "");
        _run.Write("seen", "");
        File.SetUnixFileMode(Path.Join(_run.Folder, "seen"), (UnixFileMode)0b110_110_110);
        foreach (var program in Started)
        {
            Program(program);
        }
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Every_program_has_the_owners_rights_and_none_of_roots_variables()
    {
        Repository("shop", "tool");
        _run.Write("shop/.agents/plugins/marketplace.json", """
            { "name": "shop", "plugins": [
              { "name": "tool", "source": { "source": "url", "url": "./" }, "category": "Tools" },
              { "name": "packed", "source": { "source": "npm", "package": "packed", "version": "1.0.0" }, "category": "Tools" } ] }
            """);
        _run.Write("shop/.codex-plugin/plugin.json", """{ "name": "tool", "version": "1.0.0" }""");
        Git("shop", "add", "-A");
        Git("shop", "commit", "-q", "-m", "two");
        _run.Write("policy.json", """
            {"format":1,"id":"tools","revision":"1","mode":"enforce","rules":[{"id":"T","kind":"tool","effect":"require","codex":">=0.1.0"}]}
            """);
        OtherUser.Own(_run.Home);
        OtherUser.Own(Path.Join(_run.Folder, "shop"));

        var policy = Path.Join(_run.Folder, "policy.json");
        Assert.Equal((0, ""), Start("marketplace", "add", "file://" + Path.Join(_run.Folder, "shop")));
        foreach (var (exitCode, command) in new (int, string[])[] { (0, ["add", "tool@shop", "--policy", policy]),
            (1, ["add", "packed@shop"]), (0, ["marketplace", "upgrade"]), (0, ["update"]), (0, ["outdated"]),
            (0, ["add", "tool@shop", "--reinstall"]) })
        {
            var (code, error) = Start(command);
            Assert.True(code == exitCode, $"{string.Join(' ', command)}: {code} {error}");
        }

        var seen = File.ReadAllLines(Path.Join(_run.Folder, "seen"));
        var starts = seen.Where(line => line.StartsWith("start ", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Equal(Started.Select(program => $"start {program} 1234 1234 1234 apart"), starts.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(seen, line => line.Contains(Canary, StringComparison.Ordinal));
        Assert.All(seen.Where(line => line.StartsWith("HOME=", StringComparison.Ordinal)), line => Assert.Equal("HOME=" + _run.Home, line));
        Assert.Empty(OtherUser.NotOwned(_run.Home));
    }

    [Fact]
    public async Task A_state_is_fetched_once_by_root_and_what_only_a_home_names_by_its_owner()
    {
        (string Name, uint Id)[] people = [("alice", 2231), ("bob", 2232), ("carol", 2233)];
        Repository("shop", "tool");
        Repository("secret", Canary);
        Repository("far", "far");
        _run.Write("far/.codex-plugin/plugin.json", """{ "name": "far", "version": "1.0.0" }""");
        var far = "file://" + Path.Join(_run.Folder, "far");
        _run.Write("shop/.agents/plugins/marketplace.json", $$"""
            { "name": "shop", "plugins": [
              { "name": "tool", "source": "./tool", "category": "Tools" },
              { "name": "far", "source": { "source": "url", "url": "{{far}}" }, "category": "Tools" },
              { "name": "unlisted", "source": { "source": "url", "url": "file://{{Path.Join(_run.Folder, "secret")}}" } } ] }
            """);
        foreach (var changed in new[] { "far", "shop" })
        {
            Git(changed, "add", "-A");
            Git(changed, "commit", "-q", "-m", "two");
        }

        foreach (var closed in new[] { "shop", "secret", "far" })
        {
            File.SetUnixFileMode(Path.Join(_run.Folder, closed), Closed);
        }

        var accounts = Directory.CreateDirectory(Path.Join(_run.Folder, "accounts")).FullName;
        foreach (var (name, id) in people)
        {
            _run.Write($"accounts/{name}/.codex/config.toml", $"""
                [marketplaces.secret]
                source_type = "git"
                source = "file://{Path.Join(_run.Folder, "secret")}"

                """);
            OtherUser.Give(Path.Join(accounts, name), id);
        }

        _run.Write("passwd", string.Concat(people.Select(one => $"{one.Name}:x:{one.Id}:{one.Id}::{accounts}/{one.Name}:/bin/sh\n")));
        _run.Write("state.json", $$"""
            { "format": 1, "id": "base", "revision": "1",
              "marketplaces": { "shop": { "source": "file://{{Path.Join(_run.Folder, "shop")}}" }, "secret": {} },
              "plugins": [{ "id": "tool@shop" }, { "id": "far@shop" }, { "id": "{{Canary}}@secret" }] }
            """);
        var environment = MarketEnvironment.FromProcess(_run.CodexHome, _run.Home, _run.Folder, SilentActivityLog.Instance);
        environment = environment with
        {
            Accounts = new AccountSource(Path.Join(_run.Folder, "passwd"), accounts, 1000),
            Variables = new Dictionary<string, string>(environment.Variables) { ["PATH"] = Programs },
        };
        var homes = new FindHomes(environment);
        var state = DesiredStateFile.Read(environment, Path.Join(_run.Folder, "state.json"));
        var shared = new SharedSources(environment, GitOptions.Default);
        await using (shared)
        {
            foreach (var home in homes.All(withServices: false))
            {
                var sync = new SyncRun(homes.Open(environment, home, changes: true), new SyncRequest(state) { Shared = shared });
                var items = new List<PluginSyncItem>();
                await foreach (var item in sync.ExecuteAsync(sync.Plan(), _ => true))
                {
                    items.Add(item);
                }

                Assert.All(items.Where(item => item.Id.EndsWith("@shop", StringComparison.Ordinal)), item => Assert.Null(item.Error));
                Assert.Equal(2, items.Count(item => item.Planned == "Install" && item.Error is null));

                // What only its owner could have put into the catalog of the home is not fetched by root.
                var own = homes.Open(environment, home, changes: true) with { Shared = shared };
                var installer = new PluginInstaller(own);
                var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("unlisted@shop")] }, default);
                var results = plan.Settled.ToList();
                await foreach (var result in installer.ExecuteAsync(plan, plan.Items, default))
                {
                    results.Add(result);
                }

                Assert.NotNull(Assert.Single(results).Error);
                Assert.NotNull(items.Single(item => item.Id == "secret").Error);
            }
        }

        foreach (var (name, id) in people)
        {
            var folder = Path.Join(accounts, name);
            Assert.True(Directory.Exists(Path.Join(folder, ".codex/plugins/cache/shop/tool")));
            Assert.DoesNotContain(Directory.GetFiles(folder, "*", SearchOption.AllDirectories),
                file => File.ReadAllText(file).Contains("text of " + Canary, StringComparison.Ordinal));
            Assert.Empty(OtherUser.NotOwned(folder, id));
        }

        var fetches = File.ReadAllLines(Path.Join(_run.Folder, "seen")).Where(line => line.StartsWith("fetch ", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(fetches);
        Assert.All(fetches.Where(line => !line.EndsWith("/secret", StringComparison.Ordinal)),
            line => Assert.StartsWith("fetch 0 ", line, StringComparison.Ordinal));
        Assert.DoesNotContain(fetches, line => line.StartsWith("fetch 0 ", StringComparison.Ordinal)
            && line.EndsWith("/secret", StringComparison.Ordinal));
        Assert.InRange(fetches.Count(line => line.EndsWith("/shop", StringComparison.Ordinal)), 1, 2);
        Assert.InRange(fetches.Count(line => line.EndsWith("/far", StringComparison.Ordinal)), 1, 2);
    }

    [Fact]
    public void What_cannot_be_started_as_the_owner_is_refused_and_nothing_is_done()
    {
        Repository("shop", "tool");
        OtherUser.Own(_run.Home);
        var account = new ProgramAccount(new FileOwner(OtherUser.Id, OtherUser.Id), "owner", _run.Home, _run.CodexHome);

        var missing = Assert.Throws<PluginMarketException>(() => account.Prepare(new ProcessStartInfo("git"), [_run.Folder]));
        Assert.Equal(MarketErrorCode.HomeNotOwned, missing.Code);
        Assert.Throws<PluginMarketException>(
            () => account.DemandStarted("git", new ProcessResult(ProcessEnd.Exited, 127, [], "setpriv: setresuid failed: not permitted\n")));
        account.DemandStarted("git", new ProcessResult(ProcessEnd.Exited, 128, [], "fatal: setpriv: no\n"));

        var before = OtherUser.Snapshot(_run.Home);
        var (exitCode, _, error) = _run.Run("marketplace", "add", "file://" + Path.Join(_run.Folder, "shop"), "--git-engine", "libgit2");
        Assert.Equal(1, exitCode);
        Assert.Contains("would fetch as root", error, StringComparison.Ordinal);
        Assert.Equal(before, OtherUser.Snapshot(_run.Home));
    }

    [Fact]
    public async Task A_policy_sees_what_the_git_of_the_owner_and_that_of_root_make_of_an_address()
    {
        _run.Write("home/.gitconfig", "[url \"https://owner.example/\"]\n\tinsteadOf = https://written.example/\n");
        OtherUser.Own(_run.Home);
        var environment = MarketEnvironment.FromProcess(_run.CodexHome, _run.Home, _run.Folder, SilentActivityLog.Instance);
        var variables = new Dictionary<string, string>(environment.Variables)
        {
            ["GIT_CONFIG_COUNT"] = "1",
            ["GIT_CONFIG_KEY_0"] = "url.https://root.example/.insteadOf",
            ["GIT_CONFIG_VALUE_0"] = "https://written.example/",
        };
        var ofRoot = environment with { CodexHome = Path.Join(_run.Folder, "own"), HomePath = _run.Folder, Variables = variables };
        var shared = new SharedSources(ofRoot, GitOptions.Default);
        await using (shared)
        {
            var (identities, isUnreadable) = new AddressReader(environment with { Variables = variables, Shared = shared }, GitOptions.Default)
                .Read(GitUrl.Parse("https://written.example/a/b"));

            Assert.False(isUnreadable);
            Assert.Equal(["written.example", "owner.example", "root.example"], identities.Select(identity => identity.Host));
        }
    }

    [Theory]
    [InlineData("mount --bind /dev/null /usr/bin/setpriv", "exec")]
    [InlineData("mount --bind /dev/null /usr/bin/setsid", "exec")]
    [InlineData(":", "exec setpriv --bounding-set=-setuid --inh-caps=-setuid --")]
    public void Without_what_starts_programs_as_the_owner_nothing_is_done(string prepare, string start)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "unshare, which makes a mount of its own, is not installed.");
        Repository("shop", "tool");
        OtherUser.Own(Path.Join(_run.Folder, "shop"));
        OtherUser.Own(_run.Home);
        var before = OtherUser.Snapshot(_run.Home);
        var run = new ProcessStartInfo("/usr/bin/unshare", ["-m", "--propagation", "private", "sh", "-c",
            $"{prepare} || exit 9; {start} \"$@\" 2>&1", "sh", "dotnet", Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"),
            "marketplace", "add", "file://" + Path.Join(_run.Folder, "shop"), "--codex-home", _run.CodexHome, "--home", _run.Home, "--json"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _run.Folder,
        };
        using var process = Process.Start(run)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == 9, "Files cannot be mounted here.");

        Assert.Contains("\"HomeNotOwned\"", text, StringComparison.Ordinal);
        Assert.Equal(before, OtherUser.Snapshot(_run.Home));
    }

    private string Programs => Path.Join(_run.Folder, "programs") + ":/usr/bin:/bin";

    // Says who it is started by and with what; a session of its own is one that it does not share with this process.
    private void Program(string name)
    {
        var mine = SessionOf(Environment.ProcessId);
        var path = Path.Join(_run.Folder, "programs", name);
        _run.Write("programs/" + name, $$"""
            #!/bin/sh
            session=$(cut -d' ' -f6 /proc/$$/stat)
            { echo "start {{name}} $(id -u) $(id -g) $(id -G) $([ $session = {{mine}} ] && echo shared || echo apart)"; env
              case "$*" in *' fetch '*) echo "fetch $(id -u) $*" ;; esac
            } | /usr/bin/tr '\r' ' ' >> {{_run.Folder}}/seen
            case {{name}} in
            git) exec /usr/bin/git "$@" ;;
            codex) echo codex-cli 0.171.0 ;;
            *) exit 1 ;;
            esac

            """);
        File.SetUnixFileMode(path, Open);
    }

    private static string SessionOf(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[3];
    }

    private (int ExitCode, string Error) Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"), .. arguments,
            "--codex-home", _run.CodexHome, "--home", _run.Home])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _run.Folder,
        };
        foreach (var name in Secrets)
        {
            start.Environment[name] = "/" + Canary;
        }

        start.Environment["https_proxy"] = $"http://me:{Canary}@127.0.0.1:1";
        start.Environment["PLUGINMARKET_GIT_TOKEN_HOST"] = Canary + ".example.com";
        start.Environment["PATH"] = Programs + ":" + Path.GetDirectoryName(Environment.ProcessPath);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.GetAwaiter().GetResult();
        return (process.ExitCode, error);
    }

    private void Repository(string name, string plugin)
    {
        _run.Marketplace(name, plugin);
        _run.Write($"{name}/{plugin}/notes.txt", "text of " + plugin);
        Git(name, "init", "-q");
        Git(name, "add", "-A");
        Git(name, "commit", "-q", "-m", "one");
    }

    private void Git(string name, params string[] arguments)
    {
        using var git = Process.Start("/usr/bin/git", ["-C", Path.Join(_run.Folder, name), "-c", "user.name=t",
            "-c", "user.email=t@example.com", .. arguments]);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
