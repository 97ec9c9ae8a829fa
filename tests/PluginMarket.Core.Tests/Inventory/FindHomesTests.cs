using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Which homes a computer has, and who may work in which.</summary>
[Trait("Category", "Fast")]
public sealed class FindHomesTests : IDisposable
{
    private const uint Alice = 1231;
    private const uint Bob = 1232;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Accounts_come_from_the_database_and_the_folders_and_nothing_that_is_not_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lists profiles.");
        var root = _scratch["accounts"];
        foreach (var name in new[] { "alice", "service", "stray" })
        {
            Directory.CreateDirectory(Path.Join(root, name));
        }

        File.WriteAllText(Path.Join(root, "file"), "");
        var database = _scratch.Write("passwd", $"""
            alice:x:{Alice}:{Alice}::{root}/alice/:/bin/bash
            gone:x:1299:1299::{root}/gone:/bin/sh
            service:x:17:17::{root}/service:/bin/sh
            shellless:x:1298:1298::{root}/alice2:/usr/sbin/nologin
            broken
            relative:x:1297:1297::home/relative:/bin/sh
            number:x:many:1::{root}/alice3:/bin/sh

            """);
        var found = Homes(new AccountSource(database, root, 1000), _scratch["me"]);

        Assert.Equal([(root + "/alice", "alice"), (root + "/stray", Stray())],
            found.All(withServices: false).Select(home => (home.HomePath, home.UserName)).OrderBy(home => home.HomePath));
        Assert.Equal(["alice", "alice2", "gone", "service", "stray"],
            found.All(withServices: true).Select(home => Path.GetFileName(home.HomePath)).Order());
        Assert.All(found.All(withServices: false), home => Assert.False(home.Exists));

        string Stray() => UnixCalls.AccountName(FileOps.Default.User) ?? "stray";
    }

    [Fact]
    public void A_home_is_opened_with_its_own_folders_and_its_account()
    {
        var (found, homes) = Two();

        var opened = found.Open(_scratch.Environment(), homes[0], changes: false);
        Assert.Equal((homes[0].CodexHome, homes[0].HomePath, "alice"), (opened.CodexHome, opened.HomePath, opened.UserName));
        Assert.Null(opened.WorkingDirectory);
    }

    [Fact]
    public void Reading_is_for_the_kernel_to_decide_and_changing_is_refused_where_nobody_can_act_for_the_account()
    {
        var (found, homes) = Two();

        // Folders that were found for one account, and belong to whoever runs this test.
        found.Open(_scratch.Environment(), homes[0], changes: false);
        var failure = Assert.Throws<PluginMarketException>(() => found.Open(_scratch.Environment(), homes[0], changes: true));
        Assert.Equal(MarketErrorCode.HomeNotOwned, failure.Code);
        Assert.Contains("not to alice", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_may_change_what_belongs_to_the_account_and_others_may_not()
    {
        var (found, homes) = Two();
        FileOps.Default.SetOwner(homes[0].HomePath, Alice, Alice);

        var opened = found.Open(_scratch.Environment(), homes[0], changes: true);
        AgentHome.Open(opened).EnsureExists();
        Assert.Equal(Alice, FileOps.Default.Examine(homes[0].CodexHome).Owner);
        FileOps.Default.SetOwner(homes[0].CodexHome, Bob, Bob);
        Assert.Contains("belongs to bob, not to alice",
            Assert.Throws<PluginMarketException>(() => found.Open(_scratch.Environment(), homes[0], changes: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_a_number_that_no_account_has_is_refused()
    {
        var (found, homes) = Two(database: "");
        FileOps.Default.SetOwner(homes[0].HomePath, 4_000_000_001, 4_000_000_001);
        found = Homes(new AccountSource(_scratch["empty"], Path.GetDirectoryName(homes[0].HomePath)!, 1000), _scratch["me"]);

        Assert.Contains("no account", Assert.Throws<PluginMarketException>(
            () => found.Open(_scratch.Environment(), homes[0], changes: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_in_a_folder_of_nobody_is_refused_and_so_is_that_of_another_computer()
    {
        var (found, homes) = Two();

        Assert.Equal(MarketErrorCode.HomeNotOwned, Assert.Throws<PluginMarketException>(
            () => found.Open(_scratch.Environment(), homes[0] with { HomePath = "/nowhere" }, changes: false)).Code);
        Assert.Equal(MarketErrorCode.ForeignComputer, Assert.Throws<PluginMarketException>(
            () => found.Open(_scratch.Environment(), homes[0] with { ComputerName = "elsewhere" }, changes: false)).Code);
    }

    private (FindHomes Found, PluginHome[] Homes) Two(string? database = null)
    {
        Assert.SkipUnless(FileOps.Default.IsRoot, "Only root can give folders to other accounts.");
        var root = _scratch["accounts"];
        Directory.CreateDirectory(Path.Join(root, "alice"));
        Directory.CreateDirectory(Path.Join(root, "bob"));
        database ??= $"alice:x:{Alice}:{Alice}::{root}/alice:/bin/sh\nbob:x:{Bob}:{Bob}::{root}/bob:/bin/sh\n";
        var found = Homes(new AccountSource(_scratch.Write("passwd", database), root, 1000), _scratch["me"]);
        return (found, [.. found.All(withServices: false).OrderBy(home => home.HomePath, StringComparer.Ordinal)]);
    }

    private FindHomes Homes(AccountSource accounts, string own) =>
        new(_scratch.Environment() with { Accounts = accounts, HomePath = own, CodexHome = Path.Join(own, ".codex") });
}
