using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Records;
using PluginMarket.Sources.Npm;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Plugins that are npm packages, fetched by the real npm from a registry on loopback.</summary>
[Trait("Category", "Slow")]
public sealed class NpmInstallTests : IAsyncDisposable
{
    private const string Token = "npm_canary0123456789";

    /// <summary>A path that leads out and is longer than a header holds.</summary>
    private static readonly string Long = $"package/{new string('n', 120)}/../../../out.txt";

    private readonly NpmRegistry _registry = new();
    private readonly TestShop _shop = new();
    private readonly RecordingLog _log = new();

    public NpmInstallTests()
    {
        Assert.SkipWhen(NpmRegistry.MissingNpm is not null, NpmRegistry.MissingNpm ?? "");
        _shop.Environment = _shop.Environment with { Log = _log };
        _shop.Scratch.Write("home/.npmrc", _registry.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_package_is_installed_into_its_version_with_its_integrity_and_nothing_else_is_written()
    {
        var tarball = NpmTarballBuilder.Plugin("tool", "1.2.0", "@team/tool").Add("package/run.sh", "#!/bin/sh\n", executable: true)
            .Add("beside/x.txt", "no part of it").ToTarball();
        _registry.Publish("@team/tool", "1.2.0", tarball);
        Catalog("@team/tool");

        var result = await _shop.InstallAsync("tool@shop");

        Assert.True(result.Status == "Installed", result.Reason);
        Assert.Equal(("1.2.0", "npm", "@team/tool", null), (result.Version, result.SourceType, result.Source, result.Commit));
        Assert.Equal([".codex-plugin", "package.json", "run.sh"], FileOps.Default.List(result.Path!));
        Assert.True(FileOps.Default.Examine(Path.Join(result.Path, "run.sh")).IsExecutable);
        var receipt = Receipt();
        Assert.Equal(("npm", new PackageProvenance("@team/tool", "1.2.0", null, NpmRegistry.IntegrityOf(tarball))),
            (receipt.SourceType, receipt.Provenance));
        Assert.Empty(ScratchFolder.Inventory(_shop.Layout.State.StagingPath));
        Assert.Equal([".codex", ".npmrc"], FileOps.Default.List(_shop.Environment.HomePath));
        Assert.Equal("Unchanged", (await _shop.InstallAsync("tool@shop")).Status);
    }

    [Fact]
    public async Task The_entry_says_which_version_is_taken_and_a_new_one_is_an_update()
    {
        Publish("1.0.0").Publish("tool", "1.9.0", NpmTarballBuilder.Plugin("tool", "1.9.0").ToTarball());
        Catalog("tool", "1.0.0");
        Assert.Equal("1.0.0", (await _shop.InstallAsync("tool@shop")).Version);
        Assert.True(Installed().HeldAgainstCodex, Installed().HeldReason);

        Catalog("tool", "^1.0.0");
        Assert.False(Installed().HeldAgainstCodex);
        Assert.Equal(("Skipped", "UpdateAvailable"),
            (await _shop.InstallAsync("tool@shop")) is var seen ? (seen.Status, seen.ReasonCode) : default);
        var update = Assert.Single((await new PluginUpdateQuery(_shop.Environment).FindAsync(new PluginUpdateRequest())).Updates);
        Assert.Equal(("NewVersion", "1.0.0", "1.9.0", "npm", null, null),
            (update.Change, update.FromVersion, update.ToVersion, update.SourceType, update.FromCommit, update.ToCommit));
        var updated = await _shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });
        Assert.Equal(("Updated", "1.9.0", "1.9.0"), (updated.Status, updated.Version, ((PackageProvenance)Receipt().Provenance).Version));

        TestShop.AssertFailed(MarketErrorCode.SourceInvalid,
            await _shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Ref = "main" } }));
        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, await _shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Version = PluginVersion.Parse("1.0.0") } }));
    }

    [Theory]
    [InlineData("link", MarketErrorCode.PathEscapesRoot)]
    [InlineData("escape", MarketErrorCode.PathEscapesRoot)]
    [InlineData("hard link", MarketErrorCode.PathEscapesRoot)]
    [InlineData("absolute", MarketErrorCode.PathEscapesRoot)]
    [InlineData("long name of a record", MarketErrorCode.PathEscapesRoot)]
    [InlineData("long name of gnu", MarketErrorCode.PathEscapesRoot)]
    [InlineData("twice", MarketErrorCode.NameInvalid)]
    [InlineData("twice by case", MarketErrorCode.NameInvalid)]
    [InlineData("many", MarketErrorCode.LimitExceeded)]
    [InlineData("bomb", MarketErrorCode.LimitExceeded)]
    [InlineData("name", MarketErrorCode.NpmPackageInvalid)]
    public async Task A_hostile_package_is_refused_and_the_home_stays_as_it_was(string kind, MarketErrorCode code)
    {
        _shop.Environment = _shop.Environment with { Limits = Limits.Default with { NpmUnpackedBytes = 8 << 20 } };
        _shop.Catalog("""{"name":"first","source":"./first"}""", """{"name":"tool","source":{"source":"npm","package":"tool"}}""")
            .Plugin("first");
        await _shop.InstallAsync("first@shop");
        var good = NpmTarballBuilder.Plugin("tool", "1.0.0");
        var tarball = kind switch
        {
            "link" => good.Add(TarEntryType.SymbolicLink, "package/l", "/etc/passwd").ToTarball(),
            "hard link" => good.Add(TarEntryType.HardLink, "package/l", "package/package.json").ToTarball(),
            "absolute" => good.Add("/var/tmp/out.txt", "x").ToTarball(),
            "long name of a record" => good.AddRaw(new NpmTarballBuilder(TarEntryFormat.Pax).Add(Long, "x").ToTar()[..^1024]).ToTarball(),
            "long name of gnu" => good.AddRaw(new NpmTarballBuilder(TarEntryFormat.Gnu).Add(Long, "x").ToTar()[..^1024]).ToTarball(),
            "twice by case" => good.Add("package/a", "1").Add("package/A", "2").ToTarball(),
            "many" => Enumerable.Range(0, 20_001).Aggregate(good, (builder, i) => builder.Add($"package/{i}", "")).ToTarball(),
            "escape" => good.Add("package/../../../out.txt", "x").ToTarball(),
            "twice" => good.Add("package/a", "1").Add("package/a", "2").ToTarball(),
            "bomb" => good.Add("package/big", new byte[64 << 20]).ToTarball(),
            "name" => NpmTarballBuilder.Plugin("tool", "1.0.0", "other").ToTarball(),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
        _registry.Publish("tool", "1.0.0", tarball);
        var before = _shop.Inventory();

        TestShop.AssertFailed(code, await _shop.InstallAsync("tool@shop"));

        Assert.Equal(before, _shop.Inventory());
        Assert.False(File.Exists(_shop.Scratch["out.txt"]));
    }

    [Fact]
    public async Task What_the_registry_does_wrong_has_its_own_id_and_a_next_step()
    {
        Catalog("missing");
        await FailsAsync(MarketErrorCode.NpmPackageNotFound, "npm view missing");
        Publish("1.0.0");
        Catalog("tool", "7.x");
        await FailsAsync(MarketErrorCode.NpmPackageNotFound, "7.x");
        Catalog("tool", ".x");
        await FailsAsync(MarketErrorCode.NpmFailed, "npm said");
        Catalog("tool");
        _registry.Answer = _ => (500, """{"error":"out of order"}""");
        await FailsAsync(MarketErrorCode.NpmFailed, "500");
        _registry.Answer = _ => null;
        _registry.Publish("tool", "1.0.0", NpmTarballBuilder.Plugin("tool", "1.0.0").ToTarball(), NpmRegistry.IntegrityOf([1]));
        await FailsAsync(MarketErrorCode.IntegrityMismatch, "announced");
        _shop.Scratch.Write("home/.npmrc", "registry=http://127.0.0.1:9/\nfetch-retries=0\n");
        await FailsAsync(MarketErrorCode.SourceUnreachable, "npm config get registry");
    }

    [Fact]
    public async Task A_missing_npm_is_named_with_what_to_do()
    {
        Catalog("tool");
        _shop.Environment = _shop.Environment with
        {
            Variables = new Dictionary<string, string>(_shop.Environment.Variables, StringComparer.Ordinal)
            {
                ["PATH"] = _shop.Scratch.MakeFolder("empty") + Path.PathSeparator + ".",
            },
        };

        await FailsAsync(MarketErrorCode.NpmNotFound, "Install Node.js");
    }

    [Fact]
    public async Task A_token_of_the_users_npmrc_is_used_and_seen_nowhere()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The argument list is looked at by a shell script.");
            return;
        }

        Publish("1.0.0");
        Catalog("tool");
        _registry.RequiredToken = Token;
        _shop.Scratch.Write("home/.npmrc", _registry.Configuration + $"{_registry.Url["http:".Length..]}:_authToken=${{MY_OWN_TOKEN}}\n");
        var real = _shop.Environment.Variables["PATH"].Split(Path.PathSeparator).Select(folder => Path.Join(folder, "npm"))
            .First(File.Exists);
        File.SetUnixFileMode(_shop.Scratch.Write("bin/npm",
            $"#!/bin/sh\necho \"$@\" >> {_shop.Scratch["arguments.txt"]}\nexec {real} \"$@\"\n"), FileOps.SharedFolder);
        SetVariables(("PATH", _shop.Scratch["bin"] + Path.PathSeparator + _shop.Environment.Variables["PATH"]),
            ("MY_OWN_TOKEN", "wrong" + Token));

        var refused = await FailsAsync(MarketErrorCode.NpmAuthenticationFailed, "npm login");
        SetVariables(("MY_OWN_TOKEN", Token));
        Assert.Equal("Installed", (await _shop.InstallAsync("tool@shop")).Status);

        Assert.Contains(_registry.Log, request => request.Authorization == "Bearer wrong" + Token);
        Assert.Equal(2, File.ReadAllLines(_shop.Scratch["arguments.txt"]).Length);
        Assert.Contains(_log.Commands, command => command.StartsWith("npm pack --ignore-scripts --pack-destination ",
            StringComparison.Ordinal) && command.EndsWith(" -- tool", StringComparison.Ordinal));
        var files = Directory.EnumerateFiles(_shop.Scratch.Path, "*", SearchOption.AllDirectories)
            .Select(file => File.ReadAllText(file, Encoding.Latin1));
        Assert.DoesNotContain(files.Concat(_log.Commands).Concat(_log.Details).Concat(_log.Warnings).Append(refused.ToString()),
            text => text.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_variable_of_the_users_cannot_turn_the_fetch_into_something_else()
    {
        Publish("1.0.0");
        Catalog("tool");
        SetVariables(("NPM_CONFIG_DRY_RUN", "true"), ("npm_config_dry-run", "true"), ("npm_config_ignore_scripts", "false"),
            ("npm_config_pack_destination", _shop.Scratch.MakeFolder("elsewhere")), ("npm_config_loglevel", "silent"));

        Assert.Equal("Installed", (await _shop.InstallAsync("tool@shop")).Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_shop.Scratch["elsewhere"]));
        Catalog("missing");
        await FailsAsync(MarketErrorCode.NpmPackageNotFound, "npm view");
    }

    [Fact]
    public async Task A_tarball_without_end_is_cut_at_the_cap_and_a_silent_server_at_the_time_limit()
    {
        Publish("1.0.0");
        Catalog("tool");
        _registry.TarballBody = async (stream, stop) =>
        {
            for (var block = new byte[256 << 10]; ;)
            {
                await stream.WriteAsync(block, stop);
            }
        };
        _shop.Environment = _shop.Environment with { Limits = Limits.Default with { NpmPackedBytes = 1 << 20 } };
        await FailsAsync(MarketErrorCode.LimitExceeded, "larger");

        _registry.TarballBody = (_, stop) => Task.Delay(Timeout.Infinite, stop);
        _shop.Environment = _shop.Environment with { Limits = Limits.Default with { NpmTime = TimeSpan.FromSeconds(3) } };
        await FailsAsync(MarketErrorCode.NpmTimeout, "3 seconds");
    }

    [Fact]
    public async Task A_cancelled_fetch_leaves_no_process_and_no_file()
    {
        Publish("1.0.0");
        Catalog("tool");
        var before = _shop.Inventory();
        using var cancel = new CancellationTokenSource();
        _registry.TarballBody = async (_, stop) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        };
        var installer = new PluginInstaller(_shop.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("tool@shop")] });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in installer.ExecuteAsync(plan, plan.Items, cancel.Token))
            {
            }
        });

        Assert.Equal(before.Where(line => !line.Contains(".pluginmarket", StringComparison.Ordinal)
            && !line.StartsWith("plugins ", StringComparison.Ordinal)), _shop.Inventory().Where(line =>
                !line.Contains(".pluginmarket", StringComparison.Ordinal) && !line.StartsWith("plugins ", StringComparison.Ordinal)));
        Assert.Empty(ScratchFolder.Inventory(_shop.Layout.State.StagingPath));
        Assert.DoesNotContain(Process.GetProcesses().Select(CommandLine),
            line => line.Contains(_shop.Scratch.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_package_says_of_itself_is_found_before_it_is_installed()
    {
        Publish("1.0.0");
        _shop.Catalog("""{"name":"tool","source":{"source":"npm","package":"tool"}}""",
            """{"name":"gone","source":{"source":"npm","package":"gone"}}""");

        var found = await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest { Resolve = true });

        Assert.Equal([("tool", "1.0.0", true, null), ("gone", null, false, null)], found.Plugins.OrderByDescending(plugin => plugin.Name,
            StringComparer.Ordinal).Select(plugin => (plugin.Name, plugin.Version, plugin.Resolved, plugin.Commit)));
        Assert.Contains("npm view gone", found.Plugins.Single(plugin => plugin.Name == "gone").Reason, StringComparison.Ordinal);
        Assert.Empty(ScratchFolder.Inventory(_shop.Layout.State.StagingPath));
    }

    [Fact]
    public async Task A_lock_gives_the_same_package_on_another_machine_or_an_error_and_repair_puts_it_back()
    {
        Publish("1.0.0");
        Catalog("tool", "^1.0.0");
        await _shop.InstallAsync("tool@shop");
        var draft = new LockFileMaker(_shop.Environment).Make(_shop.Scratch["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(_shop.Environment);
        Assert.Contains($"\"type\": \"npm\",\n        \"package\": \"tool\",\n        \"version\": \"1.0.0\",\n        \"integrity\": "
            + $"\"{((PackageProvenance)Receipt().Provenance).Integrity}\"", File.ReadAllText(draft.File.Path), StringComparison.Ordinal);
        Publish("1.5.0");
        var file = PluginLockFile.Read(_shop.Environment, draft.File.Path);

        var second = _shop.Environment with { CodexHome = _shop.Scratch.MakeFolder("second/.codex"), HomePath = _shop.Scratch["second"] };
        var restored = await RestoreAsync(second, file);
        Assert.True(restored.Status == "Installed", restored.Reason);
        Assert.Equal((file.Entries[0].TreeHash, "1.0.0"), (restored.TreeHash, restored.Version));
        var requests = _registry.Log.Count;
        Assert.Equal("Unchanged", (await RestoreAsync(second, file)).Status);
        Assert.Equal(requests, _registry.Log.Count);

        File.AppendAllText(Path.Join(restored.Path, "package.json"), " ");
        var repaired = await new PluginRepairer(second).RepairAsync(PluginReference.Parse("tool@shop"));
        Assert.True(repaired.Status == "Updated", repaired.Reason);
        Assert.True(new IntegrityCheck(second).Check(PluginId.Parse("tool@shop"), file.Entries[0]).IsIntact);

        var frozen = Assert.Single(await new FrozenMarketplace(_shop.Environment).WriteAsync(file, _shop.Scratch["frozen"]));
        Assert.Equal(file.Entries[0].TreeHash,
            TreeDigest.Compute(FolderTree.Read(Path.Join(frozen.Root, "plugins/tool"), FileOps.Default, Limits.Default)));

        // The same files packed again are not what was locked.
        _registry.Publish("tool", "1.0.0", NpmTarballBuilder.Plugin("tool", "1.0.0").Add(TarEntryType.Directory, "package/d").ToTarball());
        var third = _shop.Environment with { CodexHome = _shop.Scratch.MakeFolder("third/.codex"), HomePath = _shop.Scratch["third"] };
        TestShop.AssertFailed(MarketErrorCode.LockFileMismatch, await RestoreAsync(third, file));
        Assert.Empty(third.Home.Cache.AllPlugins());
    }

    private static string CommandLine(Process process)
    {
        using (process)
        {
            try
            {
                return OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{process.Id}/cmdline") : "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }

    private static async Task<PluginOperationResult> RestoreAsync(MarketEnvironment environment, PluginLockFile file)
    {
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } });
        var results = plan.Failures.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        return Assert.Single(results);
    }

    private async Task<PluginOperationResult> FailsAsync(MarketErrorCode code, string advice)
    {
        var result = await _shop.InstallAsync("tool@shop");
        TestShop.AssertFailed(code, result);
        Assert.Contains(advice, result.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_shop.Layout.State.StagingPath)
            && Directory.EnumerateFileSystemEntries(_shop.Layout.State.StagingPath).Any());
        return result;
    }

    private NpmRegistry Publish(string version) =>
        _registry.Publish("tool", version, NpmTarballBuilder.Plugin("tool", version).ToTarball());

    private void Catalog(string package, string? version = null) =>
        _shop.Catalog($$$"""{"name":"tool","source":{"source":"npm","package":"{{{package}}}"{{{(version is null
            ? "" : $",\"version\":\"{version}\"")}}} } }""");

    private void SetVariables(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(_shop.Environment.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        _shop.Environment = _shop.Environment with { Variables = all };
    }

    private Receipt Receipt() => _shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!;

    private InstalledPlugin Installed() =>
        Assert.Single(new InstalledPluginQuery(_shop.Environment).List(new InstalledPluginRequest()).Plugins);
}
