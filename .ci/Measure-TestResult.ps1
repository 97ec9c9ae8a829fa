<#
.SYNOPSIS
    Judges the result files of a test run: the last line that it prints is `N passed, N failed, N skipped`, and it ends with 1 where the run is not good.
.DESCRIPTION
    A run is good when each project has results, a test passed, none failed, and each skipped one is allowed by a line of the list. A line of the list
    that fits no test of the run is out of date, and makes the run bad too.
.PARAMETER Folder
    The folder of the .trx files.
.PARAMETER AllowedSkips
    The list: a line has a test's name, with wildcards, ` # ` and the reason why it may be skipped.
.PARAMETER Project
    The test projects that have to be in the results; all of the repository by default.
#>
param(
    [Parameter(Mandatory)] [string] $Folder,
    [string] $AllowedSkips = (Join-Path $PSScriptRoot '../tests/allowed-skips.txt'),
    [string[]] $Project = (Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '../tests') -Directory -Filter *.Tests).Name
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$bad = [Collections.Generic.List[string]]::new()
$allowed = foreach ($line in Get-Content -LiteralPath $AllowedSkips | Where-Object { $_.Trim() -and $_ -notmatch '^\s*#' }) {
    $name, $reason = $line -split '\s+#\s+', 2
    if (-not $reason) { $bad.Add("The list of allowed skips has no reason for: $line") }
    [pscustomobject]@{ Name = $name.Trim(); Reason = $reason; IsUsed = $false }
}

$spans = @{}
$results = foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -Filter *.trx) {
    $document = [xml]::new()
    $document.Load($file.FullName)
    $times = @($document.GetElementsByTagName('Times'))
    $tested = @($document.GetElementsByTagName('UnitTest'))
    if ($times -and $tested) {
        $spans[[IO.Path]::GetFileNameWithoutExtension($tested[0].storage)] = [datetimeoffset] $times[0].finish - [datetimeoffset] $times[0].start
    }

    foreach ($result in $document.GetElementsByTagName('UnitTestResult')) {
        $message = $result.GetElementsByTagName('Message')
        [pscustomobject]@{ Name = $result.testName; Outcome = $result.outcome; Message = if ($message.Count) { $message[0].InnerText } }
    }
}

$passed = @($results).Where{ $_.Outcome -eq 'Passed' }
$skipped = @($results).Where{ $_.Outcome -eq 'NotExecuted' }
$failed = @($results).Where{ $_.Outcome -notin 'Passed', 'NotExecuted' }
foreach ($entry in $allowed) { $entry.IsUsed = @($results).Where({ $_.Name -like $entry.Name }, 'First').Count -gt 0 }
foreach ($test in $skipped) {
    $entry = @($allowed).Where({ $test.Name -like $_.Name }, 'First')
    if ($entry) { "Allowed skip: $($test.Name): $($entry[0].Reason)" } else { $bad.Add("Skipped without being allowed: $($test.Name): $($test.Message)") }
}

@($allowed).Where{ -not $_.IsUsed } | ForEach-Object { $bad.Add("The list of allowed skips names no test of this run: $($_.Name)") }
$failed | ForEach-Object { $bad.Add("$($_.Outcome): $($_.Name)") }
if (-not $passed) { $bad.Add('No test passed.') }
$Project | Where-Object { $_ -notin $spans.Keys } | ForEach-Object { $bad.Add("No test of this project ran: $_") }
$spans.GetEnumerator() | Sort-Object Name | ForEach-Object { 'Time of {0}: {1:m\:ss}' -f $_.Name, $_.Value }
$bad
"$($passed.Count) passed, $($failed.Count) failed, $($skipped.Count) skipped"
exit [int] ($bad.Count -gt 0)
