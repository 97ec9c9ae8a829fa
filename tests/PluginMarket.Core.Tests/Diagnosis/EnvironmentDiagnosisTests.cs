using PluginMarket.Core.Tests.Sources;
using PluginMarket.Diagnosis;
using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Diagnosis;

[Trait("Category", "Slow")]
public sealed class EnvironmentDiagnosisTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_lock_that_another_holds_is_told_and_left_to_it()
    {
        Assert.All(await ChecksAsync("Lock"), check => Assert.Equal("Passed", check.Status));
        using var held = await _home.Environment.Home.State.LockAsync(TestContext.Current.CancellationToken);

        var checks = await ChecksAsync("Lock");

        Assert.Equal(held.Path, Assert.Single(checks, check => check.Status == "Warning").Target);
        Assert.NotNull(Assert.Single(checks, check => check.Status == "Warning").Fix);
    }

    [Fact]
    public async Task A_cache_on_another_volume_is_told_before_anything_fails_there()
    {
        using var volume = SecondVolume.Beside(_home.CodexHome);
        Assert.SkipWhen(volume is null, "There is no second volume.");
        Assert.Equal("Passed", Assert.Single(await ChecksAsync("Volume")).Status);
        Directory.CreateDirectory(Path.Join(_home.CodexHome, "plugins"));
        Directory.CreateSymbolicLink(Path.Join(_home.CodexHome, "plugins/cache"), volume.Path);

        var check = Assert.Single(await ChecksAsync("Volume"));

        Assert.Equal(("Failed", Path.Join(_home.CodexHome, "plugins/cache")), (check.Status, check.Target));
        Assert.NotNull(check.Fix);
    }

    [Theory]
    [InlineData("plugins/cache/corp")]
    [InlineData("plugins/cache/corp/kit")]
    public async Task A_folder_of_the_cache_on_another_volume_is_told(string folder)
    {
        using var volume = SecondVolume.Beside(_home.CodexHome);
        Assert.SkipWhen(volume is null, "There is no second volume.");
        Directory.CreateDirectory(Path.Join(_home.CodexHome, Path.GetDirectoryName(folder)));
        Directory.CreateSymbolicLink(Path.Join(_home.CodexHome, folder), volume.Path);

        var check = Assert.Single(await ChecksAsync("Volume"));

        Assert.Equal(("Failed", Path.Join(_home.CodexHome, folder)), (check.Status, check.Target));
    }

    [Fact]
    public async Task A_lock_is_free_again_after_it_was_checked()
    {
        (await _home.Environment.Home.State.LockAsync(TestContext.Current.CancellationToken)).Dispose();

        Assert.All(await ChecksAsync("Lock"), check => Assert.Equal("Passed", check.Status));

        using var taken = FileLock.TryAcquire(_home.Environment.Files, _home.Environment.Home.State.Layout.LockPath);
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Every_configuration_file_with_a_say_is_named()
    {
        _home.WriteConfig("");
        var system = _home.Scratch.Write("etc/config.toml", "");
        var managed = _home.Scratch.Write("etc/managed_config.toml", "[features]\nplugins = false\n");

        var checks = await ChecksAsync("Configuration");

        Assert.Equal([system, _home.ConfigPath, managed], checks.Where(check => check.Status == "Passed").Select(check => check.Target));
        Assert.Contains("disabled", Assert.Single(checks, check => check.Status == "Warning").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_programs_are_told_with_what_to_install()
    {
        _home.Change(environment => environment with
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = _home.Scratch.MakeFolder("none"),
                ["PLUGINMARKET_GIT_ENGINE"] = "git",
            },
        });

        Assert.Equal("Warning", Assert.Single(await ChecksAsync("Git")).Status);
        Assert.Equal("Information", Assert.Single(await ChecksAsync("Npm")).Status);
    }

    [Fact]
    public async Task The_agents_command_is_asked_for_its_version_and_leaves_nothing_in_the_home()
    {
        Assert.Empty(await ChecksAsync("Codex"));
        Programs(("codex", $"exec 2> '{_home.Scratch["refused"]}'; (echo > \"$CODEX_HOME/seen\"); echo codex-cli 0.169.0"));

        Assert.Equal("Passed", Assert.Single(await ChecksAsync("Codex")).Status);
        Assert.True(File.Exists(_home.Scratch["refused"]));
        Assert.False(File.Exists(Path.Join(_home.CodexHome, "seen")));

        Programs(("codex", "echo codex-cli 9.1.0${PLUGINMARKET_GIT_TOKEN}"));
        _home.Change(environment => environment with
        {
            Variables =
                new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal) { ["PLUGINMARKET_GIT_TOKEN"] = "secret" },
        });
        var check = Assert.Single(await ChecksAsync("Codex"));
        Assert.Equal("Information", check.Status);
        Assert.StartsWith("codex-cli 9.1.0.", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libgit2_is_told_where_it_fetches()
    {
        Programs([]);
        Choose("libgit2");
        var check = Assert.Single(await ChecksAsync("Git"));
        Assert.Equal("Information", check.Status);
        Assert.StartsWith("libgit2 1.", check.Message, StringComparison.Ordinal);
        Assert.Contains("ssh", check.Fix, StringComparison.Ordinal);

        Programs(("git", "echo git version 2.39.5"));
        Choose("libgit2");
        check = Assert.Single(await ChecksAsync("Git"));
        Assert.Equal("Passed", check.Status);
        Assert.Contains("git version 2.39.5 is here too", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_that_is_too_old_and_a_variable_that_names_no_engine_are_told()
    {
        Programs(("git", "echo git version 2.20.1"));
        Choose("git");
        Assert.Contains("older than 2.29",
            Assert.Single(await ChecksAsync("Git"), check => check.Status == "Warning").Message, StringComparison.Ordinal);

        Choose("svn");
        Assert.Contains("svn",
            Assert.Single(await ChecksAsync("Git"), check => check.Status == "Failed").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plugins")]
    public async Task A_folder_for_whose_sake_commands_refuse_to_change_the_home_fails(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        var open = Directory.CreateDirectory(Path.TrimEndingDirectorySeparator(Path.Join(_home.CodexHome, folder))).FullName;
        _home.Environment.Files.SetMode(open, FileOps.PrivateFolder | UnixFileMode.OtherWrite);

        var check = Assert.Single(await ChecksAsync("Home"));

        Assert.Equal(("Failed", open), (check.Status, check.Target));
        await Assert.ThrowsAsync<PluginMarketException>(
            () => _home.Environment.Home.State.LockAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_marketplace_that_cannot_be_read_fails_alone()
    {
        _home.RegisterLocal("good", _home.WriteMarketplace("good", "good", "p"));
        _home.RegisterLocal("gone", _home.Scratch["gone"]);

        var checks = await ChecksAsync("Marketplace");

        Assert.Equal("Passed", Assert.Single(checks, check => check.Target == "good").Status);
        Assert.Equal("Failed", Assert.Single(checks, check => check.Target == "gone").Status);
        Assert.Equal(2, checks.Count);
    }

    [Theory]
    [InlineData("https://user:secret@example.com/r.git", true)]
    [InlineData("https://secret@example.com/r.git", true)]
    [InlineData("ssh://git:secret@example.com/r.git", true)]
    [InlineData("ssh://ada@example.com/r.git", false)]
    [InlineData("https://git@example.com/r.git", false)]
    [InlineData("git@example.com:team/r.git", false)]
    [InlineData("https://example.com/@scope/r.git", false)]
    public async Task An_address_with_a_secret_is_found_in_the_record_of_a_snapshot(string address, bool isSecret)
    {
        _home.Scratch.Write($"home/.codex/.tmp/marketplaces/m/{SnapshotMetadata.FileName}", $"{{\"source\": \"{address}\"}}");

        var check = Assert.Single(await ChecksAsync("StoredSecret"));

        Assert.Equal(isSecret ? "Warning" : "Passed", check.Status);
        Assert.DoesNotContain("secret@", $"{check.Message} {check.Fix} {check.Target}", StringComparison.Ordinal);
    }

    // Scripts that stand for the programs of a machine: its own must not answer.
    private void Choose(string engine) => _home.Change(environment => environment with
    {
        Variables = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal) { ["PLUGINMARKET_GIT_ENGINE"] = engine },
    });

    private void Programs(params (string Name, string Script)[] programs)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");
        var folder = "bin-" + Guid.NewGuid().ToString("N");
        _home.Scratch.MakeFolder(folder);
        foreach (var (name, script) in programs)
        {
            GitFixture.Program(_home.Scratch, $"{folder}/{name}", script + "\n");
        }

        _home.Change(environment =>
            environment with { Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = _home.Scratch[folder] } });
    }

    private async Task<IReadOnlyList<EnvironmentCheck>> ChecksAsync(string name) =>
        [.. (await new EnvironmentDiagnosis(_home.Environment).RunAsync(cancellation: TestContext.Current.CancellationToken)).Where(
            check => check.Name == name)];
}
