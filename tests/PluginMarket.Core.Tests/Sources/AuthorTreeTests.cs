using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>A plugin whose folder is the root of a git marketplace keeps every promise: what a snapshot adds
/// to its root is not the author's.</summary>
[Trait("Category", "Slow")]
public sealed class AuthorTreeTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly GitRepository _repository;

    public AuthorTreeTests()
    {
        _repository = GitRepository.Create(_home.Scratch["m"]);
        _repository.Write(".claude-plugin/marketplace.json", """{"name":"m","plugins":[{"name":"kit","source":"./"}]}""")
            .Write(".claude-plugin/plugin.json", """{"name":"kit","version":"1.0.0","description":"d"}""")
            .Write("skills/s/SKILL.md", "---\nname: s\ndescription: d\n---\nx\n").Write("other/deep/f.txt", "f\n")
            .Write("other/g.txt", "g\n").Commit();
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public async Task Lock_restore_repair_update_and_freeze_hold(bool isSparse, bool isCheckedOut, bool hasOwnRecord)
    {
        if (hasOwnRecord)
        {
            _repository.Write(SnapshotMetadata.FileName, "{}").Commit();
        }

        await AddAsync(_home.Environment, isSparse);
        if (isCheckedOut)
        {
            // As Codex leaves a snapshot: git's own checkout, and its record in the root.
            var snapshot = _home.SnapshotOf("m");
            var record = File.ReadAllText(Path.Join(snapshot, SnapshotMetadata.FileName));
            Directory.Delete(snapshot, recursive: true);
            _repository.Run("clone", "-q", "--no-checkout", _repository.FileUrl, snapshot);
            if (isSparse)
            {
                _repository.Run("-C", snapshot, "sparse-checkout", "set", ".claude-plugin", "skills");
            }

            _repository.Run("-C", snapshot, "checkout", "-q", "main");
            File.WriteAllText(Path.Join(snapshot, SnapshotMetadata.FileName), record);
        }

        var installed = await InstallAsync(_home.Environment, new InstallRequest { References = [PluginReference.Parse("kit@m")] });
        Assert.True(installed.Status == "Installed", installed.Reason);
        Assert.False(File.Exists(Path.Join(installed.Path, SnapshotMetadata.FileName)));
        Assert.Equal(isSparse, !File.Exists(Path.Join(installed.Path, "other/deep/f.txt")));
        Assert.Equal(hasOwnRecord ? [SnapshotMetadata.FileName] : [], installed.LeftOut);

        var draft = new LockFileMaker(_home.Environment).Make(_home.Scratch["l.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(_home.Environment);
        var file = PluginLockFile.Read(_home.Environment, _home.Scratch["l.json"]);
        using var other = new TestHome();
        await AddAsync(other.Environment, isSparse);
        var restored = await InstallAsync(other.Environment,
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } });
        Assert.True(restored.Status == "Installed", restored.Reason);
        Assert.Equal(installed.TreeHash, restored.TreeHash);

        await new FrozenMarketplace(other.Environment).WriteAsync(file, other.Scratch["frozen"]);
        Assert.Equal(installed.TreeHash, Digest(other.Scratch["frozen/plugins/kit"]));

        File.AppendAllText(Path.Join(installed.Path, "skills/s/SKILL.md"), "changed");
        var repaired = await new PluginRepairer(_home.Environment).RepairAsync(PluginReference.Parse("kit@m"));
        Assert.True(repaired.Status == "Updated", repaired.Reason);

        _repository.Run("commit", "-q", "--allow-empty", "-m", "Nothing");
        await new MarketplaceRegistry(_home.Environment).UpdateAsync(new MarketplaceUpdateRequest());
        Assert.Empty((await new PluginUpdateQuery(_home.Environment).FindAsync(new PluginUpdateRequest())).Updates);
    }

    [Fact]
    public async Task A_folder_that_is_not_a_snapshot_keeps_a_file_of_that_name_as_Codex_does()
    {
        _home.WriteCatalog("l", """{"name":"l","plugins":[{"name":"kit","source":"./"}]}""");
        _home.WritePlugin("l", "kit");
        _home.Scratch.Write($"l/{SnapshotMetadata.FileName}", "{}");
        _home.RegisterLocal("l", _home.Scratch["l"]);

        var installed = await InstallAsync(_home.Environment, new InstallRequest { References = [PluginReference.Parse("kit@l")] });

        Assert.True(File.Exists(Path.Join(installed.Path, SnapshotMetadata.FileName)));
    }

    private async Task AddAsync(MarketEnvironment environment, bool isSparse) => await new MarketplaceRegistry(environment).AddAsync(
        new MarketplaceAddRequest { Source = _repository.FileUrl, SparsePaths = isSparse ? [".claude-plugin", "skills"] : [] });

    private static async Task<PluginOperationResult> InstallAsync(MarketEnvironment environment, InstallRequest request)
    {
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(request);
        Assert.Empty(plan.Failures);
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            return result;
        }

        throw new InvalidOperationException("Nothing was installed.");
    }

    private static string Digest(string folder) => TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default));
}
