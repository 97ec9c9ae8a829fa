using System.Diagnostics;
using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>Both packages are taken by the programs that take them, from a folder as the only feed, and work where those put
/// them.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed class FeedTests(BuiltPackage package)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private const string GalleryScript = """
        param($PSResourceGet, $Scratch, $ModuleFolder)
        $ErrorActionPreference = 'Stop'
        Import-Module $PSResourceGet
        foreach ($name in 'feed', 'published') { Register-PSResourceRepository -Name $name -Uri (Join-Path $Scratch $name) -Trusted }
        $found = Find-PSResource PluginMarket -Repository feed
        Save-PSResource PluginMarket -Repository feed -Path (Join-Path $Scratch saved)
        Install-PSResource PluginMarket -Repository feed -Scope CurrentUser
        Publish-PSResource -Path $ModuleFolder -Repository published
        [ordered]@{
            Version     = [string] $found.Version
            Tags        = @($found.Tags)
            Description = $found.Description
            Installed   = [string] (Get-InstalledPSResource PluginMarket).Version
        } | ConvertTo-Json -Compress
        """;

    [Fact]
    public async Task PSResourceGet_finds_saves_and_installs_the_module_and_would_publish_it()
    {
        var pwsh = package.PowerShell;
        using var scratch = new ScratchFolder();
        var asked = await PowerShellHost.RunAsync(
            pwsh, scratch.Path, Task.Delay(Limit), "-Command",
            "(Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable | Select-Object -First 1).Path");
        Assert.True(asked.Output.Trim().Length > 0, "The PowerShell of the tests has no Microsoft.PowerShell.PSResourceGet.");

        scratch.MakeFolder("published");
        File.Copy(BuiltPackage.ModuleNupkg, Path.Join(scratch.MakeFolder("feed"), Path.GetFileName(BuiltPackage.ModuleNupkg)));
        scratch.MakeFolder("saved");
        var run = await PowerShellHost.RunAsync(pwsh, scratch.Path, Task.Delay(Limit), "-File", scratch.Write("gallery.ps1", GalleryScript),
            asked.Output.Trim(), scratch.Path, BuiltPackage.Folder);

        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(BuiltPackage.Version, document.RootElement.GetProperty("Version").GetString());
        Assert.Equal(BuiltPackage.Version, document.RootElement.GetProperty("Installed").GetString());
        Assert.Contains("Marketplace", document.RootElement.GetProperty("Tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.NotEmpty(document.RootElement.GetProperty("Description").GetString()!);
        Assert.True(File.Exists(scratch[$"published/PluginMarket.{BuiltPackage.Version}.nupkg"]));

        var saved = await ModuleUse.RunAsync(pwsh, scratch[$"saved/PluginMarket/{BuiltPackage.Version}/PluginMarket.psd1"]);
        Assert.Equal(BuiltPackage.Version, saved.Version);

        // By its name: found where PowerShell looks for modules of a user.
        var installed = await ModuleUse.RunAsync(pwsh, "PluginMarket", scratch.Path);
        Assert.StartsWith(scratch.Path, installed.ModuleBase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dotnet_installs_the_tool_and_it_works()
    {
        using var scratch = new ScratchFolder();
        File.Copy(BuiltPackage.ToolNupkg, Path.Join(scratch.MakeFolder("feed"), Path.GetFileName(BuiltPackage.ToolNupkg)));
        var settings = scratch.Write("nuget.config",
            "<configuration><packageSources><clear /><add key=\"feed\" value=\"feed\" /></packageSources></configuration>");

        var installed = await RunAsync(scratch, PowerShellProgram.DotNet, "tool", "install", "PluginMarket.Cli", "--version",
            BuiltPackage.Version, "--tool-path", scratch["tools"], "--configfile", settings);
        Assert.True(installed.ExitCode == 0, installed.Output);

        var tool = scratch[OperatingSystem.IsWindows() ? "tools/pluginmarket.exe" : "tools/pluginmarket"];
        var tried = await RunAsync(scratch, tool, "try");
        Assert.True(tried.ExitCode == 0, tried.Output);
        Assert.Contains("release-notes@sample-tools: Installed", tried.Output, StringComparison.Ordinal);

        var added = await RunAsync(scratch, tool, "marketplace", "add", SampleCatalogs.Complete);
        Assert.True(added.ExitCode == 0, added.Output);
        var plugin = await RunAsync(scratch, tool, "add", "hello@complete");
        Assert.True(plugin.ExitCode == 0, plugin.Output);
        var listed = await RunAsync(scratch, tool, "list", "--json");
        Assert.True(listed.ExitCode == 0, listed.Output);
        using var document = JsonDocument.Parse(listed.Output);
        Assert.Contains("hello@complete",
            document.RootElement.GetProperty("installed").EnumerateArray().Select(one => one.GetProperty("pluginId").GetString()));

        // Over http and without git: the package brings a libgit2.
        await using var shop = new ServedShop();
        foreach (var arguments in new string[][] { ["marketplace", "add", shop.Market], ["add", "tool@shop"] })
        {
            var withoutGit = await RunAsync(scratch, tool, shop.EmptyPath, arguments);
            Assert.True(withoutGit.ExitCode == 0, withoutGit.Output);
        }

        Assert.Equal("libgit2", ServedShop.EngineOf(scratch[".codex"]));
    }

    private static Task<PowerShellRun> RunAsync(ScratchFolder scratch, string program, params string[] arguments) =>
        RunAsync(scratch, program, null, arguments);

    private static Task<PowerShellRun> RunAsync(ScratchFolder scratch, string program, string? path, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        start.Environment["NUGET_PACKAGES"] = scratch["packages"];
        start.Environment["DOTNET_CLI_HOME"] = scratch.Path;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(PowerShellProgram.DotNet);
        return PowerShellHost.RunAsync(start, scratch.Path, Task.Delay(Limit));
    }
}
