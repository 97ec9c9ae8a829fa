using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>The module's package brings its core compiled ahead of time for the systems that most people have, beside the portable
/// one.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed class CompiledCoreTests(BuiltPackage package)
{
    private static readonly TimeSpan UseLimit = TimeSpan.FromMinutes(10);

    public static TheoryData<string> Runtimes => [.. BuiltPackage.CompiledRuntimes];

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void Each_library_is_there_and_made_of_the_portable_one(string runtime)
    {
        var core = Core(BuiltPackage.Folder);
        var portable = Directory.GetFiles(core, "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();

        Assert.Contains("PluginMarket.Core.dll", portable);
        Assert.Equal(portable, Directory.GetFiles(Path.Join(core, runtime)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in portable)
        {
            var (own, isCompiled) = Read(Path.Join(core, name));
            Assert.False(isCompiled);
            Assert.Equal((own, true), Read(Path.Join(core, runtime, name)));
        }
    }

    [Fact]
    public async Task PowerShell_takes_the_one_of_its_system_and_works_without_it()
    {
        using var scratch = new ScratchFolder();
        await ZipFile.ExtractToDirectoryAsync(BuiltPackage.Zip, scratch["unpacked"]);
        var module = scratch[$"unpacked/PluginMarket/{BuiltPackage.Version}"];
        var own = Path.Join(Core(module), BuiltPackage.RuntimeOfThis);
        Assert.Equal(Runtimes.Any(row => row.Data == BuiltPackage.RuntimeOfThis) ? own : Core(module), await LoadedFromAsync(module));

        foreach (var runtime in Runtimes)
        {
            Directory.Delete(Path.Join(Core(module), runtime.Data), recursive: true);
        }

        Assert.Equal(Core(module), await LoadedFromAsync(module));
        Assert.Equal(BuiltPackage.Version, (await ModuleUse.RunAsync(package.PowerShell, Path.Join(module, "PluginMarket.psd1"))).Version);
    }

    /// <summary>Whether a file of an archive is one of them.</summary>
    internal static bool IsCompiled(ZipArchiveEntry entry) =>
        Runtimes.Any(row => entry.FullName.EndsWith($"module/bin/core/{row.Data}/{entry.Name}", StringComparison.Ordinal));

    private static string Core(string module) => Path.Join(module, "module", "bin", "core");

    private static (Guid Version, bool IsCompiled) Read(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var metadata = reader.GetMetadataReader();
        return (metadata.GetGuid(metadata.GetModuleDefinition().Mvid),
            reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }

    private async Task<string> LoadedFromAsync(string module)
    {
        using var scratch = new ScratchFolder();
        var run = await PowerShellHost.RunAsync(package.PowerShell, scratch.Path, Task.Delay(UseLimit), "-Command",
            $"Import-Module '{module}/PluginMarket.psd1'; [PluginMarket.Plugin].Assembly.Location");
        Assert.True(run.ExitCode == 0, run.Output);
        return Path.GetDirectoryName(run.Output.Trim())!;
    }
}
