BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
    $plugins = Join-Path $root 'plugins'
    $bad = New-TestPlugin (New-Folder) bad -Manifest @{ keywords = 'one'; interface = @{ displayName = 'Bad'; shortDescription = 'Bad.'; logo = 'logo.png' } }
}

Describe 'Test-PluginManifest' {
    It 'gives an object with findings, each with its place' {
        $result = Test-PluginManifest $bad
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.ValidationResult'
        $result.Kind | Should -Be 'Plugin'
        $result.Name | Should -Be 'bad'
        $result.IsValid | Should -BeFalse
        $result.ErrorCount | Should -Be 1
        $result.WarningCount | Should -Be 1
        "$result" | Should -Be $bad
        $wrong = $result.Diagnostics | Where-Object Severity -EQ 'Error'
        $wrong.PSTypeNames[0] | Should -Be 'PluginMarket.Diagnostic'
        $wrong.RuleId | Should -Be 'PM0203'
        $wrong.JsonPointer | Should -Be '/keywords'
        $wrong.File | Should -Be (Join-Path $bad '.codex-plugin/plugin.json')
        $line = (Get-Content $wrong.File)[$wrong.Line - 1]
        $line.Substring($wrong.Column - 1, $wrong.EndColumn - $wrong.Column) | Should -Be '"one"'
        $wrong.HelpUri | Should -Be 'docs/rules.md#pm0203'
    }

    It 'says nothing of plugins that are fine: the line teams put into their tests' {
        $good = New-Folder
        $null = New-TestPlugin $good one
        $null = New-TestPlugin $good two -Component Skill, App
        Get-ChildItem (Join-Path $good plugins) -Directory | Test-PluginManifest | ForEach-Object Diagnostics | Should -BeNullOrEmpty
    }

    It 'takes folders, files, texts and wildcards' {
        (Test-PluginManifest (Join-Path $plugins '*')).Count | Should -Be 6
        (Get-ChildItem $plugins -Directory | Test-PluginManifest).Count | Should -Be 6
        (Get-ChildItem $plugins -Recurse -Force -Filter plugin.json | Test-PluginManifest).Count | Should -Be 6
        (Join-Path $plugins notes), (Join-Path $plugins 'd*') | Test-PluginManifest | ForEach-Object Name | Should -Be 'notes', 'deploy'
        (Get-Item (Join-Path $plugins notes) | Select-Object PSPath | Test-PluginManifest).Name | Should -Be 'notes'
    }

    It 'expands no wildcards in -LiteralPath, and resolves paths from the location' {
        $odd = Join-Path (Split-Path $bad) '[1]'
        Copy-Item -Recurse $bad $odd
        (Test-PluginManifest -LiteralPath $odd).Path | Should -Be $odd
        Push-Location $plugins
        try { (Test-PluginManifest notes).Path | Should -Be (Join-Path $plugins notes) } finally { Pop-Location }
    }

    It 'looks below with -Recurse' {
        (Test-PluginManifest $root -Recurse).Count | Should -Be 6
    }

    It 'takes installed plugins and plugins of a catalog, live and exported' {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp @at
        (Get-InstalledPlugin notes @at | Test-PluginManifest).Path | Should -Be (Get-InstalledPlugin notes @at).Path
        (Find-Plugin deploy@corp @at | Test-PluginManifest).Name | Should -Be 'deploy'
        $exported = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Find-Plugin deploy@corp @at)))
        ($exported | Test-PluginManifest).Name | Should -Be 'deploy'
    }

    It 'takes the words of the entry for a plugin that has no manifest' {
        $corp = New-Folder
        $null = New-Item -ItemType Directory (Join-Path $corp 'plugins/bare')
        Set-Catalog $corp bare @([ordered]@{ name = 'bare'; source = './plugins/bare'; description = 'Described by its entry.' })
        (Find-Plugin -Path $corp | Test-PluginManifest).IsValid | Should -BeTrue
        (Test-PluginManifest (Join-Path $corp 'plugins/bare')).Diagnostics.RuleId | Should -Be 'PM0201'
    }

    It 'fetches a plugin of a repository' {
        $at = New-TestHome
        $kit = New-Folder
        $null = New-TestPlugin $kit kit -Manifest @{ keywords = 'one' }
        $null = Save-Repository $kit
        $corp = New-Folder
        Set-Catalog $corp remote @(New-Entry kit -Source @{ source = 'git-subdir'; url = Get-FileUrl $kit; path = 'plugins/kit' })
        Add-PluginMarketplace $corp @at
        (Find-Plugin kit @at | Test-PluginManifest).Diagnostics.RuleId | Should -Be 'PM0203'
    }

    It 'chooses rules by -Rule, -ExcludeRule and -MinimumSeverity' {
        (Test-PluginManifest $bad -Rule 'PM04*').Diagnostics.RuleId | Should -Be 'PM0401'
        (Test-PluginManifest $bad -ExcludeRule PM0203).Diagnostics.RuleId | Should -Be 'PM0401'
        (Test-PluginManifest $bad -MinimumSeverity Error).Diagnostics.RuleId | Should -Be 'PM0203'
        { Test-PluginManifest $bad -Rule PM9999 } | Should -Throw -ErrorId 'SettingsInvalid,*'
    }

    It 'ends with NothingToCheck where nothing was checked: <_>' -ForEach 'folder', 'wildcard', 'pipeline' {
        $none = New-Folder
        $quiet = @{ ErrorAction = 'SilentlyContinue' }
        $check = {
            param($with)
            switch ($_) {
                'folder' { Test-PluginManifest $none -Recurse @with }
                'wildcard' { Test-PluginManifest "$none/x*" -Recurse @with }
                'pipeline' { @() | Test-PluginManifest @with }
            }
        }
        $before = $Error.Count
        & $check $quiet | Should -BeNullOrEmpty
        $Error.Count | Should -Be ($before + 1)
        & $check ($quiet + @{ Quiet = $true }) | Should -BeFalse
        if ($_ -ne 'wildcard') {
            Get-ErrorCode $Error[0] | Should -Be 'NothingToCheck'
            & $check @{ AllowEmpty = $true } | Should -BeNullOrEmpty
            & $check @{ AllowEmpty = $true; Quiet = $true } | Should -BeTrue
            { & $check @{ FailOn = 'Error' } } | Should -Throw -ErrorId 'NothingToCheck,*'
        }
    }

    It 'gives one bool for many plugins with -Quiet, false where one cannot be checked' {
        $two = New-Folder
        $null = New-TestPlugin $two a
        $null = New-TestPlugin $two b
        Test-PluginManifest $two -Recurse -Quiet | Should -Be $true
        '{ "name": 3 }' | Set-Content (Join-Path $two 'plugins/b/.codex-plugin/plugin.json')
        @(Test-PluginManifest $two -Recurse -Quiet) | Should -Be @($false)
        @(Test-PluginManifest (Join-Path $two plugins/a), (Join-Path $two nowhere) -Quiet -ErrorAction SilentlyContinue) | Should -Be @($false)
    }

    It 'writes a baseline with -SaveBaseline that -Settings accepts' {
        $settings = Join-Path (New-Folder) checks.json
        $found = @(Test-PluginManifest $bad -SaveBaseline $settings)
        $found.IsValid | Should -BeFalse
        $again = Test-PluginManifest $bad -Settings $settings
        $again.IsValid | Should -BeTrue
        @($again.Diagnostics | Where-Object IsAccepted).Count | Should -Be $found.Diagnostics.Count
    }

    It 'gives true or false with -Quiet, and counts warnings with -Strict' {
        Test-PluginManifest $bad -Quiet | Should -BeFalse
        Test-PluginManifest $bad -ExcludeRule PM0203 -Quiet | Should -BeTrue
        Test-PluginManifest $bad -ExcludeRule PM0203 -Quiet -Strict | Should -BeFalse
    }

    It 'reads severities, exclusions and accepted findings from a settings file' {
        $print = (Test-PluginManifest $bad -Rule PM0203).Diagnostics.Fingerprint
        $settings = Join-Path (New-Folder) 'settings.json'
        Set-Json $settings @{ severity = @{ PM0401 = 'Information' }; baseline = @($print) }
        $result = Test-PluginManifest $bad -Settings $settings
        $result.IsValid | Should -BeTrue
        $result.WarningCount | Should -Be 0
        ($result.Diagnostics | Where-Object IsAccepted).RuleId | Should -Be 'PM0203'
        'nonsense' | Set-Content $settings
        { Test-PluginManifest $bad -Settings $settings } | Should -Throw -ErrorId 'SettingsInvalid,*'
    }

    It 'fails the pipeline with -FailOn after all results are out' {
        $seen = [System.Collections.Generic.List[object]]::new()
        $paths = @($bad) + @(Get-ChildItem $plugins -Directory | ForEach-Object FullName)
        { $paths | Test-PluginManifest -FailOn Error | ForEach-Object { $seen.Add($_) } } | Should -Throw -ErrorId 'ValidationFailed,*'
        $seen.Count | Should -Be 7
        { Test-PluginManifest $bad -ExcludeRule PM0203 -FailOn Error } | Should -Not -Throw
        { Test-PluginManifest $bad -ExcludeRule PM0203 -FailOn Warning } | Should -Throw -ErrorId 'ValidationFailed,*'
    }

    It 'reports what is not there and goes on' {
        $results = (Join-Path $plugins none), (Join-Path $plugins notes) | Test-PluginManifest -ErrorVariable failed -ErrorAction SilentlyContinue
        $results.Name | Should -Be 'notes'
        Get-ErrorCode $failed[0] | Should -Be 'SourceUnreachable'
        Get-Date | Test-PluginManifest -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorCode $failed[0] | Should -Be 'InputNotAPlugin'
    }

    It 'shows a table of findings that fits' {
        $text = (Test-PluginManifest $bad).Diagnostics | Out-String -Width 100
        $text | Should -Match 'PM0203'
        $text -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        (Test-PluginManifest $bad | Out-String -Width 100) | Should -Match '(?s)^\s*Not valid: Plugin .*\n  Error PM0203 \.codex-plugin[\\/]plugin\.json:'
    }
}
