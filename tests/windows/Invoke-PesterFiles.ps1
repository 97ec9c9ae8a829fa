<#
.SYNOPSIS
    Runs Pester files in this process, on Windows or under Wine, and writes the outcome of every test as one line of JSON.
.DESCRIPTION
    It writes a line when it begins a file, and one when it has written all rows of it: a process that crashes shows where.
#>
param([string] $Pester, [Parameter(ValueFromRemainingArguments)] [string[]] $Files)

$ErrorActionPreference = 'Stop'
Import-Module $Pester

function Write-Row($File, $Name, $Outcome, $Message) {
    'row ' + ([ordered]@{ File = $File; Name = $Name; Outcome = "$Outcome"; Message = "$Message" } | ConvertTo-Json -Compress -EscapeHandling EscapeNonAscii)
}

# There is no git command for Windows under Wine, and what needs one is tested elsewhere.
function Test-NeedsGit($Item) {
    for (; $Item; $Item = $Item.PSObject.Properties['Block'] ? $Item.Block : $Item.Parent) {
        if ($Item.ErrorRecord | Where-Object { $_.FullyQualifiedErrorId -eq 'CommandNotFoundException' -and $_.TargetObject -eq 'git' }) { return $true }
    }

    $false
}

foreach ($path in $Files) {
    $file = Split-Path -Leaf $path
    "begin $file"
    $global:Error.Clear()
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $path
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'None'
    $run = Invoke-Pester -Configuration $configuration
    foreach ($test in $run.Tests) {
        if (Test-NeedsGit $test) { continue }
        Write-Row $file $test.ExpandedPath $test.Result (($test.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n")
    }

    foreach ($broken in @($run.FailedBlocks) + @($run.FailedContainers)) {
        if (Test-NeedsGit $broken) { continue }
        Write-Row $file '(set-up)' Failed (($broken.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n")
    }

    # Whatever a test caught, what the user would have seen is in $Error.
    $bare = @($global:Error | Where-Object { "$($_.FullyQualifiedErrorId)" -match '^(System\.|InternalError).*,PluginMarket\.Cmdlets\.' } | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" })
    Write-Row $file '(no error is an exception of the framework)' ($bare.Count ? 'Failed' : 'Passed') ($bare -join "`n")
    "end $file"
}
