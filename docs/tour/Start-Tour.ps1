<#
.SYNOPSIS
    Plays tour.ps1 in the working folder: shows each command as it is typed, runs it, and prints what PowerShell prints.
#>
param([Parameter(Mandatory)] [string] $Repository)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $Repository PluginMarket.psd1)
$null = New-Item -ItemType Directory $env:CODEX_HOME
Copy-Item (Join-Path $Repository docs/samples/marketplace) . -Recurse

# Escape sequences are for terminals.
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }

$tokens = $null
$tree = [System.Management.Automation.Language.Parser]::ParseFile((Join-Path $PSScriptRoot tour.ps1), [ref] $tokens, [ref] $null)
$headings = $tokens.Where{ $_.Kind -eq 'Comment' }
$shown = @($headings + $tree.EndBlock.Statements) | Sort-Object { $_.Extent.StartOffset }
foreach ($part in $shown) {
    $text = $part.Extent.Text
    if ($part -is [System.Management.Automation.Language.Token]) {
        "`n$($PSStyle.Bold)$text$($PSStyle.BoldOff)" | Out-Host
        continue
    }

    "PS> $text" | Out-Host
    . ([scriptblock]::Create($text)) | Out-Default
}
