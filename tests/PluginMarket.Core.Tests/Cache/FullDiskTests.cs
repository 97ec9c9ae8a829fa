using System.Diagnostics;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Slow")]
public sealed class FullDiskTests
{
    private const int VolumeBytes = 1 << 20;
    private const int FileBytes = 40_000;

    [Fact]
    public void A_full_volume_leaves_the_old_plugin_and_nothing_else()
    {
        using var scratch = new ScratchFolder();
        var volume = scratch.MakeFolder("home");
        Mount(volume);
        try
        {
            var environment = scratch.Environment(new NoForesight());
            var id = PluginId.Parse("p@m");
            var cache = environment.Home.Cache;
            Publish(environment, id, 'o');
            var (full, fits) = (0, 0);
            for (var spare = 0; spare <= 64 << 10; spare += 4 << 10)
            {
                Fill(Path.Join(volume, "filler"), spare);
                var published = false;
                try
                {
                    Publish(environment, id, 'n');
                    published = true;
                    fits++;
                }
                catch (PluginMarketException e)
                {
                    Assert.Equal(MarketErrorCode.DiskFull, e.Code);
                    full++;
                }

                var text = File.ReadAllText(Path.Join(cache.ActivePath(id)!, "f"));
                Assert.Equal(new string(published ? 'n' : 'o', FileBytes), text);
                Recovery.Run(environment);
                Assert.Empty(ScratchFolder.Inventory(cache.Layout.State.StagingPath)
                    .Concat(ScratchFolder.Inventory(cache.Layout.State.TrashPath)));
                File.Delete(Path.Join(volume, "filler"));
                Publish(environment, id, 'o');
            }

            Assert.True(full > 3 && fits > 0, $"{full} full, {fits} fit");
        }
        finally
        {
            using var unmount = Process.Start("umount", [volume]);
            unmount.WaitForExit();
        }
    }

    [Fact]
    public async Task A_command_that_finds_no_room_leaves_every_file_and_folder_as_it_was()
    {
        using var scratch = new ScratchFolder();
        var volume = scratch.MakeFolder("home");
        Mount(volume);
        try
        {
            var environment = scratch.Environment(new NoForesight());
            var careful = scratch.Environment();
            foreach (var name in new[] { "one", "two" })
            {
                scratch.Write($"shop/{name}/.codex-plugin/plugin.json", $$"""{"name":"{{name}}"}""");
            }

            scratch.Write("shop/.agents/plugins/marketplace.json",
                """{"name":"shop","plugins":[{"name":"one","source":"./one"},{"name":"two","source":"./two"}]}""");
            scratch.Write("other/.agents/plugins/marketplace.json", """{"name":"other","plugins":[]}""");
            var repository = Repository(scratch, "tools");
            var registry = new MarketplaceRegistry(environment);
            await registry.AddAsync(new MarketplaceAddRequest { Source = scratch["shop"] });
            await InstallAsync(environment, "one@shop");

            // Lock files stay for ever, Codex's too, so they have to be there before.
            using (await MarketplaceLocks.AcquireAsync(environment, TestContext.Current.CancellationToken))
            {
                Assert.False(Directory.Exists(environment.Home.State.Layout.MarketplaceNotesPath));
            }


            foreach (var (what, act) in new (string, Func<Task>)[]
            {
                ("add git", () => registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl })),
                ("add local", () => registry.AddAsync(new MarketplaceAddRequest { Source = scratch["other"] })),
                ("install", () => InstallAsync(careful, "two@shop")),
                ("disable", () => DisableAsync(environment, "one@shop")),
                ("uninstall", () => UninstallAsync(environment, "one@shop")),
                ("remove", () => registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "shop" })),
            })
            {
                var isFull = true;
                for (var spare = 0; isFull && spare <= 128 << 10; spare += 4 << 10)
                {
                    Fill(Path.Join(volume, "filler"), spare);
                    var before = ScratchFolder.Inventory(volume);
                    var failure = await Record.ExceptionAsync(act);
                    isFull = failure is not null;
                    Assert.True(failure is PluginMarketException { Code: MarketErrorCode.DiskFull } || (failure is null && spare > 0),
                        $"{what} with {spare}: {failure}");
                    if (isFull)
                    {
                        Assert.True(before.SequenceEqual(ScratchFolder.Inventory(volume)), $"{what} with {spare}: {string.Join('\n',
                            ScratchFolder.Inventory(volume).Except(before).Concat(before.Except(ScratchFolder.Inventory(volume))))}");
                    }

                    File.Delete(Path.Join(volume, "filler"));
                }

                // The check of the free space wants more than this volume has.
                Assert.Equal(what == "install", isFull);
            }
        }
        finally
        {
            using var unmount = Process.Start("umount", [volume]);
            unmount.WaitForExit();
        }
    }

    private static async Task DisableAsync(MarketEnvironment environment, string plugin) =>
        Demand(await new PluginActivation(environment).SetEnabledAsync(PluginReference.Parse(plugin), false));

    private static async Task UninstallAsync(MarketEnvironment environment, string plugin) =>
        Demand(await new PluginUninstaller(environment).UninstallAsync(PluginReference.Parse(plugin), purge: false));

    private static void Demand(PluginOperationResult result)
    {
        if (result.GetFailure() is { } failure)
        {
            throw failure;
        }
    }

    private static async Task InstallAsync(MarketEnvironment environment, string plugin)
    {
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse(plugin)] });
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Demand(result);
        }
    }

    private static GitRepository Repository(ScratchFolder scratch, string name)
    {
        var repository = GitRepository.Create(scratch["repository"]).Write(".agents/plugins/marketplace.json",
            $$"""{"name":"{{name}}","plugins":[]}""");
        repository.Commit();
        return repository;
    }

    private static void Publish(MarketEnvironment environment, PluginId id, char content)
    {
        using var staged = StagedTree.Create(environment);
        staged.Write(new MemoryTree().Add("f", new string(content, FileBytes)), TreeWriteOptions.Plugin(Limits.Default));
        staged.Sync();
        environment.Home.Cache.Publish(staged, id, PluginVersion.Local);
    }

    private static void Fill(string path, int spare)
    {
        using var file = File.Create(path);
        file.SetLength(0);
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        file.Write(new byte[Math.Max(0, free - spare)]);
    }

    private static void Mount(string folder)
    {
        try
        {
            using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={VolumeBytes}", "tmpfs", folder])
            {
                RedirectStandardError = true,
            })!;
            mount.WaitForExit();
            Assert.SkipUnless(mount.ExitCode == 0, "A small volume cannot be mounted here.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no mount command here.");
        }
    }

    // The check of the free space would refuse before anything is written: here the disk itself must.
    private sealed class NoForesight : FileOps
    {
        public override long FreeSpace(string path) => long.MaxValue;
    }
}
