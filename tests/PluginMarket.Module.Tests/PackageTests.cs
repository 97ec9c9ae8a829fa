using System.IO.Compression;
using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary>What <c>build.ps1 -Task Package</c> makes is what one would publish: it holds what the module needs and nothing else, and works wherever it lies.</summary>
public sealed class PackageTests
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UseLimit = TimeSpan.FromMinutes(3);

    private const string UseScript = """
        param($Manifest, $Market, $CodexHome)
        $ErrorActionPreference = 'Stop'
        $module = Import-Module $Manifest -PassThru
        $place = @{ CodexHome = $CodexHome }
        Add-PluginMarketplace -Source $Market @place
        $found = @(Find-Plugin @place)
        $results = @($found | Install-Plugin)
        [ordered]@{
            ModuleBase = $module.ModuleBase
            Version    = [string] $module.Version
            Commands   = $module.ExportedCmdlets.Count
            Found      = "$($found.Id)"
            Status     = "$($results.Status)"
            Installed  = "$((Get-InstalledPlugin @place).Id)"
            Table      = ($found | Out-String -Width 100).Trim()
        } | ConvertTo-Json -Compress
        """;

    [Fact]
    public async Task The_package_works_from_its_folder_and_from_its_zip()
    {
        if (PowerShellHost.Find(out var missing) is not { } pwsh)
        {
            Assert.Skip($"THE PACKAGE WAS NOT TESTED: {missing}");
            return;
        }

        using var scratch = new ScratchFolder();
        var built = await PowerShellHost.RunAsync(pwsh, scratch.Path, Task.Delay(BuildLimit), "-Command", Build);
        Assert.True(built.ExitCode == 0, built.Output);

        var artifacts = Path.Join(RepositoryRoot.Path, "artifacts");
        var zip = Directory.GetFiles(artifacts, "PluginMarket.*.zip").Single();
        var version = Path.GetFileNameWithoutExtension(zip)["PluginMarket.".Length..];
        var folder = Path.Join(artifacts, "PluginMarket", version);
        await ZipFile.ExtractToDirectoryAsync(zip, scratch["unpacked"]);

        Assert.Equal(Contents(artifacts + "/PluginMarket"), Contents(scratch["unpacked/PluginMarket"]));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Join(RepositoryRoot.Path, "PluginMarket.psd1")), await File.ReadAllBytesAsync(Path.Join(folder, "PluginMarket.psd1")));
        AssertOnlyWhatIsNeeded(folder);

        await AssertWorks(pwsh, scratch, folder, version, "from-folder");
        await AssertWorks(pwsh, scratch, scratch[$"unpacked/PluginMarket/{version}"], version, "from-zip");
    }

    // The build servers that a build leaves behind would outlive the test and keep its streams open.
    private static string Build => $$"""
        $env:MSBUILDDISABLENODEREUSE = '1'; $env:UseSharedCompilation = 'false'; $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'; $env:DOTNET_NOLOGO = '1'
        $env:HOME = '{{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}}'
        & '{{Path.Join(RepositoryRoot.Path, "build.ps1")}}' -Task Package
        """;

    private static List<string> Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{Path.GetRelativePath(folder, file)} {TreeDigest.OfBytes(File.ReadAllBytes(file))}").Order(StringComparer.Ordinal)];

    private static void AssertOnlyWhatIsNeeded(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).ToList();
        foreach (var needed in new[] { "LICENSE", "README.md", "en-US/PluginMarket.Cmdlets.dll-Help.xml", "en-US/about_PluginMarket.help.txt", "module/PluginMarket.Format.ps1xml", "module/PluginMarket.Types.ps1xml", "module/bin/PluginMarket.Cmdlets.dll", "module/bin/PluginMarket.Loader.dll", "module/bin/core/PluginMarket.Core.dll" })
        {
            Assert.Contains(needed, files);
        }

        // PowerShell has these itself, in newer versions; only the folder of the core's own load context may hold another Newtonsoft.Json.
        Assert.DoesNotContain(files, file => Path.GetFileName(file) is "System.Text.Json.dll" or "System.Management.Automation.dll");
        Assert.DoesNotContain(files, file => Path.GetFileName(file) == "Newtonsoft.Json.dll" && file != "module/bin/core/Newtonsoft.Json.dll");
        Assert.All(files.Where(file => file.StartsWith("module/bin/", StringComparison.Ordinal)), file => Assert.EndsWith(".dll", file, StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(
            file is "PluginMarket.psd1" or "LICENSE" or "README.md" or "CHANGELOG.md" || file.StartsWith("module/", StringComparison.Ordinal) || file.StartsWith("en-US/", StringComparison.Ordinal),
            $"{file} is not needed."));
    }

    private static async Task AssertWorks(string pwsh, ScratchFolder scratch, string folder, string version, string name)
    {
        scratch.Write($"{name}/market/.agents/plugins/marketplace.json", """{"name":"shop","plugins":[{"name":"tool","source":"./tool"}]}""");
        scratch.Write($"{name}/market/tool/.codex-plugin/plugin.json", """{"name":"tool","version":"1.2.3"}""");
        var codexHome = scratch.MakeFolder($"{name}/.codex");
        var script = scratch.Write($"{name}/use.ps1", UseScript);

        var run = await PowerShellHost.RunAsync(
            pwsh, scratch[name], Task.Delay(UseLimit), "-File", script, Path.Join(folder, "PluginMarket.psd1"), scratch[$"{name}/market"], codexHome);

        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        string? Text(string property) => document.RootElement.GetProperty(property).GetString();
        Assert.Equal((Path.GetFullPath(folder), version), (Text("ModuleBase"), Text("Version")));
        Assert.NotEqual(0, document.RootElement.GetProperty("Commands").GetInt32());
        Assert.Equal(("tool@shop", "Installed", "tool@shop"), (Text("Found"), Text("Status"), Text("Installed")));
        Assert.Contains("Marketplace", Text("Table"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(codexHome, "plugins/cache/shop/tool/local/.codex-plugin/plugin.json")));
    }
}
