#Requires -Version 7.4
<#
.SYNOPSIS
    Updates the help: the tables of the pages in docs/en-US from the commands, and en-US/ (what Get-Help reads) from the pages.
.DESCRIPTION
    People write the sentences and examples of a page. This script writes the rest of it, from the command: the address, the syntax, and for each
    parameter the type, default, accepted values, aliases and sets. A new command gets a page with {{ }} where a sentence is missing.
    Nothing but PowerShell is needed. Build the module first.
.EXAMPLE
    ./docs/Update-Help.ps1
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'Functions of this file read them.')]
param(
    # The manifest of the built module.
    [string] $Manifest = "$PSScriptRoot/../PluginMarket.psd1",

    # The folder of the pages.
    [string] $PageFolder = "$PSScriptRoot/en-US",

    # The folder that Get-Help reads.
    [string] $HelpFolder = "$PSScriptRoot/../en-US"
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Help.ps1

$module = Import-Module $Manifest -PassThru
$PageFolder, $HelpFolder = $PageFolder, $HelpFolder | ForEach-Object { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($_) }
$entries = foreach ($command in $module.ExportedCmdlets.Values | Sort-Object Name) {
    $path = Join-Path $PageFolder "$($command.Name).md"
    $page = if (Test-Path -LiteralPath $path) { Read-HelpPage $path } else { New-HelpPage $command }
    $page = Update-HelpPage $page $command
    [IO.File]::WriteAllText($path, (Format-HelpPage $page), [Text.UTF8Encoding]::new($false))
    Format-HelpEntry $page $command
}

$entries = @($entries)
[IO.File]::WriteAllText((Join-Path $HelpFolder 'PluginMarket.Cmdlets.dll-Help.xml'), (Join-HelpEntry $entries), [Text.UTF8Encoding]::new($false))
foreach ($topic in Get-ChildItem -LiteralPath $PageFolder -Filter 'about_*.md') {
    $text = Format-HelpTopic ([IO.File]::ReadAllText($topic.FullName))
    [IO.File]::WriteAllText((Join-Path $HelpFolder "$($topic.BaseName).help.txt"), $text, [Text.UTF8Encoding]::new($false))
}
