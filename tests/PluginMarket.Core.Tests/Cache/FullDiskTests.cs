using System.Diagnostics;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

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
            var cache = new PluginCache(environment);
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
                Assert.Empty(ScratchFolder.Inventory(cache.Layout.State.StagingPath).Concat(ScratchFolder.Inventory(cache.Layout.State.TrashPath)));
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

    private static void Publish(MarketEnvironment environment, PluginId id, char content)
    {
        using var staged = StagedTree.Create(environment);
        staged.Write(new MemoryTree().Add("f", new string(content, FileBytes)), TreeWriteOptions.Plugin(Limits.Default));
        staged.Sync();
        new PluginCache(environment).Publish(staged, id, PluginVersion.Local);
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
            using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={VolumeBytes}", "tmpfs", folder]) { RedirectStandardError = true })!;
            mount.WaitForExit();
            Assert.SkipUnless(mount.ExitCode == 0, "A small volume cannot be mounted here.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no mount command here.");
        }
    }

    // The look at the free space would refuse before anything is written: here the disk itself must.
    private sealed class NoForesight : FileOps
    {
        public override long FreeSpace(string path) => long.MaxValue;
    }
}
