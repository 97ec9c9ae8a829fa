using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Locks of what came over ssh, with a login name that is not <c>git</c>.</summary>
[Trait("Category", "Slow")]
public sealed class SshLockTests
{
    [Fact]
    public async Task The_login_name_stays_and_leads_back_to_the_same_bytes()
    {
        using var shop = new TestShop();
        using var server = SshServer.TryStart(shop.Scratch, out var problem);
        Assert.SkipWhen(server is null, problem);
        var repository = shop.Repository("tool");
        var url = server.Url + repository.Folder;
        Assert.NotEqual("git", Environment.UserName);
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{url}}}"}}""");
        shop.Environment = shop.Environment with
        {
            Variables = new Dictionary<string, string>(shop.Environment.Variables, StringComparer.Ordinal)
            {
                ["GIT_SSH_COMMAND"] = $"{server.Command(server.UserKey, server.KnownHosts)} -p {server.Port}",
            },
        };
        var installed = await shop.InstallAsync("tool@shop");
        Assert.True(installed.Status == "Installed", installed.Reason);

        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(shop.Environment);
        var file = PluginLockFile.Read(shop.Environment, draft.File.Path);
        Assert.Equal((url, repository.Head), (Assert.Single(file.Entries).Source, file.Entries[0].Commit));

        var first = shop.Environment;
        shop.Environment = first with { CodexHome = shop.Scratch.MakeFolder("second/.codex"), HomePath = shop.Scratch["second"] };
        var restored = Assert.Single(await shop.InstallAllAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } }));
        Assert.True(restored.Status == "Installed", restored.Reason);
        Assert.Equal(installed.TreeHash, restored.TreeHash);
        File.AppendAllText(Path.Join(restored.Path, "added.txt"), "x");
        var repaired = await new PluginRepairer(shop.Environment).RepairAsync(PluginReference.Parse("tool@shop"));
        Assert.True(repaired.Status == "Updated", repaired.Reason);

        // A catalog may not write the short form with another name than git; a lock file may, by hand.
        var form = $"{Environment.UserName}@127.0.0.1:{repository.Folder}";
        File.WriteAllText(file.Path, File.ReadAllText(file.Path).Replace(url, form, StringComparison.Ordinal));
        file = PluginLockFile.Read(shop.Environment, file.Path);
        shop.Environment = first with { CodexHome = shop.Scratch.MakeFolder("third/.codex"), HomePath = shop.Scratch["third"] };
        restored = Assert.Single(await shop.InstallAllAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } }));
        Assert.True(restored.Status == "Installed", restored.Reason);
        draft = new LockFileMaker(shop.Environment).Make(file.Path, []);
        Assert.Equal(form, Assert.Single(draft.File.Entries).Source);
        Assert.False(draft.File.Write(shop.Environment));
    }
}
