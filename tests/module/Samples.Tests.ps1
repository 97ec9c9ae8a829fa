BeforeDiscovery {
    $samples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs/samples'
    $workflows = (Get-ChildItem $samples -Filter *.yml).Name
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $samples = Join-Path $RepositoryRoot 'docs/samples'
    . $PSScriptRoot/SampleScripts.ps1
    $pester = Join-Path (Get-Module Pester).ModuleBase Pester.psd1

    $good = New-Folder
    $null = New-TestPlugin $good notes
    $null = New-TestPlugin $good deploy -Component Skill, Hook, McpServer
    Set-Catalog $good corp @(New-Entry notes; New-Entry deploy)
    $bad = New-Folder
    $null = New-TestPlugin $bad notes
    $null = New-TestPlugin $bad broken -Manifest @{ keywords = 'one' }
    Set-Catalog $bad corp @(New-Entry notes; New-Entry broken)
}

Describe 'Plugins.Tests.ps1' {
    BeforeAll {
        function Invoke-Sample([string] $Folder) {
            Copy-Item (Join-Path $samples 'Plugins.Tests.ps1') $Folder
            $report = Join-Path $TestDrive "$([guid]::NewGuid()).json"
            $step = Invoke-Step $Folder @"
Import-Module '$pester'
`$run = Invoke-Pester -Path ./Plugins.Tests.ps1 -PassThru -Output None
@(`$run.Tests | ForEach-Object { @{ Name = `$_.ExpandedName; Result = "`$(`$_.Result)"; Message = "`$(`$_.ErrorRecord)" } }) | ConvertTo-Json -Depth 3 -AsArray | Set-Content '$report'
exit `$run.FailedCount
"@
            [pscustomobject]@{ ExitCode = $step.ExitCode; Output = $step.Output; Tests = @(if (Test-Path $report) { Get-Content -Raw $report | ConvertFrom-Json }) }
        }
    }

    It 'passes on a good tree, one test a plugin' {
        $run = Invoke-Sample $good
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Tests.Name | Should -Be 'are there to be checked', 'Plugin notes is accepted', 'Plugin deploy is accepted', 'Marketplace corp is accepted'
        $run.Tests.Result | Sort-Object -Unique | Should -Be 'Passed'
    }

    It 'fails on a bad tree for the bad plugin, and says where' {
        $run = Invoke-Sample $bad
        $failed = @($run.Tests | Where-Object Result -NE Passed)
        $failed.Name | Should -Contain 'Plugin broken is accepted'
        $failed.Name | Should -Not -Contain 'Plugin notes is accepted'
        ($failed | Where-Object Name -EQ 'Plugin broken is accepted').Message | Should -Match 'broken.\.codex-plugin.plugin\.json\(\d+,\d+\): Error PM\d{4}'
        $run.ExitCode | Should -Be $failed.Count
    }

    It 'fails where there is nothing to check' {
        $run = Invoke-Sample (New-Folder)
        ($run.Tests | Where-Object Result -EQ Failed).Name | Should -Be 'are there to be checked'
    }
}

Describe '<_>' -ForEach $workflows {
    BeforeAll {
        $path = Join-Path $samples $_
        $scripts = @(Get-YamlScript $path)
    }

    It 'is YAML with scripts that parse and use what exists' {
        $scripts.Count | Should -BeGreaterThan 1
        $scripts | ForEach-Object { Get-WrongUse $_ } | Should -BeNullOrEmpty
        ($scripts -join "`n") | Should -Match 'Test-PluginManifest'
    }

    It 'uploads SARIF and JUnit that its script has made' {
        $values = (Get-YamlScalar $path | Where-Object Key -NotIn 'run', 'pwsh').Value -join "`n"
        foreach ($file in 'plugins.sarif', 'plugins.junit.xml') { $values | Should -Match ([regex]::Escape($file)) }
    }

    It 'reports a bad tree and fails, and passes a good one' {
        $script = $scripts | Where-Object { $_ -match 'Test-PluginManifest' }
        $env:GITHUB_STEP_SUMMARY = Join-Path $TestDrive 'summary.md'
        try {
            $step = Invoke-Step $good $script
            $step.ExitCode | Should -Be 0 -Because $step.Output
            (Get-Content -Raw (Join-Path $good plugins.sarif) | ConvertFrom-Json).version | Should -Be '2.1.0'
            $step = Invoke-Step $bad $script
            $step.ExitCode | Should -Be 1 -Because $step.Output
            $step.Output | Should -Match 'plugins/broken/\.codex-plugin/plugin\.json'
            $results = (Get-Content -Raw (Join-Path $bad plugins.sarif) | ConvertFrom-Json).runs[0].results
            $results.locations.physicalLocation.artifactLocation.uri | Should -Contain 'plugins/broken/.codex-plugin/plugin.json'
            [int] ([xml] (Get-Content -Raw (Join-Path $bad plugins.junit.xml))).testsuites.failures | Should -BeGreaterThan 0
        }
        finally { $env:GITHUB_STEP_SUMMARY = $null }
    }
}

Describe 'The samples on broken catalogs' {
    BeforeDiscovery {
        $lines = Get-Content (Join-Path (Split-Path $PSScriptRoot) 'catalogs/broken-cases.txt')
        $broken = foreach ($line in $lines -match '^=== ' -notmatch '^=== all$') {
            $name, $refused, $says, $reason = $line.Substring(4) -split ' \| '
            @{ Name = $name; Refused = $refused; Says = $says }
        }
    }

    BeforeAll {
        # One process for all cases: a step is a script there, so that its exit ends it alone.
        $cases = New-Folder
        $all = [ordered] @{}
        $case = $file = $null
        foreach ($line in Get-Content (Join-Path $RepositoryRoot 'tests/catalogs/broken-cases.txt')) {
            if ($line -match '^=== ([^ ]+)') {
                $case = $Matches[1]
                $all[$case] = [ordered] @{}
                if ($case -ne 'all') { foreach ($path in $all['all'].Keys) { $all[$case][$path] = $all['all'][$path] } }
                $file = $null
            }
            elseif ($line -match '^--- (.+) \(none\)$') { $all[$case].Remove($Matches[1]); $file = $null }
            elseif ($line -match '^--- (.+)$') { $file = $Matches[1]; $all[$case][$file] = '' }
            elseif ($file -and $line) { $all[$case][$file] += "$line`n" }
        }

        foreach ($name in $all.Keys -ne 'all') {
            foreach ($path in $all[$name].Keys) {
                $target = Join-Path $cases "$name/$path"
                $null = New-Item -ItemType Directory -Force (Split-Path $target)
                [IO.File]::WriteAllText($target, $all[$name][$path].Replace('CASE', $name).Replace('\u{FEFF}', [string][char]0xFEFF))
            }
        }

        foreach ($workflow in 'github-workflow', 'azure-pipelines') {
            Get-YamlScript (Join-Path $samples "$workflow.yml") | Where-Object { $_ -match 'Test-PluginManifest' } | Set-Content (Join-Path $TestDrive "$workflow.ps1")
        }

        $answers = Join-Path $TestDrive answers.json
        $step = Invoke-Step $cases @"
Import-Module '$pester'
`$env:GITHUB_STEP_SUMMARY = '$(Join-Path $TestDrive summary-of-all.md)'
`$answers = @{}
foreach (`$case in Get-ChildItem '$cases' -Directory) {
    Set-Location `$case.FullName
    `$answer = @{}
    `$container = New-PesterContainer -Path '$(Join-Path $samples Plugins.Tests.ps1)' -Data @{ Root = `$case.FullName }
    `$answer.Pester = (Invoke-Pester -Container `$container -PassThru -Output None).FailedCount -gt 0
    foreach (`$workflow in 'github-workflow', 'azure-pipelines') {
        `$global:LASTEXITCODE = 0
        try { `$null = & "$TestDrive/`$workflow.ps1"; `$answer.`$workflow = `$LASTEXITCODE -ne 0 } catch { `$answer.`$workflow = `$true }
    }
    `$answers[`$case.Name] = `$answer
}
`$answers | ConvertTo-Json | Set-Content '$answers'
"@
        $step.ExitCode | Should -Be 0 -Because $step.Output
        $answers = Get-Content -Raw $answers | ConvertFrom-Json -AsHashtable
    }

    It 'refuse <Name> as the check does: <Says>' -ForEach $broken {
        foreach ($sample in 'Pester', 'github-workflow', 'azure-pipelines') {
            $answers[$Name].$sample | Should -Be ($Says -like 'error*') -Because "$sample is to say '$Says'"
        }
    }
}

Describe 'The check of the samples' {
    It 'would see a command or a parameter that does not exist' {
        Get-WrongUse 'Test-PluginNothing -Path .' | Should -Match 'does not exist'
        Get-WrongUse 'ConvertTo-PluginReport -Colour red' | Should -Match 'no -Colour'
        Get-WrongUse 'if (' | Should -Not -BeNullOrEmpty
    }
}
