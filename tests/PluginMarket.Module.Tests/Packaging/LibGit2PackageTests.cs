using System.IO.Compression;
using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>The packages reach git repositories where there is no git command: they bring a libgit2 for every runtime.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed class LibGit2PackageTests(BuiltPackage package)
{
    private static readonly TimeSpan UseLimit = TimeSpan.FromMinutes(10);
    private static readonly string[] Runtimes = ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64",
        "win-arm64", "win-x64"];

    private const string UseScript = """
        param($Manifest, $Market, $CodexHome, $Empty)
        $ErrorActionPreference = 'Stop'
        $env:PATH = $Empty
        Import-Module $Manifest
        $place = @{ CodexHome = $CodexHome }
        $market = Add-PluginMarketplace -Source $Market @place -PassThru
        $result = Install-Plugin tool@shop @place
        $loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'PluginMarket.LibGit2' }
        [ordered]@{
            Name    = $market.Name
            Status  = $result.Status
            Version = $result.Version
            Context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($loaded).Name
            From    = $loaded.Location
        } | ConvertTo-Json -Compress
        """;

    [Theory]
    [InlineData("folder")]
    [InlineData("nupkg")]
    public async Task The_module_reaches_repositories_where_there_is_no_git(string form)
    {
        using var scratch = new ScratchFolder();
        var module = await UnpackAsync(form, scratch);
        await using var shop = new ServedShop();
        var script = scratch.Write("use.ps1", UseScript);
        var codexHome = scratch.MakeFolder(".codex");

        var run = await PowerShellHost.RunAsync(
            package.PowerShell, scratch.Path, Task.Delay(UseLimit), "-File", script, Path.Join(module, "PluginMarket.psd1"),
            shop.Market, codexHome, shop.EmptyPath);

        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        string? Text(string property) => document.RootElement.GetProperty(property).GetString();
        Assert.Equal(("shop", "Installed", "1.2.3", "PluginMarket"), (Text("Name"), Text("Status"), Text("Version"), Text("Context")));
        Assert.Equal(Path.Join(module, "module", "bin", "core", "libgit2", "PluginMarket.LibGit2.dll"), Text("From"));
        Assert.Equal("libgit2", ServedShop.EngineOf(codexHome));
    }

    [Fact]
    public async Task Both_packages_have_a_library_for_every_runtime()
    {
        foreach (var (file, prefix) in new[] { (BuiltPackage.ModuleNupkg, "module/bin/core/libgit2/"),
            (BuiltPackage.ToolNupkg, "/any/libgit2/") })
        {
            await using var archive = await ZipFile.OpenReadAsync(file);
            var names = archive.Entries.Select(entry => entry.FullName)
                .Where(name => name.Contains(prefix, StringComparison.Ordinal)).ToList();
            Assert.All(Runtimes, runtime => Assert.Single(names, name => name.Contains($"{prefix}{runtime}/", StringComparison.Ordinal)));
            Assert.Single(names, name => name.EndsWith(prefix + "PluginMarket.LibGit2.dll", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("PluginMarket.LibGit2.dll", false)]
    [InlineData("PluginMarket.LibGit2.dll", true)]
    [InlineData("LibGit2Sharp.dll", false)]
    [InlineData("*git2-*", false)]
    [InlineData("*git2-*", true)]
    public async Task A_part_that_is_missing_or_broken_is_an_error_of_its_own(string part, bool isBroken)
    {
        using var scratch = new ScratchFolder();
        await ZipFile.ExtractToDirectoryAsync(BuiltPackage.Zip, scratch["unpacked"]);
        var module = scratch[$"unpacked/PluginMarket/{BuiltPackage.Version}"];
        foreach (var file in Directory.GetFiles(Path.Join(module, "module", "bin", "core", "libgit2"), part, SearchOption.AllDirectories))
        {
            File.Delete(file);
            if (isBroken)
            {
                await File.WriteAllTextAsync(file, "text");
            }
        }

        var run = await PowerShellHost.RunAsync(
            package.PowerShell, scratch.Path, Task.Delay(UseLimit), "-Command",
            $"$ErrorActionPreference = 'Stop'; Import-Module '{module}/PluginMarket.psd1'; "
                + $"try {{ Add-PluginMarketplace 'https://127.0.0.1:1/x' -GitEngine LibGit2 -CodexHome '{scratch.MakeFolder(".codex")}' }} "
                + $"catch {{ $_.FullyQualifiedErrorId }}");

        Assert.StartsWith("GitNotFound,", run.Output, StringComparison.Ordinal);
    }

    private static async Task<string> UnpackAsync(string form, ScratchFolder scratch)
    {
        if (form == "folder")
        {
            return BuiltPackage.Folder;
        }

        await ZipFile.ExtractToDirectoryAsync(BuiltPackage.ModuleNupkg, scratch["unpacked"]);
        return scratch["unpacked"];
    }
}
