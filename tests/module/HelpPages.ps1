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

# Has a command's page and the help file show what an example prints now.
function Set-Output([string] $Name, [string] $Before, [string] $Now) {
    $before, $now = $Before.Trim("`n"), $Now.Trim("`n")
    $help = Join-Path $RepositoryRoot 'en-US/PluginMarket.Cmdlets.dll-Help.xml'
    foreach ($file in (Join-Path $pages "$Name.md"), $help) {
        $text = [IO.File]::ReadAllText($file)
        $start, $end = 0, $text.Length
        $from, $to = "``````output`n$before`n", "``````output`n$now`n"
        if ($file -eq $help) {
            $from, $to = $before, $now | ForEach-Object { $_.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;') }
            $start = $text.IndexOf("<command:name>$Name</command:name>")
            $end = $text.IndexOf('</command:command>', $start)
        }

        $written = $text.Substring(0, $start) + $text.Substring($start, $end - $start).Replace($from, $to) + $text.Substring($end)
        $hasMark = [IO.File]::ReadAllBytes($file)[0] -eq 0xEF
        if ($written -cne $text) { [IO.File]::WriteAllText($file, $written, [Text.UTF8Encoding]::new($hasMark)) }
    }
}
