using System.Runtime.InteropServices;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>What <c>build.ps1 -Task Package</c> made, once for all tests that check it.</summary>
public sealed class BuiltPackage : IAsyncLifetime
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(20);
    private static readonly string[] Released = ["linux-x64", "osx-arm64", "win-x64"];
    private static readonly string Artifacts = Path.Join(RepositoryRoot.Path, "artifacts");

    /// <summary>The version, as the folder's name tells it.</summary>
    public static string Version => Path.GetFileName(Assert.Single(Directory.GetDirectories(ZippedFolder)));

    /// <summary>The module's folder.</summary>
    public static string Folder => Path.Join(Artifacts, "PluginMarket", Version);

    /// <summary>The folder that the zip holds, which has the module's folder in it.</summary>
    public static string ZippedFolder => Path.Join(Artifacts, "PluginMarket");

    /// <summary>The module's manifest.</summary>
    public static string Manifest => Path.Join(Folder, "PluginMarket.psd1");

    /// <summary>The module's folder as a zip.</summary>
    public static string Zip => Made(".zip");

    /// <summary>The module for a gallery.</summary>
    public static string ModuleNupkg => Made(".nupkg");

    /// <summary>The command line for <c>dotnet tool install</c>.</summary>
    public static string ToolNupkg => Path.Join(Artifacts, $"PluginMarket.Cli.{Version}.nupkg");

    /// <summary>The SHA-256 of every file of the module.</summary>
    public static string FileList => Made(".sha256");

    /// <summary>The bill of materials of both packages.</summary>
    public static string BillOfMaterials => Made(".cdx.json");

    /// <summary>The systems that it brings a compiled core for: all that a release has where PLUGINMARKET_EXHAUSTIVE is 1, else the one
    /// of this machine, or the first where a release has none for it.</summary>
    internal static IReadOnlyList<string> CompiledRuntimes { get; } = Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1"
        ? Released : [Released.FirstOrDefault(name => name == RuntimeOfThis) ?? Released[0]];

    /// <summary>The name of this machine's system.</summary>
    internal static string RuntimeOfThis => (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The PowerShell that made it.</summary>
    internal PowerShellProgram PowerShell { get; } = PowerShellProgram.Find();

    public async ValueTask InitializeAsync()
    {
        using var scratch = new ScratchFolder();
        var built = await PowerShellHost.RunAsync(PowerShell, scratch.Path, Task.Delay(BuildLimit), "-Command", Build);
        Assert.True(built.ExitCode == 0, built.Output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The build servers that a build leaves behind would outlive the test and keep its streams open. The code was analyzed
    // when it was built for the tests.
    private static string Build => $$"""
        $env:MSBUILDDISABLENODEREUSE = '1'; $env:UseSharedCompilation = 'false'; $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'; $env:DOTNET_NOLOGO = '1'
        $env:RunAnalyzers = 'false'
        $env:HOME = '{{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}}'
        & '{{Path.Join(RepositoryRoot.Path, "build.ps1")}}' -Task Package `
            -CompiledRuntime {{string.Join(',', CompiledRuntimes)}}
        """;

    private static string Made(string extension) => Path.Join(Artifacts, $"PluginMarket.{Version}{extension}");
}
