using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>
/// The decisions carried out: every combination of command, installed state, source and approvals in a real home. The page beside this file
/// says for each row the status, the reason code and what is on disk afterwards.
/// </summary>
[Trait("Category", "Slow")]
public sealed class InstallOutcomeTests
{
    private const string Id = "tool@shop";

    private static readonly string[] Commands = ["install", "reinstall", "update", "restore", "repair"];
    private static readonly string[] Approvals = ["-", "unlisted", "installed", "source"];
    private const string OldSnapshot = "old snapshot";
    private static readonly string Page = Path.Join(RepositoryRoot.Path, "tests/PluginMarket.Core.Tests/Installation/install-outcomes.txt");

    private static readonly (string Name, Func<Home, Task> Arrange)[] States =
    [
        ("absent", _ => Task.CompletedTask),
        ("ours", home => home.InstallAsync()),
        ("ours in 1.0.0", home => home.InstallAsync(CacheVersionRule.Manifest)),
        ("ours, off", async home =>
        {
            await home.InstallAsync();
            await home.TurnOffAsync();
        }),
        ("ours, held", async home =>
        {
            await home.InstallAsync();
            await home.HoldAsync();
        }),
        ("ours, held and off", async home =>
        {
            await home.InstallAsync();
            await home.HoldAsync();
            await home.TurnOffAsync();
        }),
        ("files without a key", async home =>
        {
            await home.InstallAsync();
            home.RemoveKey();
        }),
        ("key without files", async home =>
        {
            await home.InstallAsync();
            home.RemoveFiles();
        }),
        ("receipt missing", async home =>
        {
            await home.InstallAsync();
            home.RemoveReceipt();
        }),
        ("changed by hand", async home =>
        {
            await home.InstallAsync();
            home.ChangeFile();
        }),
    ];

    /// <summary>Those that combine the others, or come from Codex: with the sources that matter to them.</summary>
    private static readonly (string Name, Func<Home, Task> Arrange)[] Others =
    [
        ("of Codex", home =>
        {
            home.InstallAsCodex();
            return Task.CompletedTask;
        }),
        ("of Codex, off", async home =>
        {
            home.InstallAsCodex();
            await home.TurnOffAsync();
        }),
        ("Codex refreshed it", async home =>
        {
            await home.InstallAsync();
            home.RefreshAsCodex();
        }),
        ("edited, off", async home =>
        {
            await home.InstallAsync();
            home.ChangeFile();
            await home.TurnOffAsync();
        }),
        ("edited, held", async home =>
        {
            await home.InstallAsync();
            await home.HoldAsync();
            home.ChangeFile();
        }),
        ("no receipt, held", async home =>
        {
            await home.InstallAsync();
            await home.HoldAsync();
            home.RemoveReceipt();
        }),
    ];

