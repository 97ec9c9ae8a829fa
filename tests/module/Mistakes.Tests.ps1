# Plausible mistakes, each typed into a home where it can be made, and the message that it gets. mistakes.md is the approved page: read it as the
# person who made the mistake. PLUGINMARKET_WRITE_PAGES=1 writes it.
BeforeAll {
    . $PSScriptRoot/Common.ps1
    $page = Join-Path $PSScriptRoot mistakes.md

    # A mistake a line. A line that begins with '#' names the place where the next ones are made.
    $typed = (Get-Content -Raw (Join-Path $PSScriptRoot mistakes.txt)) -split '\r?\n' | Where-Object { $_.Trim() }

    function Enter-World {
        $world = New-Folder
        $env:HOME = (New-Item -ItemType Directory (Join-Path $world home)).FullName
        $env:CODEX_HOME = (New-Item -ItemType Directory (Join-Path $world home/.codex)).FullName
        $work = (New-Item -ItemType Directory (Join-Path $world work)).FullName
        Set-Location $work
        $corp = Join-Path $work corp
        $null = New-TestPlugin $corp notes
        $null = New-TestPlugin $corp deploy-kit '2.0.0' -Component Skill, Hook
        $null = New-TestPlugin $corp other-name
        'not json' | Set-Content (New-Item -Force (Join-Path $corp 'plugins/broken/.codex-plugin/plugin.json'))
        Set-Catalog $corp corp @((New-Entry notes), (New-Entry deploy-kit), (New-Entry blocked -Installation NOT_AVAILABLE), (New-Entry twin ./plugins/notes), (New-Entry twin ./plugins/deploy-kit)
            (New-Entry gone), (New-Entry broken), (New-Entry renamed ./plugins/other-name), (New-Entry outside ../outside), (New-Entry cloud @{ source = 'github'; repo = 'acme/cloud' }))
        $null = New-TestPlugin (Join-Path $work loose) loose
        Set-Catalog (Join-Path $work loose) loose @(New-Entry loose)
        $git = Join-Path $work team
        $null = New-TestPlugin $git report
        Set-Catalog $git team @(New-Entry report)
        $null = Save-Repository $git
        $null = New-Item -ItemType Directory (Join-Path $work empty)
        '{ "name": "typo", "plugins": [ }' | Set-Content (New-Item -Force (Join-Path $work 'typo/.agents/plugins/marketplace.json'))
        '{}' | Set-Content (Join-Path $work lock.json)
        'x' | Set-Content (Join-Path $work plain.txt)
        '{ "severities": {} }' | Set-Content (Join-Path $work settings.json)
    }

    function Enter-Filled {
        Enter-World
        Add-PluginMarketplace ./corp
        Add-PluginMarketplace (Get-FileUrl "$PWD/team")
        $null = Install-Plugin notes@corp, deploy-kit@corp
        $null = Export-PluginLockFile ./plugins.lock.json
        Suspend-PluginUpdate deploy-kit@corp -Note 'CHG-7'
    }

    # What a person sees of the records of one line.
    function Format-Answer($Record) {
        $said = foreach ($one in $Record) {
            if ($one -is [System.Management.Automation.ErrorRecord]) { "$(Get-ErrorCode $one): $one" }
            elseif ($one -is [System.Management.Automation.WarningRecord]) { "WARNING: $one" }
            elseif ($one.PSObject.Properties['Reason'] -and $one.Reason) { "$($one.Id) $($one.Status): $($one.Reason)" }
            elseif ($one.PSObject.Properties['Diagnostics']) { $one.Diagnostics | ForEach-Object { "$($_.RuleId) $($_.Severity): $($_.Message)" } }
        }
        $text = (@($said) -join "`n").Replace((Split-Path $PWD), '~~').Replace($env:COMPUTERNAME ?? [Environment]::MachineName, 'THIS')
        $text = $text.Replace('~~/work', '/work').Replace('~~/home', '/home/me')
        $text -replace '[0-9a-f]{40}', '<commit>' -replace '(?<=sha256:)[0-9a-f]{64}', '<digest>' -replace '[0-9a-f]{32}', '<random>' -replace '\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)', '<time>'
    }

    $before = @{ HOME = $env:HOME; CODEX_HOME = $env:CODEX_HOME; Location = Get-Location }
    $answers = [ordered]@{}
    foreach ($line in $typed) {
        if ($line.StartsWith('#')) {
            $place = $line.TrimStart('#', ' ')
            if ($place -like 'Nothing*') { Enter-World } else { Enter-Filled }
            continue
        }

        $ErrorActionPreference = 'Continue'
        $records = try { & ([scriptblock]::Create($line)) 2>&1 3>&1 } catch { $_ }
        $ErrorActionPreference = 'Stop'
        $answers["$place`n$line"] = Format-Answer @($records)
    }

    Set-Location $before.Location
    $env:HOME, $env:CODEX_HOME = $before.HOME, $before.CODEX_HOME
}

Describe 'Mistakes' -Skip:$IsWindows {
    It 'are many' {
        $answers.Count | Should -BeGreaterThan 80
    }

    It 'are answered as the page says' {
        $last = ''
        $text = @('# Mistakes and their messages', '', 'Written by `Mistakes.Tests.ps1`: what PowerShell answers to each line of `mistakes.txt`.') + @(foreach ($key in $answers.Keys) {
                $place, $line = $key -split "`n", 2
                if ($place -ne $last) { '', "## $place"; $last = $place }
                '', "``PS> $line``", '', ($answers[$key] -replace '(?m)^', '> ')
            }) -join "`n"
        $text = "$($text -join "`n")`n"
        if ($env:PLUGINMARKET_WRITE_PAGES) { [IO.File]::WriteAllText($page, $text) }
        $text | Should -Be ((Get-Content -Raw $page) -replace "`r") -Because 'messages changed: run this test with PLUGINMARKET_WRITE_PAGES=1 and read mistakes.md'
    }

    It 'are each told a next step' {
        $step = '(^|[.:;)''"] )(Add|Allow|Ask|Check|Choose|Correct|Did you mean|Fix|Free|Give|Install|List|Move|Pipe|Put|Register|Release|Remove|Rename|Run|See|Set|Sign|Store|Try|Update|Use|Wait|Write)\b'
        $helpless = foreach ($key in $answers.Keys) {
            $answer = $answers[$key] -replace "`n", ' '
            # Errors of PowerShell itself, and answers that are not errors, do not count.
            if ($answer -match '^[A-Z]\w+: ' -and $answer -notmatch '^(Positional|Parameter|CannotConvert)' -and $answer -cnotmatch $step) { "$key`n  $answer" }
        }
        $helpless | Should -BeNullOrEmpty -Because 'an error ends with a step that can help: put a Remedy into its message'
    }
}
