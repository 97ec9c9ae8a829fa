BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
}

Describe 'Test-PluginMarketplace' {
    It 'tells of each entry that Codex skips, with its name and place' {
        $result = Test-PluginMarketplace $root
        $result.Kind | Should -Be 'Marketplace'
        $result.Name | Should -Be 'corp'
        $result.IsValid | Should -BeFalse
        $skipped = $result.Diagnostics | Where-Object Severity -EQ 'Error'
        $skipped.RuleId | Should -Be 'PM1203'
        $skipped.PluginName | Should -Be 'broken'
        $skipped.JsonPointer | Should -Be '/plugins/6/source'
        (Get-Content $skipped.File)[$skipped.Line - 1] | Should -Match '\.\./outside'
    }

    It 'tells that Codex rejects the whole file for one enum' {
        $other = New-Folder
        $null = New-TestPlugin $other two
        Set-Catalog $other other @(New-Entry one -Installation sometimes; New-Entry two)
        $result = Test-PluginMarketplace $other
        $result.Diagnostics.RuleId | Should -Be 'PM1101'
        $result.Diagnostics.JsonPointer | Should -Be '/plugins/0/policy/installation'
    }

    It 'takes roots, catalog files, names and marketplaces' {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $file = Join-Path $root '.agents/plugins/marketplace.json'
        (Test-PluginMarketplace $file).Path | Should -Be $root
        (Get-Item -Force $file | Test-PluginMarketplace).Path | Should -Be $root
        (Get-Item $root | Test-PluginMarketplace).Path | Should -Be $root
        (Test-PluginMarketplace -LiteralPath $root).Path | Should -Be $root
        (Test-PluginMarketplace -Name 'co*' @at).Name | Should -Be 'corp'
        (Get-PluginMarketplace corp @at | Test-PluginMarketplace).Name | Should -Be 'corp'
    }

    It 'finds marketplaces below with -Recurse' {
        $all = New-Folder
        Set-Catalog (Join-Path $all one) one @(New-Entry a)
        Set-Catalog (Join-Path $all 'deep/two') two @(New-Entry b)
        (Test-PluginMarketplace $all -Recurse).Name | Sort-Object | Should -Be 'one', 'two'
    }

    It 'checks folders always, and repositories with -ResolveSource' {
        $kit = New-Folder
        $null = New-TestPlugin $kit kit
        $first = Save-Repository $kit
        'more' | Set-Content (Join-Path $kit 'plugins/kit/more.txt')
        $null = Save-Repository $kit
        $corp = New-Folder
        $null = New-TestPlugin $corp here
        Set-Catalog $corp corp @(
            New-Entry here
            New-Entry gone
            New-Entry kit -Source @{ source = 'git-subdir'; url = Get-FileUrl $kit; path = 'plugins/kit'; ref = 'main'; sha = $first }
            New-Entry lost -Source @{ source = 'git-subdir'; url = Get-FileUrl $kit; path = 'plugins/lost'; sha = $first }
            New-Entry tagged -Source @{ source = 'url'; url = Get-FileUrl $kit; ref = 'v9' }
            New-Entry away -Source @{ source = 'url'; url = "$(Get-FileUrl $kit)-away"; sha = $first }
        )
        $at = New-TestHome
        (Test-PluginMarketplace $corp -MinimumSeverity Warning -ExcludeRule PM1209).Diagnostics | ForEach-Object { "$($_.PluginName) $($_.RuleId)" } | Should -Be 'gone PM1220'
        $found = (Test-PluginMarketplace $corp -ResolveSource -MinimumSeverity Warning -ExcludeRule PM1209 @at).Diagnostics
        $found | ForEach-Object { "$($_.PluginName) $($_.RuleId)" } | Sort-Object | Should -Be 'away PM1221', 'gone PM1220', 'kit PM1223', 'lost PM1220', 'tagged PM1222'
        Get-ChildItem (Join-Path $at.CodexHome 'plugins/.pluginmarket/staging') -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'fails the pipeline with -FailOn' {
        { Test-PluginMarketplace $root -FailOn Error } | Should -Throw -ErrorId 'ValidationFailed,*'
        Test-PluginMarketplace $root -Quiet | Should -BeFalse
    }

    It 'reports a folder that is not a marketplace' {
        (Test-PluginMarketplace (New-Folder)).Diagnostics.RuleId | Should -Be 'PM0901'
    }
}
