using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Diagnosis;

public sealed class EnvironmentDiagnosisTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_lock_that_another_holds_is_told_and_left_to_it()
    {
        Assert.All(await ChecksAsync("Lock"), check => Assert.Equal("Passed", check.Status));
        using var held = await new StateFolder(_home.Environment).LockAsync(TestContext.Current.CancellationToken);

        var checks = await ChecksAsync("Lock");

        Assert.Equal(held.Path, Assert.Single(checks, check => check.Status == "Warning").Target);
        Assert.NotNull(Assert.Single(checks, check => check.Status == "Warning").Fix);
    }

    [Fact]
    public async Task A_lock_is_free_again_after_it_was_looked_at()
    {
        (await new StateFolder(_home.Environment).LockAsync(TestContext.Current.CancellationToken)).Dispose();

        Assert.All(await ChecksAsync("Lock"), check => Assert.Equal("Passed", check.Status));

        using var taken = FileLock.TryAcquire(_home.Environment.Files, new StateLayout(_home.CodexHome).LockPath);
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
        Assert.Contains("switched off", Assert.Single(checks, check => check.Status == "Warning").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_programs_are_told_with_what_to_install()
    {
        _home.Change(environment => environment with { Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = _home.Scratch.MakeFolder("none") } });

        Assert.Equal("Warning", Assert.Single(await ChecksAsync("Git")).Status);
        Assert.Equal("Information", Assert.Single(await ChecksAsync("Npm")).Status);
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

    private async Task<IReadOnlyList<EnvironmentCheck>> ChecksAsync(string name) =>
        [.. (await new EnvironmentDiagnosis(_home.Environment).RunAsync(cancellation: TestContext.Current.CancellationToken)).Where(check => check.Name == name)];
}
