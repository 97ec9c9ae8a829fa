# The DSC resources of PluginMarket: standard input goes to the module's core, its answer to standard output, messages as JSON lines to
# standard error. DSC runs it in this folder, as PluginMarket.dsc.manifests.json says.
param(
    [Parameter(Mandatory)] [ValidateSet('plugin', 'marketplace', 'pluginSet', 'policy')] [string] $Resource,
    [Parameter(Mandatory)] [ValidateSet('get', 'test', 'set', 'export', 'schema')] [string] $Operation,
    [switch] $WhatIf
)

$ErrorActionPreference = 'Stop'
$utf8 = [Text.UTF8Encoding]::new($false)
$out = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), $utf8)
$err = [IO.StreamWriter]::new([Console]::OpenStandardError(), $utf8)
$code = 1
try {
    Import-Module (Join-Path $PSScriptRoot '../../PluginMarket.psd1')
    $in = [Console]::IsInputRedirected ? [IO.StreamReader]::new([Console]::OpenStandardInput(), $utf8) : [IO.TextReader]::Null
    $code = [PluginMarket.DscResource]::Run($Resource, $Operation, $WhatIf, $in, $out, $err)
}
catch {
    $err.WriteLine((ConvertTo-Json -Compress @{ error = "$_" }))
}

$out.Flush()
$err.Flush()
exit $code