    private static readonly (string Name, Action<TestShop> Change)[] Sources =
    [
        ("same", _ => { }),
        ("newer", shop => shop.Plugin("tool", "1.1.0", "newer")),
        ("brings a hook", shop => shop.Plugin("tool", "1.1.0", "newer").Hook("tool", "echo hi")),
        ("lower", shop => shop.Plugin("tool", "0.9.0", "lower")),
        ("folder gone", shop => Directory.Delete(Path.Join(shop.Root, "tool"), recursive: true)),
        ("unlisted", shop => shop.Listing()),
        (OldSnapshot, shop => Directory.SetLastWriteTimeUtc(shop.Root, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc))),
    ];

    public static TheoryData<string, string> Groups() =>
        [.. from command in Commands from state in States.Concat(Others) select new TheoryDataRow<string, string>(command, state.Name)];

    [Fact]
    public void The_page_has_every_combination()
    {
        var rows = File.ReadAllLines(Page);

        Assert.True(rows.Length >= 300, $"{rows.Length} rows");
        Assert.Equal(Keys(), rows.Select(KeyOf));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task What_is_on_disk_afterwards_is_what_the_page_says(string command, string state)
    {
        var rows = new List<string>();
        foreach (var source in SourcesOf(command, state))
        {
            foreach (var approval in ApprovalsOf(command, source.Name))
            {
                rows.Add(await RowAsync(command, state, source, approval));
            }
        }

        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            Write(rows);
            return;
        }

        Assert.Equal(File.ReadAllLines(Page).Where(row => row.StartsWith($"{command,-10}{state,-20}", StringComparison.Ordinal)), rows);
    }

    private static async Task<string> RowAsync(string command, string state, (string Name, Action<TestShop> Change) source, string approval)
    {
        using var home = new Home(isSnapshot: source.Name == OldSnapshot);
        await home.PrepareAsync(States.Concat(Others).Single(s => s.Name == state).Arrange, command == "restore");
        var approvals = await home.ApproveAsync(approval, () => source.Change(home.Shop));
        var before = home.State();

        var result = await home.RunAsync(command, approvals);

        var after = home.State();
        var row = $"{Key(command, state, source.Name, approval)}-> {result.Status} {result.ReasonCode ?? "-"} | "
            + $"{after.Describe(before)}{(result.RestartRequired ? ", restart" : "")}";
        AssertPromises(command, approval, home, result, before, after, row);
        return row;
    }

    // What holds for every row, whatever the page says.
    private static void AssertPromises(string command, string approval, Home home, PluginOperationResult result, DiskState before,
        DiskState after, string row)
    {
        switch (result.Status)
        {
            case "Failed" or "Skipped":
                Assert.True(before == after, row);
                Assert.True(result.Status == "Failed" == (result.Error is not null), row);
                return;
            case "Updated":
                Assert.True(before.Digest != after.Digest, row);
                break;
            case "Unchanged":
                Assert.True(before.Digest == after.Digest, row);
                Assert.True(before.Enabled != after.Enabled || !result.RestartRequired, row);
                break;
            case "Installed":
                Assert.True(before.Digest is null || before.Enabled is null, row);
                break;
            default:
                Assert.Fail(row);
                break;
        }

        // A success says what is there, and what is there can be verified.
        Assert.True((result.CacheVersion, result.Enabled) == (after.Folder, after.Enabled), row);
        // Approved bytes that Codex put there, and the source does not have, stay without a record of ours.
        if (approval is not "later")
        {
            Assert.True(after.Receipt is null || after.Receipt == after.Digest, row);
            Assert.True(after.Receipt is null || home.IsIntact(), row);
        }

        if (approval is not "-")
        {
            Assert.True(after.Digest == home.Approved, row);
        }

        if (before is { IsHeld: true, Digest: not null } && command != "repair")
        {
            Assert.True((before.Digest, before.Folder, after.IsHeld) == (after.Digest, after.Folder, true), row);
        }

        if (before.Enabled == false && command != "install")
        {
            Assert.False(after.Enabled, row);
        }

        Assert.True(command != "restore" || after.Digest == home.Locked, row);
    }

    private static IEnumerable<string> ApprovalsOf(string command, string source) =>
        command is "repair" or "restore" || source is "lower" or "folder gone" or "unlisted" ? ["-"]
            : source == "same" ? Approvals.Where(a => a != "source")
            : source == OldSnapshot ? Approvals.Select(a => a == "source" ? "later" : a) : Approvals;

    // A repair has no use for what the source has besides the recorded bytes, and what is locked or recorded is not of a snapshot's age.
    private static IEnumerable<(string Name, Action<TestShop> Change)> SourcesOf(string command, string state) =>
        Sources.Where(source => command switch
        {
            "repair" => source.Name is "same" or "newer" or "folder gone",
            "restore" => source.Name != OldSnapshot,
            _ => true,
        } && (States.Any(one => one.Name == state) || source.Name is "same" or "newer" or OldSnapshot));

    private static string Key(string command, string state, string source, string approval) =>
        $"{command,-10}{state,-20}{source,-14}{approval,-10}";

    private static string KeyOf(string row) => row[..row.IndexOf("->", StringComparison.Ordinal)];

    private static IEnumerable<string> Keys() =>
        from command in Commands
        from state in States.Concat(Others)
        from source in SourcesOf(command, state.Name)
        from approval in ApprovalsOf(command, source.Name)
        select Key(command, state.Name, source.Name, approval);

    // The groups run one after the other, in the order of the page.
    private static void Write(List<string> rows)
    {
        var keys = rows.ConvertAll(KeyOf);
        var others = File.Exists(Page)
            ? File.ReadAllLines(Page).Where(row => !keys.Exists(key => row.StartsWith(key, StringComparison.Ordinal))) : [];
        var order = Keys().ToList();
        File.WriteAllLines(Page, others.Concat(rows).OrderBy(row => order.IndexOf(KeyOf(row))));
    }

    /// <summary>What is in a home, as far as one plugin goes.</summary>
    private sealed record DiskState(string? Folder, string? Digest, string? Text, bool? Enabled, string? Receipt, bool IsHeld, int Kept,
        string Everything)
    {
        internal string Describe(DiskState before) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(Folder is null ? "no files" : $"{Text} in {Folder}")}, {(Enabled switch { true => "on", false => "off", _ => "no key" })}, "
                + $"{(Receipt is null ? "no receipt" : Receipt == Digest ? "recorded" : "receipt of others")}{(IsHeld ? ", held" : "")}"
                + $"{(Kept == 0 ? "" : $", {Kept} kept")}{(this == before ? " (as it was)" : "")}");

        // The history of what was tried is written for failures too, so it is not compared.
        public bool Equals(DiskState? other) => other?.Everything == Everything;

        public override int GetHashCode() => Everything.GetHashCode(StringComparison.Ordinal);
    }

    private sealed class Home : IDisposable
    {
        private PluginLockFile? _lock;

        internal Home(bool isSnapshot)
        {
            Shop = new TestShop().Listing("tool").Plugin("tool");
            Shop = isSnapshot ? Shop.BecomeSnapshot() : Shop;
            Shop.Environment = Shop.Environment with { Files = new FaultingFileOps { Saves = false } };
        }

        internal TestShop Shop { get; }

        internal string? Approved { get; private set; }

        internal string? Locked { get; private set; }

        public void Dispose() => Shop.Dispose();

        internal Task InstallAsync() => InstallAsync(CacheVersionRule.Local);

        internal async Task InstallAsync(CacheVersionRule folder) =>
            Assert.Equal("Installed", (await Shop.InstallAsync(Id,
                request => request with { Intent = new InstallIntent.Install { CacheVersion = folder } })).Status);

        internal async Task TurnOffAsync() =>
            Assert.Null((await new PluginActivation(Shop.Environment).SetEnabledAsync(PluginReference.Parse(Id), false)).Error);

        internal async Task HoldAsync() => Assert.Null((await new HoldPlugin(Shop.Environment).HoldAsync(PluginReference.Parse(Id))).Error);

        internal void RemoveKey() => Shop.WriteConfig(Shop.Config[..Shop.Config.IndexOf("\n[plugins.", StringComparison.Ordinal)]);

        internal void RemoveFiles() => Directory.Delete(Shop.Layout.PluginPath(PluginId.Parse(Id)), recursive: true);

        internal void RemoveReceipt() => Shop.Environment.Home.Receipts.Remove(PluginId.Parse(Id));

        internal void ChangeFile() => File.AppendAllText(
            Path.Join(Shop.Environment.Home.Cache.ActivePath(PluginId.Parse(Id)), "skills/a/SKILL.md"), "changed by hand\n");

        /// <summary>As <c>codex plugin add</c> leaves it: the files and the key, and nothing of ours.</summary>
        internal void InstallAsCodex()
        {
            RefreshAsCodex();
            Shop.WriteConfig(Shop.Config + $"\n[plugins.\"{Id}\"]\nenabled = true\n");
        }

        /// <summary>As Codex leaves it when it starts: what the source has now, beside a record of what it had.</summary>
        internal void RefreshAsCodex()
        {
            if (Directory.Exists(Shop.Cached(Id)))
            {
                Shop.Plugin("tool", "1.1.0", "newer");
                Directory.Delete(Shop.Cached(Id), recursive: true);
            }

            foreach (var file in Directory.GetFiles(Path.Join(Shop.Root, "tool"), "*", SearchOption.AllDirectories))
            {
                var target = Path.Join(Shop.Cached(Id), Path.GetRelativePath(Path.Join(Shop.Root, "tool"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            Shop.Plugin("tool");
        }

        // The lock is of another home, where the same plugin was installed before anything changed.
        internal async Task PrepareAsync(Func<Home, Task> arrange, bool needsLock)
        {
            if (needsLock)
            {
                await InstallAsync();
                var draft = new LockFileMaker(Shop.Environment).Make(Shop.Scratch["lock.json"], []);
                Assert.Empty(draft.Failures);
                _lock = draft.File;
                Locked = Assert.Single(_lock.Entries).TreeHash;
                var registered = Shop.Config[..Shop.Config.IndexOf("\n[plugins.", StringComparison.Ordinal)];
                Directory.Delete(Path.Join(Shop.CodexHome, "plugins"), recursive: true);
                Shop.WriteConfig(registered);
            }

            await arrange(this);
        }

        internal async Task<ApprovalFile?> ApproveAsync(string approval, Action change)
        {
            var path = Shop.Scratch["approvals.json"];
            if (approval == "unlisted")
            {
                File.WriteAllText(path, """{"format":1,"approvals":[]}""");
            }

            if (approval == "installed")
            {
                await AddApprovalAsync(path);
            }

            if (approval == "later")
            {
                // What a commit has that came after the snapshot.
                Shop.Plugin("tool", "1.1.0", "newer");
                await AddApprovalAsync(path);
                Shop.Plugin("tool");
            }

            change();
            if (approval == "source")
            {
                await AddApprovalAsync(path);
            }

            return approval == "-" ? null : ApprovalFile.Read(Shop.Environment, path);
        }

        private async Task AddApprovalAsync(string path)
        {
            var given = await new PluginReview(Shop.Environment).ApproveAsync(PluginReference.Parse(Id));
            Approved = given.TreeHash;
            await ApprovalFile.AddAsync(Shop.Environment, path, given);
        }

        internal Task<PluginOperationResult> RunAsync(string command, ApprovalFile? approvals)
        {
            InstallIntent intent = command switch
            {
                "reinstall" => new InstallIntent.Install { Reinstall = true },
                "update" => new InstallIntent.Update(),
                "restore" => new InstallIntent.RestoreLock { Entries = _lock!.Entries },
                _ => new InstallIntent.Install(),
            };
            return command == "repair"
                ? new PluginRepairer(Shop.Environment).RepairAsync(PluginReference.Parse(Id))
                : command == "restore"
                    ? RestoreAsync(intent)
                    : Shop.InstallAsync(Id, request => request with { Intent = intent, Approvals = approvals });
        }

        private async Task<PluginOperationResult> RestoreAsync(InstallIntent intent) =>
            Assert.Single(await Shop.InstallAllAsync(new InstallRequest { Intent = intent }));

        internal bool IsIntact() => new IntegrityQuery(Shop.Environment).Check(new IntegrityRequest()).Results is [{ IsIntact: true }];

        internal DiskState State()
        {
            var id = PluginId.Parse(Id);
            var cache = Shop.Environment.Home.Cache;
            var path = cache.ActivePath(id);
            var skill = path is null ? null : File.ReadAllText(Path.Join(path, "skills/a/SKILL.md"));
            return new DiskState(
                cache.ActiveVersion(id)?.Value,
                path is null ? null : TreeDigest.Compute(FolderTree.Read(path, FileOps.Default, Limits.Default)),
                skill is null ? null : skill.Contains("changed by hand", StringComparison.Ordinal) ? "changed"
                    : skill.Contains("newer", StringComparison.Ordinal) ? "newer"
                    : skill.Contains("lower", StringComparison.Ordinal) ? "lower" : "1.0.0",
                ConfigurationLayers.Read(Shop.Environment).FindPlugin(Id)?.UserEnabled,
                Shop.Environment.Home.Receipts.Find(id)?.TreeHash,
                Shop.Environment.Home.Holds.Find(id) is not null,
                Shop.Kept(Id).Count,
                string.Join('\n', ScratchFolder.Inventory(Shop.Layout.CachePath)
                    .Concat(ScratchFolder.Inventory(Shop.Layout.State.ReceiptsPath)).Append(Shop.Config)));
        }
    }
}
