<#
.SYNOPSIS
Shows how long the tab key waits for names, marketplaces, categories, capabilities and rules, beside PowerShell completing a file name.

.DESCRIPTION
Makes a marketplace of local plugins, each with a manifest, in a folder of the user's own that is removed at the end. For each kind of name a new PowerShell presses the tab key
once (First: code is loaded and compiled as well, the module is imported before; FirstCpu is the processor's time of it, which other programs do not lengthen) and then ten times more (Again: the median). The last line is PowerShell completing a file name
in a folder of as many files. With codex on the path a line tells what one `codex plugin list` takes, to which a completion could turn instead.

.EXAMPLE
./tests/performance/Measure-PluginCompletion.ps1 -Count 10, 1000, 10000
#>
[CmdletBinding()]
param([int[]] $Count = @(10, 1000, 10000))

$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '../module/PowerShell.ps1')
$module = Join-Path $PSScriptRoot '../../PluginMarket.psd1'
$scratch = (New-Item -ItemType Directory (Join-Path $HOME ".plugin-completion-$PID")).FullName
$before = $env:CODEX_HOME
try {
    foreach ($number in $Count) {
        $root = Join-Path $scratch "market-$number"
        $files = Join-Path $scratch "files-$number"
        $null = [IO.Directory]::CreateDirectory("$root/.agents/plugins"), [IO.Directory]::CreateDirectory($files)
        $entries = foreach ($i in 1..$number) {
            $null = [IO.Directory]::CreateDirectory("$root/plugins/plugin-$i/.codex-plugin")
            [IO.File]::WriteAllText("$root/plugins/plugin-$i/.codex-plugin/plugin.json", "{`"name`":`"plugin-$i`",`"version`":`"1.0.0`",`"description`":`"Plugin $i`",`"interface`":{`"displayName`":`"Plugin $i`",`"category`":`"Kind $($i % 20)`",`"capabilities`":[`"Can $($i % 30)`"]}}`n")
            [IO.File]::WriteAllText("$files/plugin-$i", '')
            @{ name = "plugin-$i"; source = "./plugins/plugin-$i"; policy = @{ installation = 'AVAILABLE' } }
        }
        [IO.File]::WriteAllText("$root/.agents/plugins/marketplace.json", (ConvertTo-Json -Compress -Depth 4 @{ name = "made"; plugins = @($entries) }))
        $env:CODEX_HOME = "$scratch/home-$number/.codex"
        Invoke-PowerShell -NoProfile -Command { param($module, $root) Import-Module $module; Add-PluginMarketplace $root; $null = Find-Plugin plugin-1, plugin-2, plugin-3 | Install-Plugin } -args $module, $root

        $lines = [ordered]@{
            'a plugin to install'     = 'Install-Plugin plugin-7'
            'an installed plugin'     = 'Disable-Plugin plu'
            'a marketplace'           = 'Find-Plugin -Marketplace m'
            'a category'              = 'Find-Plugin -Category K'
            'a capability'            = 'Find-Plugin -Capability C'
            'a rule'                  = 'Get-PluginManifestRule PM1'
            'a file name, PowerShell' = "Get-ChildItem $files/plugin-7"
        }
        foreach ($name in $lines.Keys) {
            $times = Invoke-PowerShell -NoProfile -Command {
                param($module, $line)
                Import-Module $module
                # What all completion loads at its first time in a session.
                $null = TabExpansion2 'Get-ChildItem -Fo'
                $self = [Diagnostics.Process]::GetCurrentProcess()
                $before = $self.TotalProcessorTime
                foreach ($press in 0..10) {
                    $watch = [Diagnostics.Stopwatch]::StartNew()
                    $found = (TabExpansion2 $line).CompletionMatches.Count
                    $watch.Elapsed.TotalMilliseconds
                    if ($press -eq 0) {
                        $self.Refresh()
                        $used = ($self.TotalProcessorTime - $before).TotalMilliseconds
                    }
                }
                $used
                $found
            } -args $module, $lines[$name]
            [pscustomobject]@{ Entries = $number; Completes = $name; Offered = $times[-1]; FirstMs = [Math]::Round($times[0]); FirstCpuMs = [Math]::Round($times[-2]); AgainMs = [Math]::Round(($times[1..10] | Sort-Object)[5], 1) }
        }

        $codex = Get-Command codex -CommandType Application -ErrorAction Ignore | Select-Object -First 1
        if ($codex) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $listed = @(& $codex plugin list)
            [pscustomobject]@{ Entries = $number; Completes = 'nothing: codex plugin list'; Offered = $listed.Count; FirstMs = [Math]::Round($watch.Elapsed.TotalMilliseconds); FirstCpuMs = $null; AgainMs = $null }
        }
    }
}
finally {
    $env:CODEX_HOME = $before
    Remove-Item -Recurse -Force -LiteralPath $scratch
}
