using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>The module as <c>-BundleLibGit2</c> packages it: with a libgit2 for every runtime, by which it reaches git repositories where there is no git command.</summary>
[Collection(nameof(BuiltPackage))]
[Engines("libgit2 alone: that the package brings it is what is shown.")]
[Trait("Category", "Slow")]
public sealed class LibGit2PackageTests(BuiltPackage package)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UseLimit = TimeSpan.FromMinutes(3);
    private static readonly string[] Runtimes = ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"];

    private const string UseScript = """
        param($Manifest, $Market, $CodexHome, $Empty)
        $ErrorActionPreference = 'Stop'
        $env:PATH = $Empty
        $env:PLUGINMARKET_LIBGIT2 = $null
        Import-Module $Manifest
        $place = @{ CodexHome = $CodexHome }
        $market = Add-PluginMarketplace -Source $Market @place -PassThru
        $result = Install-Plugin tool@shop @place
        [ordered]@{
            Name    = $market.Name
            Status  = $result.Status
            Version = $result.Version
            Engine  = (Get-Content -Raw (Join-Path $CodexHome 'plugins/.pluginmarket/receipts/shop/tool.json') | ConvertFrom-Json).engine
        } | ConvertTo-Json -Compress
        """;

    [Fact]
    public async Task With_libgit2_in_it_the_module_reaches_repositories_where_there_is_no_git()
    {
        var pwsh = package.PowerShell;
        using var scratch = new ScratchFolder();
        foreach (var file in Directory.GetFiles(BuiltPackage.Folder, "*", SearchOption.AllDirectories))
        {
            scratch.Write("module/" + Path.GetRelativePath(BuiltPackage.Folder, file), await File.ReadAllBytesAsync(file));
        }

        var built = await PowerShellHost.RunAsync(pwsh, scratch.Path, Task.Delay(BuildLimit), "-Command", Build(scratch["module/module/bin/"]));
        Assert.True(built.ExitCode == 0, built.Output);
        Assert.All(Runtimes, runtime => Assert.Single(Directory.GetFiles(scratch[$"module/module/bin/core/libgit2/{runtime}"])));

        await using var server = new GitHttpServer(scratch.MakeFolder("served"));
        GitRepository.Create(scratch["served/tool"]).Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.2.3"}""").Commit();
        GitRepository.Create(scratch["served/market"]).Write(".agents/plugins/marketplace.json", $$$"""{"name":"shop","plugins":[{"name":"tool","source":{"source":"url","url":"{{{server.Url}}}/tool"}}]}""").Commit();
        var script = scratch.Write("use.ps1", UseScript);
        var run = await PowerShellHost.RunAsync(pwsh, scratch.Path, Task.Delay(UseLimit), "-File", script, scratch["module/PluginMarket.psd1"], server.Url + "/market", scratch.MakeFolder(".codex"), scratch.MakeFolder("no-programs"));

        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        string? Text(string property) => document.RootElement.GetProperty(property).GetString();
        Assert.Equal(("shop", "Installed", "1.2.3", "libgit2"), (Text("Name"), Text("Status"), Text("Version"), Text("Engine")));
    }

    // The build servers that a build leaves behind would outlive the test and keep its streams open.
    private static string Build(string bin) => $$"""
        $env:MSBUILDDISABLENODEREUSE = '1'; $env:UseSharedCompilation = 'false'; $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'; $env:DOTNET_NOLOGO = '1'
        $env:HOME = '{{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}}'
        dotnet build '{{Path.Join(RepositoryRoot.Path, "src/PluginMarket.Cmdlets")}}' -c Release -v quiet '-p:ModuleBinFolder={{bin}}' -p:BundleLibGit2=true
        exit $LASTEXITCODE
        """;
}
