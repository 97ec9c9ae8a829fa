<#
.SYNOPSIS
    Runs one Pester file in this process and writes the outcome of every test as JSON.
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $ReportPath
)

$ErrorActionPreference = 'Stop'

# Nothing but PowerShell's own modules: a PluginMarket installed on this machine must not be the one tested.
$env:PSModulePath = Join-Path $PSHOME 'Modules'
Import-Module $Pester

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
# Read only where the file does not come to its end.
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration

$file = Split-Path -Leaf $Path
$results = @(
    foreach ($test in $run.Tests) {
        [ordered]@{
            File    = $file
            Name    = $test.ExpandedPath
            Outcome = [string] $test.Result
            Message = ($test.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
        }
    }

    foreach ($broken in @($run.FailedBlocks) + @($run.FailedContainers)) {
        [ordered]@{
            File    = $file
            Name    = '(set-up)'
            Outcome = 'Failed'
            Message = ($broken.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
        }
    }
)
ConvertTo-Json -InputObject $results -Depth 3 | Set-Content -LiteralPath $ReportPath
exit 0
