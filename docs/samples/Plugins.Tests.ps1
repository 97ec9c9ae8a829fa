#Requires -Modules PluginMarket, @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Checks every plugin and every catalog of a repository, one test each. Copy this file anywhere into yours and run Invoke-Pester.
# Another folder: Invoke-Pester -Container (New-PesterContainer -Path ./Plugins.Tests.ps1 -Data @{ Root = '../plugins' })

param(
    # The folder to look through; by default the repository this file lies in.
    [string] $Root
)

BeforeDiscovery {
    if (-not $Root) {
        for ($Root = $PSScriptRoot; $Root -and -not (Test-Path -LiteralPath (Join-Path $Root '.git')); $Root = Split-Path $Root) { }
        if (-not $Root) { $Root = $PSScriptRoot }
    }

    # A settings file may contain severities, rules to leave out, paths to ignore and findings accepted so far (-SaveBaseline writes them).
    $options = @{}
    $settings = Join-Path $Root 'pluginmarket.settings.json'
    if (Test-Path -LiteralPath $settings) { $options.Settings = $settings }

    # Whether there was anything to check is a test of its own below.
    $found = @(Test-PluginManifest -LiteralPath $Root -Recurse -AllowEmpty @options) +
        @(Test-PluginMarketplace -LiteralPath $Root -Recurse -AllowEmpty @options)
    $cases = @($found | ForEach-Object { @{ Kind = $_.Kind; Name = $_.Name ? $_.Name : $_.Path; Result = $_ } })
}

Describe 'Plugins and catalogs' {
    It 'are there to be checked' -ForEach @{ Count = $cases.Count; Root = $Root } {
        $Count | Should -BeGreaterThan 0 -Because "there should be a plugin or a catalog in $Root"
    }

    It '<Kind> <Name> is accepted' -ForEach $cases {
        # -Strict on the commands above makes warnings fail too.
        $faults = if (-not $Result.IsValid) { $Result.Diagnostics | Where-Object { -not $_.IsAccepted -and $_.Severity -ne 'Information' } }
        ($faults | ForEach-Object { "$_" }) -join "`n" | Should -BeNullOrEmpty
    }
}
