using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>What a module that was packaged did in its own home: it listed the sample catalog and installed a plugin of it.</summary>
/// <param name="ModuleBase">The folder the module was imported from.</param>
/// <param name="Version">Its version.</param>
internal sealed record ModuleUse(string ModuleBase, string Version)
{
    private static readonly TimeSpan UseLimit = TimeSpan.FromMinutes(10);

    private const string Script = """
        param($Module, $Market, $CodexHome)
        $ErrorActionPreference = 'Stop'
        $imported = Import-Module $Module -PassThru
        $place = @{ CodexHome = $CodexHome }
        Add-PluginMarketplace -Source $Market -WarningAction SilentlyContinue @place
        $found = @(Find-Plugin @place)
        $results = @($found | Where-Object Name -EQ hello | Install-Plugin)
        [ordered]@{
            ModuleBase = $imported.ModuleBase
            Version    = [string] $imported.Version
            Commands   = $imported.ExportedCmdlets.Count
            Found      = @($found.Name)
            Status     = "$($results.Status)"
            Installed  = "$((Get-InstalledPlugin @place).Id)"
            Table      = ($found | Out-String -Width 100).Trim()
        } | ConvertTo-Json -Compress
        """;

    /// <summary>Imports it by path or name and uses it; throws where one thing did not work.</summary>
    /// <param name="pwsh">PowerShell.</param>
    /// <param name="module">A manifest, or the name of a module that is installed in the home.</param>
    /// <param name="home">The home to work in, or null for a new one.</param>
    internal static async Task<ModuleUse> RunAsync(PowerShellProgram pwsh, string module, string? home = null)
    {
        using var scratch = new ScratchFolder();
        var codexHome = scratch.MakeFolder(".codex");
        var script = scratch.Write("use.ps1", Script);

        var run = await PowerShellHost.RunAsync(pwsh, home ?? scratch.Path, Task.Delay(UseLimit), "-File", script, module,
            SampleCatalogs.Complete, codexHome);

        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        string Text(string property) => document.RootElement.GetProperty(property).GetString()!;
        Assert.NotEqual(0, document.RootElement.GetProperty("Commands").GetInt32());
        Assert.Contains("hello", document.RootElement.GetProperty("Found").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(("Installed", "hello@complete"), (Text("Status"), Text("Installed")));
        Assert.Contains("Marketplace", Text("Table"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Join(codexHome, "plugins/cache/complete/hello")));
        return new ModuleUse(Text("ModuleBase"), Text("Version"));
    }
}
