<#
.SYNOPSIS
Shows how long checking many plugins takes, beside Codex refusing or installing the same ones.

.DESCRIPTION
Makes a marketplace of plugins, each with a manifest, a skill, an MCP server and a hook, in a folder of the user's own that is removed at the end (Codex warns of homes below
the system's temporary folder). Codex has no check: its nearest is to install a plugin, one command each. Without codex on the path that part is left out.

.EXAMPLE
./tests/performance/Measure-PluginCheck.ps1 -Count 1000
#>
[CmdletBinding()]
param(
    [int] $Count = 1000,
    [int] $CodexCount = 100
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../PluginMarket.psd1')
$scratch = (New-Item -ItemType Directory (Join-Path $HOME ".plugin-check-$PID")).FullName
try {
    $root = Join-Path $scratch 'market'
    $entries = foreach ($i in 1..$Count) {
        $folder = Join-Path $root "plugins/plugin-$i"
        $null = [IO.Directory]::CreateDirectory("$folder/.codex-plugin"), [IO.Directory]::CreateDirectory("$folder/skills/one"), [IO.Directory]::CreateDirectory("$folder/hooks")
        [IO.File]::WriteAllText("$folder/.codex-plugin/plugin.json", "{`"name`":`"plugin-$i`",`"version`":`"1.0.0`",`"description`":`"Plugin $i`",`"interface`":{`"displayName`":`"Plugin $i`",`"category`":`"Tools`"}}`n")
        [IO.File]::WriteAllText("$folder/skills/one/SKILL.md", "---`nname: one`ndescription: Does one thing.`n---`nDo it.`n")
        [IO.File]::WriteAllText("$folder/.mcp.json", "{`"mcpServers`":{`"one`":{`"url`":`"https://mcp.example.com/$i`"}}}`n")
        [IO.File]::WriteAllText("$folder/hooks/hooks.json", "{`"hooks`":{`"Stop`":[{`"hooks`":[{`"type`":`"command`",`"command`":`"exit 0`"}]}]}}`n")
        @{ name = "plugin-$i"; source = "./plugins/plugin-$i" }
    }
    $null = [IO.Directory]::CreateDirectory("$root/.agents/plugins")
    [IO.File]::WriteAllText("$root/.agents/plugins/marketplace.json", (ConvertTo-Json -Compress -Depth 4 @{ name = 'made'; plugins = @($entries) }))

    $seconds = foreach ($run in 1..3) {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $results = @(Get-ChildItem (Join-Path $root plugins) -Directory | Test-PluginManifest)
        if ($results.Count -ne $Count) { throw "$($results.Count) of $Count plugins were checked." }
        [Math]::Round($watch.Elapsed.TotalSeconds, 1)
    }

    $codex = Get-Command codex -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    $codexSeconds = if ($codex) {
        $env:CODEX_HOME = (New-Item -ItemType Directory (Join-Path $scratch '.codex')).FullName
        $null = & $codex plugin marketplace add $root
        $watch = [Diagnostics.Stopwatch]::StartNew()
        foreach ($i in 1..[Math]::Min($CodexCount, $Count)) {
            $null = & $codex plugin add "plugin-$i@made"
            if ($LASTEXITCODE -ne 0) { throw "codex did not install plugin-$i." }
        }
        [Math]::Round($watch.Elapsed.TotalSeconds, 1)
    }

    [pscustomobject]@{
        Plugins        = $Count
        FirstSeconds   = $seconds[0]
        AgainSeconds   = $seconds[1], $seconds[2]
        CodexPlugins   = $codexSeconds ? [Math]::Min($CodexCount, $Count) : $null
        CodexSeconds   = $codexSeconds
    }
}
finally {
    Remove-Item -Recurse -Force -LiteralPath $scratch
}
