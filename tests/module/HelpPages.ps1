# Dot-sourced by the tests of the help: takes the pages of docs/en-US apart.

$pages = Join-Path $RepositoryRoot 'docs/en-US'

# The lines of a page's section, without its heading.
function Get-Section([string] $Page, [string] $Heading) {
    if ($Page -match "(?ms)^## $([regex]::Escape($Heading))\n(.*?)(?=^## |\z)") { $Matches[1].Trim() }
}

# The parts of a section that begin with a heading of the third level.
function Get-Part([string] $Section) {
    foreach ($match in [regex]::Matches($Section, '(?ms)^### (?<Heading>[^\n]+)\n(?<Text>.*?)(?=^### |\z)')) {
        [pscustomobject]@{ Heading = $match.Groups['Heading'].Value.Trim(); Text = $match.Groups['Text'].Value.Trim() }
    }
}

function Get-Code([string] $Text) {
    if ($Text -match '(?ms)^```powershell\n(.*?)^```$') { $Matches[1].Trim() }
}

# What the page says an example prints.
function Get-Output([string] $Text) {
    if ($Text -match '(?ms)^```output\n(.*?)^```$') { $Matches[1].TrimEnd() }
}
